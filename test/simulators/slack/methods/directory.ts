// Who and where: auth.test, users.*, team.info, usergroups.*, apps.connections.open.
import { wireUser } from '../wire.ts';
import { ApiError, isTrue, page, required, type Method } from './method.ts';

const authTest: Method = {
  run(_args, { settings: { team, bot } }) {
    return {
      url: `https://${team.domain}.slack.com/`,
      team: team.name,
      user: bot.name,
      team_id: team.id,
      user_id: bot.userId,
      bot_id: bot.botId,
      is_enterprise_install: false,
    };
  },
};

const usersInfo: Method = {
  scope: 'users:read',
  run(args, { workspace, settings }) {
    const user = workspace.users.get(required(args, 'user'));
    if (user === undefined) throw new ApiError('user_not_found');
    return { user: wireUser(user, settings, isTrue(args, 'include_locale')) };
  },
};

const usersList: Method = {
  scope: 'users:read',
  run(args, { workspace, settings }) {
    const { items, next } = page([...workspace.users.values()], args, { usual: 1000, most: 1000 });
    const members = items.map((user) => wireUser(user, settings, isTrue(args, 'include_locale')));
    return { members, cache_ts: 0, response_metadata: { next_cursor: next } };
  },
};

const teamInfo: Method = {
  scope: 'team:read',
  run(_args, { settings: { team } }) {
    return { team: { id: team.id, name: team.name, domain: team.domain, email_domain: '', icon: {} } };
  },
};

const userGroupUsers: Method = {
  scope: 'usergroups:read',
  run(args, { settings }) {
    const group = settings.userGroups.find(({ id }) => id === required(args, 'usergroup'));
    if (group === undefined) throw new ApiError('no_such_subteam');
    return { users: group.users };
  },
};

const connectionsOpen: Method = {
  token: 'app',
  run(_args, world) {
    return { url: world.sockets.address(world.url) };
  },
};

export const directory: Record<string, Method> = {
  'auth.test': authTest,
  'users.info': usersInfo,
  'users.list': usersList,
  'team.info': teamInfo,
  'usergroups.users.list': userGroupUsers,
  'apps.connections.open': connectionsOpen,
};
