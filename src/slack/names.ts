// Names of people and workspaces, and the bot's direct conversations: asked once, then remembered.
import type { Web, WebDeps } from './ports.ts';
import { createRemembered } from './remembered.ts';
import type { Person } from './reply.ts';
import { safeName } from './text.ts';

/** Names change seldom, and a stale one does no harm. */
const KEPT = { keepMs: 3_600_000, size: 5000 };

export function createNames(deps: WebDeps, call: Web['call']): Pick<Web, 'userName' | 'teamName' | 'directChannel'> {
  const users = createRemembered<string>({ now: deps.now, ...KEPT });
  const teams = createRemembered<string>({ now: deps.now, ...KEPT });
  const channels = createRemembered<string>({ now: deps.now, ...KEPT });

  // https://docs.slack.dev/reference/methods/users.info
  async function askUserName({ teamId, userId }: Person): Promise<string> {
    const { user } = await call({ method: 'users.info', teamId, again: true }, (client) =>
      client.users.info({ user: userId }),
    );
    return safeName(user?.profile?.display_name || user?.real_name || user?.name || userId);
  }

  // https://docs.slack.dev/reference/methods/team.info
  async function askTeamName(teamId: string): Promise<string> {
    const { team } = await call({ method: 'team.info', teamId, again: true }, (client) =>
      client.team.info({ team: teamId }),
    );
    return safeName(team?.name || teamId);
  }

  // https://docs.slack.dev/reference/methods/conversations.open
  async function askDirectChannel({ teamId, userId }: Person): Promise<string> {
    const { channel } = await call({ method: 'conversations.open', teamId, again: true }, (client) =>
      client.conversations.open({ users: userId }),
    );
    if (!channel?.id) throw new Error('conversations.open answered without a channel id');
    return channel.id;
  }

  function orItsId(id: string): (error: unknown) => string {
    return (err) => {
      deps.log.warn({ err, id }, 'Slack did not tell a name');
      return id;
    };
  }

  return {
    userName: async (person) => users(keyOf(person), () => askUserName(person)).catch(orItsId(person.userId)),
    teamName: async (teamId) => teams(teamId, () => askTeamName(teamId)).catch(orItsId(teamId)),
    directChannel: async (person) => channels(keyOf(person), () => askDirectChannel(person)),
  };
}

function keyOf(person: Person): string {
  return `${person.teamId}/${person.userId}`;
}
