// The App Home tab: who you are in the cloud, what waits for somebody, and where to begin. Drawn anew each time it is opened.
import type { HomeView, KnownBlock } from '@slack/types';
import type { Session, Sessions } from '../auth/sessions.ts';
import { runButton } from '../commands/buttons.ts';
import type { ResizeRequest } from '../resize/request.ts';
import type { Resizes } from '../resize/resizes.ts';
import { STATE_WORDS } from '../resize/words.ts';
import { actions, context, divider, header, home, section } from '../slack/blocks.ts';
import type { Person, Reply } from '../slack/reply.ts';
import { code, mention } from '../slack/text.ts';

type Deps = {
  sessions: Pick<Sessions, 'find'>;
  resizes: Pick<Resizes, 'list'>;
  /** e.g. `/ecs` */
  slash: string;
};

const SHOWN = 10;

export function createHome({ sessions, resizes, slash }: Deps): (person: Person) => Promise<Reply> {
  return async (person) => {
    const [session, waiting] = await Promise.all([
      sessions.find(person),
      resizes.list({ teamId: person.teamId, waiting: true, limit: SHOWN * 5 }),
    ]);
    return { kind: 'home', view: homeView({ session, waiting, slash }) };
  };
}

/** Pure. A request names servers and reasons: only members of its project see it. */
export function homeView(seen: { session: Session | null; waiting: ResizeRequest[]; slash: string }): HomeView {
  const { session, waiting, slash } = seen;
  const mine = waiting.filter(({ plan }) => session?.projects.some(({ id }) => id === plan.project.id));
  return home([header('ECS Flight Deck'), ...signInBlocks(session, slash), divider(), ...waitingBlocks(mine)]);
}

function signInBlocks(session: Session | null, slash: string): KnownBlock[] {
  if (!session) {
    return [
      section('You are not signed in to the cloud.'),
      actions([
        runButton({ text: 'Sign in', id: 'login', line: 'login', style: 'primary' }),
        runButton({ text: 'Help', id: 'help', line: 'help' }),
      ]),
      context(`Or type \`${slash} login\` in any channel.`),
    ];
  }
  const project = session.projects.find(({ id }) => id === session.projectId) ?? session.projects[0];
  const where = project ? `, in project ${code(project.name)}` : '';
  return [
    section(`You are signed in as ${code(session.cloudUser.name)}${where}.`),
    actions([
      runButton({ text: 'List servers', id: 'list', line: 'list', style: 'primary' }),
      runButton({ text: 'Requests', id: 'requests', line: 'requests --waiting' }),
      runButton({ text: 'Help', id: 'help', line: 'help' }),
    ]),
    context(`Type \`${slash} help\` in any channel to see everything that can be asked for.`),
  ];
}

function waitingBlocks(waiting: ResizeRequest[]): KnownBlock[] {
  if (waiting.length === 0) return [section('Nothing waits for anybody in your projects.')];
  const more = waiting.length > SHOWN ? [context(`And ${waiting.length - SHOWN} more.`)] : [];
  return [section('*Waiting for somebody*'), ...waiting.slice(0, SHOWN).map(waitingBlock), ...more];
}

function waitingBlock({ id, state, plan, requester, channelId }: ResizeRequest): KnownBlock {
  const change = `${code(plan.from.name)} → ${code(plan.to.name)}`;
  const asked = `asked by ${mention(requester.userId)} in <#${channelId}>`;
  return section(`${code(id)} *${STATE_WORDS[state]}* · ${code(plan.server.name)} ${change} · ${asked}`);
}
