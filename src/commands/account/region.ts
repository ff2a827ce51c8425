// `region`: in which region of the cloud a person works.
import { UserError } from '../../errors.ts';
import { actions, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { hereButton } from '../buttons.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { findNamed } from '../find/named.ts';
import { nameCode, shortName } from '../server/words.ts';

/** Buttons; more regions than this go by name. */
const MOST_BUTTONS = 20;

export const region = defineCommand({
  name: 'region',
  summary: 'Choose the region of the cloud you work in',
  details: 'Without a choice the operator’s default counts.',
  examples: ['region', 'region RegionOne'],
  args: { region: { kind: 'text', positional: true, summary: 'name of the region' } },
  signIn: 'required',
  changes: true,
  asksFirst: (args) => args.region === null,
  shares: false,
  async run(given, ctx) {
    const offered = await ctx.regions();
    if (given.region === null) return regionsReply(offered, ctx);
    if (offered.length === 0)
      throw new UserError('unsupported', 'This cloud has no regions: there is nothing to choose.');
    const named = offered.map((name) => ({ id: name, name }));
    const { name } = findNamed(named, given.region, { one: 'region', list: 'region' });
    await ctx.sessions.chooseRegion(ctx.person, name);
    await ctx.creations.resume(ctx.person);
    return says(`You work in region ${nameCode(name)} now.`);
  },
});

async function regionsReply(offered: readonly string[], ctx: CommandContext): Promise<Reply> {
  // Not the session's: a project may be in one region only.
  const { region: chosen } = await ctx.cloud();
  if (offered.length === 0) return says('This cloud has no regions.');
  const now =
    chosen === null
      ? 'No region is chosen: I take the first that the cloud lists.'
      : `You work in region ${nameCode(chosen)}.`;
  const only = offered.length === 1 ? ' It is the only one for this project.' : '';
  const buttons = offered
    .filter((name) => name !== chosen)
    .slice(0, MOST_BUTTONS)
    .map((name, place) => {
      const label = `Work in region ${shortName(name)}`;
      return hereButton({ id: `region${place}`, text: shortName(name), label, line: ctx.again({ region: name }) });
    });
  const text = `${now}${only}`;
  const more = buttons.length > 0 ? [actions(buttons)] : [];
  return { kind: 'message', audience: 'person', text, blocks: [section(text), ...more] };
}

function says(text: string): Reply {
  return { kind: 'message', audience: 'person', text, blocks: [section(text)] };
}
