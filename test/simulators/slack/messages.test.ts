// Posting, editing and reading messages through the Web API, and every refusal on the way.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SlackSimulator } from './simulator.ts';
import {
  ALICE,
  ALL_SCOPES,
  BOB,
  button,
  clientFor,
  LOUNGE,
  OLD,
  openWorkspace,
  post,
  OPS,
  refusalOf,
  SECRET,
  section,
  TOKEN,
  type TestWorkspace,
} from './test-workspace.ts';

let world: TestWorkspace;
beforeEach(async () => {
  world = await openWorkspace();
});
afterEach(() => world.close());

const long = (length: number) => 'x'.repeat(length);

describe('who may call', () => {
  test('no token, a wrong one, a token of another kind', async () => {
    const bare = await fetch(`${world.slack.apiUrl}auth.test`, { method: 'POST' });
    expect(await bare.json()).toMatchObject({ ok: false, error: 'not_authed' });
    expect(await refusalOf(clientFor(world.slack, 'xoxb-wrong').auth.test())).toBe('invalid_auth');
    expect(await refusalOf(world.client.apps.connections.open())).toBe('not_allowed_token_type');
  });

  test('auth.test names the workspace and the bot', async () => {
    expect(await world.client.auth.test()).toMatchObject({ team_id: 'T0TEAM', user_id: 'U0BOT', bot_id: 'B0BOT' });
  });

  test('a missing scope is told with what is needed and what is there', async () => {
    const other = await openWorkspace({ scopes: ['commands'] });
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ channel: OPS, text: 'x' });
    const answer = await fetch(`${other.slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body });
    expect(answer.headers.get('x-oauth-scopes')).toBe('commands');
    expect(await answer.json()).toEqual({
      ok: false,
      error: 'missing_scope',
      needed: 'chat:write',
      provided: 'commands',
    });
    await other.close();
  });

  test('the scope follows the kind of the channel', async () => {
    const other = await openWorkspace({ scopes: ['channels:read'] });
    expect(await refusalOf(other.client.conversations.info({ channel: OPS }))).toBe('accepted');
    expect(await refusalOf(other.client.conversations.info({ channel: SECRET }))).toBe('missing_scope');
    expect(await refusalOf(other.client.conversations.list({ types: 'public_channel,private_channel' }))).toBe(
      'missing_scope',
    );
    await other.close();
  });

  test('after the uninstall every call says so', async () => {
    await world.slack.uninstall();
    expect(await refusalOf(world.client.auth.test())).toBe('token_revoked');
  });

  test('an unknown method and a token inside JSON', async () => {
    expect(await refusalOf(world.client.apiCall('chat.shout'))).toBe('unknown_method');
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ token: TOKEN });
    const answer = await fetch(`${world.slack.apiUrl}auth.test`, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ error: 'not_authed' });
    expect(world.slack.calls.at(-1)?.args).toEqual({});
  });
});

test('the token can do what the manifest asks for, and no more', async () => {
  const users = [{ id: ALICE, name: 'alice', realName: 'Alice', timeZone: 'Etc/UTC', isBot: false }];
  const channels = [{ id: OPS, name: 'ops', kind: 'channel' as const, members: [ALICE, 'U0BOT'] }];
  const slack = await SlackSimulator.start({ botToken: TOKEN, signingSecret: 's', users, channels, commands: [] });
  const client = clientFor(slack);
  expect(await refusalOf(post({ client }, { channel: OPS, text: 'x' }))).toBe('accepted');
  expect(await refusalOf(client.conversations.join({ channel: OPS }))).toBe('missing_scope');
  await slack.close();
});

describe('posting', () => {
  test('a message arrives, with names for unnamed blocks, and is read back', async () => {
    const { ts } = await post(world, { channel: OPS, text: 'hello', blocks: [section('hello')] });
    const [message] = world.slack.view(BOB).messages[OPS] ?? [];
    expect(message).toMatchObject({ ts, from: 'U0BOT', text: 'hello', ephemeralFor: null });
    expect(message?.blocks[0]?.block_id).toMatch(/^\w+$/);
    const { messages } = await world.client.conversations.history({ channel: OPS });
    expect(messages).toMatchObject([{ ts, text: 'hello', bot_id: 'B0BOT' }]);
  });

  test.each([
    ['an unknown channel', { channel: 'C0NOWHERE', text: 'x' }, 'channel_not_found'],
    ['a private channel without the bot', { channel: SECRET, text: 'x' }, 'channel_not_found'],
    ['a public channel without the bot', { channel: LOUNGE, text: 'x' }, 'not_in_channel'],
    ['an archived channel', { channel: OLD, text: 'x' }, 'is_archived'],
    ['no content', { channel: OPS, text: '' }, 'no_text'],
    ['bad blocks', { channel: OPS, text: 'x', blocks: [section('')] }, 'invalid_blocks'],
    ['blocks that are no list', { channel: OPS, text: 'x', blocks: 'nope' }, 'invalid_blocks_format'],
    [
      'too many characters in blocks',
      { channel: OPS, text: 'x', blocks: Array.from({ length: 5 }, () => section(long(2700))) },
      'msg_blocks_too_long',
    ],
    ['a thread that is not there', { channel: OPS, text: 'x', thread_ts: '1.000001' }, 'thread_not_found'],
    ['metadata without type', { channel: OPS, text: 'x', metadata: { event_payload: {} } }, 'invalid_metadata_schema'],
    [
      'attachments, which nobody would see here',
      { channel: OPS, text: 'x', attachments: [{ text: 'x' }] },
      'invalid_attachments',
    ],
  ])('%s is refused', async (_what, args, error) => {
    expect(await refusalOf(world.client.apiCall('chat.postMessage', args))).toBe(error);
    expect(world.slack.messages(OPS)).toEqual([]);
    expect(world.slack.refusals).toMatchObject([{ where: 'chat.postMessage', error }]);
  });

  test('chat:write.public lets the bot post where it is no member', async () => {
    const other = await openWorkspace({ scopes: [...ALL_SCOPES, 'chat:write.public'] });
    expect(await refusalOf(post(other, { channel: LOUNGE, text: 'x' }))).toBe('accepted');
    expect(await refusalOf(post(other, { channel: SECRET, text: 'x' }))).toBe('channel_not_found');
    await other.close();
  });

  test('the pointer of a bad block is told', async () => {
    const blocks = [section('fine'), section(long(3001))];
    const refused = post(world, { channel: OPS, text: 'x', blocks });
    await expect(refused).rejects.toMatchObject({
      data: {
        response_metadata: {
          messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]'],
        },
      },
    });
  });

  test('text above 40,000 characters is cut', async () => {
    await post(world, { channel: OPS, text: long(40_001) });
    expect(world.slack.messages(OPS)[0]?.text).toHaveLength(40_000);
  });

  test('a user id as channel reaches that person alone', async () => {
    const { channel } = await post(world, { channel: ALICE, text: 'psst' });
    expect(world.slack.view(ALICE).messages[channel ?? '']).toMatchObject([{ text: 'psst' }]);
    expect(world.slack.view(BOB).messages[channel ?? '']).toBeUndefined();
  });

  test('times are unique and grow even when the clock stands still', async () => {
    const sent = await Promise.all([1, 2, 3].map(() => post(world, { channel: OPS, text: 'x' })));
    const times = sent.map(({ ts }) => ts);
    expect(new Set(times).size).toBe(3);
    expect(world.slack.messages(OPS).map(({ ts }) => ts)).toEqual(times.toSorted());
  });
});

describe('threads and metadata', () => {
  test('replies stay out of the channel unless broadcast, and the parent counts them', async () => {
    const { ts } = await post(world, { channel: OPS, text: 'card' });
    const thread_ts = ts ?? '';
    await post(world, { channel: OPS, text: 'log', thread_ts });
    await post(world, { channel: OPS, text: 'done', thread_ts, reply_broadcast: true });
    const { messages: channel } = await world.client.conversations.history({ channel: OPS });
    expect(channel?.map(({ text }) => text)).toEqual(['done', 'card']);
    expect(channel?.[1]).toMatchObject({ reply_count: 2 });
    const { messages: thread } = await world.client.conversations.replies({ channel: OPS, ts: thread_ts });
    expect(thread?.map(({ text }) => text)).toEqual(['card', 'log', 'done']);
    expect(world.slack.messages(OPS)[2]).toMatchObject({ threadTs: thread_ts, broadcast: true });
  });

  test('metadata comes back only when asked for', async () => {
    const metadata = { event_type: 'card', event_payload: { id: 'R-7KQ2' } };
    await post(world, { channel: OPS, text: 'x', metadata });
    const plain = await world.client.conversations.history({ channel: OPS });
    const full = await world.client.conversations.history({ channel: OPS, include_all_metadata: true });
    expect(plain.messages?.[0]).not.toHaveProperty('metadata');
    expect(full.messages?.[0]).toMatchObject({ metadata });
  });

  test('history comes in pages, newest first, between two times', async () => {
    for (const text of ['one', 'two', 'three']) await post(world, { channel: OPS, text });
    const first = await world.client.conversations.history({ channel: OPS, limit: 2 });
    expect(first).toMatchObject({ has_more: true, messages: [{ text: 'three' }, { text: 'two' }] });
    const cursor = first.response_metadata?.next_cursor ?? '';
    expect(await world.client.conversations.history({ channel: OPS, limit: 2, cursor })).toMatchObject({
      has_more: false,
      messages: [{ text: 'one' }],
    });
    const oldest = world.slack.messages(OPS)[0]?.ts ?? '';
    const after = await world.client.conversations.history({ channel: OPS, oldest });
    expect(after.messages).toHaveLength(2);
    expect(await refusalOf(world.client.conversations.history({ channel: OPS, cursor: 'nonsense' }))).toBe(
      'invalid_cursor',
    );
  });
});

describe('editing', () => {
  test('text without blocks takes the blocks away; blocks alone keep the text', async () => {
    const { ts = '' } = await post(world, { channel: OPS, text: 'a', blocks: [section('a')] });
    await world.client.chat.update({ channel: OPS, ts, blocks: [section('b')], text: 'b' });
    expect(world.slack.messages(OPS)[0]).toMatchObject({ text: 'b', editedAt: null });
    await world.client.chat.update({ channel: OPS, ts, text: 'c' });
    expect(world.slack.messages(OPS)[0]).toMatchObject({ text: 'c', blocks: [], editedAt: world.clock.now });
  });

  test('only 4,000 characters, only what is there, only its own', async () => {
    const { ts = '' } = await post(world, { channel: OPS, text: 'a' });
    const update = (args: { ts: string; text: string }) =>
      refusalOf(world.client.chat.update({ channel: OPS, ...args }));
    expect(await update({ ts, text: long(4000) })).toBe('accepted');
    expect(await update({ ts, text: long(4001) })).toBe('msg_too_long');
    expect(await update({ ts: '1.000001', text: 'x' })).toBe('message_not_found');
    await world.slack.say(ALICE, OPS, 'mine');
    const mine = world.slack.messages(OPS).at(-1)?.ts ?? '';
    expect(await update({ ts: mine, text: 'x' })).toBe('cant_update_message');
    expect(await refusalOf(world.client.chat.delete({ channel: OPS, ts: mine }))).toBe('cant_delete_message');
  });

  test('a deleted message is gone', async () => {
    const { ts = '' } = await post(world, { channel: OPS, text: 'a' });
    await world.client.chat.delete({ channel: OPS, ts });
    expect(world.slack.messages(OPS)).toEqual([]);
  });

  test('a permalink names the message', async () => {
    const { ts = '' } = await post(world, { channel: OPS, text: 'a' });
    const { permalink } = await world.client.chat.getPermalink({ channel: OPS, message_ts: ts });
    expect(permalink).toBe(`https://example.slack.com/archives/${OPS}/p${ts.replace('.', '')}`);
  });
});

describe('ephemeral messages', () => {
  test('only their person sees them, and no API call reaches them', async () => {
    const { message_ts: ts = '' } = await world.client.chat.postEphemeral({
      channel: OPS,
      user: ALICE,
      text: 'you only',
    });
    expect(world.slack.view(ALICE).messages[OPS]).toMatchObject([{ text: 'you only', ephemeralFor: ALICE }]);
    expect(world.slack.view(BOB).messages[OPS]).toEqual([]);
    expect((await world.client.conversations.history({ channel: OPS })).messages).toEqual([]);
    expect(await refusalOf(world.client.chat.update({ channel: OPS, ts, text: 'x' }))).toBe('message_not_found');
    expect(await refusalOf(world.client.chat.delete({ channel: OPS, ts }))).toBe('message_not_found');
  });

  test('their person must be in the channel, and a stranger cannot click them', async () => {
    expect(await refusalOf(world.client.chat.postEphemeral({ channel: OPS, user: 'U0GONE', text: 'x' }))).toBe(
      'user_not_in_channel',
    );
    const blocks = [button('go', '1')];
    const { message_ts: ts = '' } = await world.client.chat.postEphemeral({
      channel: OPS,
      user: ALICE,
      text: 'x',
      blocks,
    });
    await expect(world.slack.click(BOB, { channel: OPS, ts }, { actionId: 'go' })).rejects.toThrow('sees no message');
  });
});

describe('people and channels', () => {
  test('a direct conversation is opened with people only', async () => {
    expect(await world.client.conversations.open({ users: ALICE })).toMatchObject({
      channel: { id: world.slack.dm(ALICE) },
    });
    expect(await refusalOf(world.client.conversations.open({ users: 'U0NOBODY' }))).toBe('user_not_found');
    expect(await refusalOf(world.client.conversations.open({ users: 'U0GONE' }))).toBe('user_disabled');
    expect(await refusalOf(world.client.conversations.open({ users: 'U0BOT' }))).toBe('cannot_dm_bot');
    expect(await refusalOf(world.client.apiCall('conversations.open'))).toBe('users_list_not_supplied');
  });

  test('an address is told only to those who may know it', async () => {
    const { user } = await world.client.users.info({ user: ALICE });
    expect(user).toMatchObject({ tz: 'Europe/Berlin', tz_offset: 3600, deleted: false });
    expect(user?.profile?.email).toBeUndefined();
    const other = await openWorkspace({ scopes: ['users:read', 'users:read.email'] });
    expect((await other.client.users.info({ user: ALICE })).user?.profile?.email).toBe('alice@example.com');
    expect((await other.client.users.info({ user: BOB })).user?.profile?.email).toBeUndefined();
    expect(await refusalOf(other.client.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
    await other.close();
  });

  test('guests and strangers are marked', async () => {
    const other = await openWorkspace({
      users: [
        { id: ALICE, name: 'alice', realName: 'Alice', timeZone: 'Etc/UTC', isBot: false, guest: 'single_channel' },
        {
          id: BOB,
          name: 'bob',
          realName: 'Bob',
          timeZone: 'Etc/UTC',
          isBot: false,
          teamId: 'T0OTHER',
          email: 'b@other',
        },
      ],
    });
    const { members } = await other.client.users.list({ include_locale: true });
    expect(members).toMatchObject([
      { is_restricted: true, is_ultra_restricted: true, locale: 'en-US' },
      { team_id: 'T0OTHER', is_stranger: true },
      { is_bot: true },
    ]);
    expect(members?.[1]).not.toHaveProperty('locale');
    await other.close();
  });

  test('private channels without the bot are not listed; members and joining work', async () => {
    const { channels } = await world.client.conversations.list({
      types: 'public_channel,private_channel',
      exclude_archived: true,
    });
    expect(channels?.map(({ id }) => id)).toEqual([OPS, LOUNGE]);
    expect((await world.client.conversations.members({ channel: OPS })).members).toContain(BOB);
    expect(await refusalOf(world.client.conversations.join({ channel: LOUNGE }))).toBe('missing_scope');
    const other = await openWorkspace({ scopes: [...ALL_SCOPES, 'channels:join'] });
    await other.client.conversations.join({ channel: LOUNGE });
    expect(await refusalOf(post(other, { channel: LOUNGE, text: 'x' }))).toBe('accepted');
    await other.close();
  });

  test('a user group names its people', async () => {
    const other = await openWorkspace({
      scopes: ['usergroups:read'],
      userGroups: [{ id: 'S0OPS', handle: 'ops', users: [BOB] }],
    });
    expect((await other.client.usergroups.users.list({ usergroup: 'S0OPS' })).users).toEqual([BOB]);
    expect(await refusalOf(other.client.usergroups.users.list({ usergroup: 'S0NONE' }))).toBe('no_such_subteam');
    await other.close();
  });
});

test('what was called is kept without the token', async () => {
  await post(world, { channel: OPS, text: 'hello', blocks: [section('hello')] });
  expect(world.slack.calls).toEqual([
    {
      method: 'chat.postMessage',
      at: world.clock.now,
      error: '',
      args: { channel: OPS, text: 'hello', blocks: [section('hello')] },
    },
  ]);
  expect(world.slack.connections).toBe(1);
});

test('blocks.validate judges without a token, one thing at a time', async () => {
  const ask = async (body: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${world.slack.apiUrl}blocks.validate`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return answer.json();
  };
  expect(await ask({ blocks: [section('x')] })).toEqual({ ok: true });
  expect(await ask({ blocks: [section('')] })).toMatchObject({
    error: 'invalid_blocks',
    errors: [{ pointer: '/0/text/text' }],
  });
  expect(await ask({ message: { blocks: [section('')] } })).toMatchObject({
    error: 'invalid_message',
    errors: [{ pointer: '/blocks/0/text/text' }],
  });
  expect(await ask({ view: { type: 'home' } })).toMatchObject({
    error: 'invalid_view',
    errors: [{ code: 'missing_field', field: 'blocks' }],
  });
  expect(await ask({})).toMatchObject({ error: 'invalid_arguments' });
  expect(await ask({ blocks: [], view: {} })).toMatchObject({ error: 'invalid_arguments' });
});
