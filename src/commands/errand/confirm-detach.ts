// Asks once more before a disk or NIC is taken off a server; nothing is done yet.
import { actions, section } from '../../slack/blocks.ts';
import { truncate } from '../../slack/limits.ts';
import type { Reply } from '../../slack/reply.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import { hereButton } from '../buttons.ts';
import type { CommandContext } from '../context.ts';
import type { Order } from './order.ts';
import { nameCode, shortName } from '../server/words.ts';

const WARNINGS = {
  disk: 'Unmount it inside the server first: what is not written to it yet is lost.',
  nic: 'Whoever is connected through it is cut off.',
};

type Asking = {
  thing: keyof typeof WARNINGS;
  ctx: Pick<CommandContext, 'project'>;
  /** Does it without asking again. */
  line: string;
  more?: string;
};

export async function confirmDetach({ title }: Order, { thing, ctx, line, more }: Asking): Promise<Reply> {
  const project = shortName((await ctx.project()).name);
  const warning = [WARNINGS[thing], more].filter((part) => part !== undefined).join(' ');
  const text = `${escapeMrkdwn(title)} in project ${nameCode(project)}? ${escapeMrkdwn(warning)}`;
  const button = hereButton({
    id: 'yes',
    text: 'Detach it',
    label: title,
    style: 'danger',
    line,
    confirm: {
      title: 'Detach it?',
      text: truncate(`${title} in project ${project}: ${warning}`, 280),
      confirm: 'Detach',
      style: 'danger',
    },
  });
  return { kind: 'message', audience: 'person', text, blocks: [section(text), actions([button])] };
}
