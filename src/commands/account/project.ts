// `project`: in which project a person works, and which one a channel is about.
import type { Project, Session } from '../../auth/sessions.ts';
import { UserError } from '../../errors.ts';
import { actions, context, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { code, mention } from '../../slack/text.ts';
import { hereButton, MENU_CHOICES } from '../buttons.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { nearest } from '../grammar/nearest.ts';
import { projectMenu } from './project-menu.ts';
import { nameCode, shortName } from '../server/words.ts';

const MOST_PICKS = 8;

export const project = defineCommand({
  name: 'project',
  summary: 'Choose the project you work in, or the one this channel is about',
  details:
    'A channel’s project goes before your own choice, for everybody who is a member of it. `--channel --forget` takes it away again.',
  examples: ['project', 'project ops', 'project ops --channel'],
  args: {
    project: { kind: 'text', positional: true, summary: 'name or id of the project' },
    channel: { kind: 'boolean', summary: 'for everybody in this channel' },
    forget: { kind: 'boolean', summary: 'with --channel: no project for this channel any more' },
  },
  signIn: 'required',
  changes: true,
  asksFirst: (args) => args.project === null && !args.forget,
  shares: false,
  async run(args, ctx) {
    if (args.forget) return forgetForChannel(ctx);
    const session = await ctx.session();
    if (args.project === null) return projectReply(session, ctx);
    const found = findProjects(session, args.project);
    const [only] = found;
    if (!only || found.length > 1) return pickList(found, { wanted: args.project, ctx });
    return args.channel ? setForChannel(only, ctx) : choose(only, ctx);
  },
});

/** By id, exact name, or name in another case: at least one. Throws UserError `not_found` with the nearest names. */
function findProjects({ projects }: Session, wanted: string): Project[] {
  const same = (name: string) => name.toLowerCase() === wanted.toLowerCase();
  const ways = [
    projects.filter(({ id }) => id === wanted),
    projects.filter(({ name }) => name === wanted),
    projects.filter(({ name }) => same(name)),
  ];
  const found = ways.find((matches) => matches.length > 0);
  if (found) return found;
  const close = nearest(
    wanted,
    projects.map(({ name }) => name),
    3,
  );
  const hint = close.length > 0 ? `Near it: ${close.map(shortName).join(', ')}.` : '“project” lists the ones you have.';
  throw new UserError('not_found', `You have no project ${shortName(wanted)}. ${hint}`);
}

async function choose({ id, name }: Project, ctx: CommandContext): Promise<Reply> {
  const here = await ctx.project().catch(() => null);
  await ctx.sessions.chooseProject(ctx.person, id);
  const text = `You work in project ${nameCode(name)} now.`;
  const channelHasOwn = here !== null && here.id !== id && (await channelProject(ctx)) === here.id;
  const note = channelHasOwn
    ? [context(`This channel has its own project, ${nameCode(here.name)}, which goes first.`)]
    : [];
  return { kind: 'message', audience: 'person', text, blocks: [section(text), ...note] };
}

async function setForChannel({ id, name }: Project, ctx: CommandContext): Promise<Reply> {
  const channelId = requireChannel(ctx);
  await ctx.channelProjects.set(ctx.person.teamId, channelId, id);
  const text = `${mention(ctx.person.userId)} chose project ${nameCode(name)} for this channel: commands typed here work in it, for everybody who is a member of it.`;
  return { kind: 'message', audience: 'channel', text, blocks: [section(text)] };
}

async function forgetForChannel(ctx: CommandContext): Promise<Reply> {
  await ctx.channelProjects.set(ctx.person.teamId, requireChannel(ctx), null);
  const text = `${mention(ctx.person.userId)} took this channel's project away: everybody works in their own again.`;
  return { kind: 'message', audience: 'channel', text, blocks: [section(text)] };
}

function requireChannel({ channelId }: CommandContext): string {
  if (channelId === null)
    throw new UserError('bad_usage', 'There is no channel here: type it in the channel you mean.');
  return channelId;
}

async function channelProject({ channelProjects, channelId, person }: CommandContext): Promise<string | null> {
  return channelId === null ? null : channelProjects.get(person.teamId, channelId);
}

async function projectReply(session: Session, ctx: CommandContext): Promise<Reply> {
  const here = await ctx.project().catch(() => null);
  const text = here ? `You work in project ${nameCode(here.name)} here.` : 'No project is chosen yet.';
  const menu = projectMenu(session.projects);
  if (!menu) return { kind: 'message', audience: 'person', text: 'You have a role in no project.' };
  const { length } = session.projects;
  const more = length > MENU_CHOICES ? ` The menu has ${MENU_CHOICES} of them; the others go by name.` : '';
  const count = length === 1 ? 'It is the only one you have.' : `You have ${length}.${more}`;
  return { kind: 'message', audience: 'person', text, blocks: [section(`${text} ${count}`), actions([menu])] };
}

function pickList(found: Project[], { wanted, ctx }: { wanted: string; ctx: CommandContext }): Reply {
  const text = `${found.length} projects are called ${nameCode(wanted)}: which one?`;
  const picks = found.slice(0, MOST_PICKS).map(({ id, domainName }, place) => {
    const line = ctx.again({ project: id });
    const accessory = hereButton({ id: `pick${place}`, text: 'This one', label: `Choose the project ${id}`, line });
    return section(`${domainName === null ? '' : `in domain ${nameCode(domainName)}, `}id ${code(id)}`, { accessory });
  });
  return { kind: 'message', audience: 'person', text, blocks: [section(text), ...picks] };
}
