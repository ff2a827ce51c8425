// The buttons on an errand's card: they carry its id, and everything is read again.
import type { Action, Click } from '../command.ts';
import type { CommandContext } from '../context.ts';

/** Who may is decided by the cloud, which is called with the clicker's own token. */
export const errandActions: Readonly<Record<string, Action>> = {
  'errand:undo': decides('undo'),
  'errand:remove': decides('remove'),
};

function decides(kind: 'undo' | 'remove'): Action {
  return {
    changes: true,
    async run({ value }: Click, ctx: CommandContext) {
      await ctx.errands.decide(value, { kind, by: ctx.person });
      return { kind: 'none' };
    },
  };
}
