// How commands, clicks and events reach the app, and what becomes of its answers.
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ALICE,
  BOB,
  button,
  openWorkspace,
  post,
  OPS,
  section,
  SIGNING_SECRET,
  type TestWorkspace,
} from './test-workspace.ts';

let world: TestWorkspace;
beforeEach(async () => {
  world = await openWorkspace({ events: ['app_home_opened', 'message.channels', 'app_mention'] });
});
afterEach(() => world.close());

describe('a slash command', () => {
  test('is a signed bare form', async () => {
    await world.slack.say(ALICE, OPS, '/ecs list --name web');
    const { headers, raw } = world.app.received[0] ?? { headers: {}, raw: '' };
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    const timestamp = String(Math.floor(world.clock.now / 1000));
    const digest = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${raw}`).digest('hex');
    expect(headers).toMatchObject({ 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` });
    expect(Object.fromEntries(world.app.lastCommand())).toMatchObject({
      command: '/ecs',
      text: 'list --name web',
      user_id: ALICE,
      channel_id: OPS,
      channel_name: 'ops',
      team_id: 'T0TEAM',
      is_enterprise_install: 'false',
    });
  });

  test('has its mentions and links escaped, or only its entities', async () => {
    await world.slack.say(ALICE, OPS, '/ecs ask @bob in #ops or #secret about https://example.com/a & <b> @nobody');
    expect(world.app.lastCommand().get('text')).toBe(
      'ask <@U0BOB|bob> in <#C0OPS|ops> or <#C0SECRET|> about <https://example.com/a> &amp; &lt;b&gt; @nobody',
    );
    const other = await openWorkspace({ escape: false });
    await other.slack.say(ALICE, OPS, '/ecs ask @bob & co');
    expect(other.app.lastCommand().get('text')).toBe('ask @bob &amp; co');
    await other.close();
  });

  test('not known, or typed into a thread, reaches nobody', async () => {
    expect(await world.slack.say(ALICE, OPS, '/nope')).toEqual({ ok: false, error: 'unknown_command' });
    const { ts = '' } = await post(world, { channel: OPS, text: 'x' });
    expect(await world.slack.reply(ALICE, { channel: OPS, ts }, '/ecs')).toEqual({
      ok: false,
      error: 'command_not_in_thread',
    });
    expect(world.app.received).toEqual([]);
  });

  test('answered late is a timeout, and the late answer is thrown away', async () => {
    const hasty = await openWorkspace({ ackLimitMs: 20 });
    let answerNow = (_late: { body: string }): void => {};
    hasty.app.answer = () => new Promise((resolve) => (answerNow = resolve));
    expect(await hasty.slack.say(ALICE, OPS, '/ecs')).toEqual({ ok: false, error: 'operation_timeout' });
    answerNow({ body: 'too late' });
    await hasty.slack.waitFor(() => hasty.slack.deliveries[0]?.status === null, 'no answer to count');
    expect(hasty.slack.messages(OPS)).toEqual([]);
    await hasty.close();
  });

  test('refused or unreachable has failed', async () => {
    world.app.answer = () => ({ status: 500 });
    expect(await world.slack.say(ALICE, OPS, '/ecs')).toEqual({ ok: false, error: 'dispatch_failed' });
    world.slack.connectApp('http://127.0.0.1:1/slack/events');
    expect(await world.slack.say(ALICE, OPS, '/ecs')).toEqual({ ok: false, error: 'dispatch_failed' });
    expect(world.slack.deliveries.map(({ status }) => status)).toEqual([500, 0]);
  });

  test('is answered in the ack: privately by default, publicly with what was typed', async () => {
    world.app.answer = () => ({ body: 'just text' });
    await world.slack.say(ALICE, OPS, '/ecs');
    expect(world.slack.messages(OPS)).toMatchObject([{ text: 'just text', ephemeralFor: ALICE }]);
    world.app.answer = () => ({
      body: JSON.stringify({ response_type: 'in_channel', text: 'for all', blocks: [section('x')] }),
    });
    await world.slack.say(ALICE, OPS, '/ecs list');
    expect(world.slack.view(BOB).messages[OPS]).toMatchObject([
      { from: ALICE, text: '/ecs list' },
      { text: 'for all' },
    ]);
  });

  test('with blocks in the ack that Slack would refuse has failed', async () => {
    world.app.answer = () => ({ body: JSON.stringify({ text: 'x', blocks: [section('')] }) });
    expect(await world.slack.say(ALICE, OPS, '/ecs')).toEqual({ ok: false, error: 'invalid_response' });
    expect(world.slack.refusals).toMatchObject([{ where: 'ack of a command', error: 'invalid_blocks' }]);
  });
});

describe('a click', () => {
  async function card(): Promise<{ channel: string; ts: string }> {
    const { ts = '' } = await post(world, {
      channel: OPS,
      text: 'card',
      blocks: [button('approve', 'R-1')],
    });
    return { channel: OPS, ts };
  }

  test('tells who, where, what and the message', async () => {
    const place = await card();
    expect(await world.slack.click(BOB, place, { actionId: 'approve' })).toEqual({ ok: true });
    expect(world.app.lastPayload()).toMatchObject({
      type: 'block_actions',
      user: { id: BOB, team_id: 'T0TEAM' },
      container: { type: 'message', message_ts: place.ts, channel_id: OPS, is_ephemeral: false },
      channel: { id: OPS },
      message: { ts: place.ts, text: 'card' },
      actions: [{ action_id: 'approve', block_id: 'block-approve', type: 'button', value: 'R-1' }],
    });
  });

  test('on an ephemeral message does not carry the message', async () => {
    const blocks = [button('go', '1')];
    const { message_ts: ts = '' } = await world.client.chat.postEphemeral({
      channel: OPS,
      user: ALICE,
      text: 'x',
      blocks,
    });
    await world.slack.click(ALICE, { channel: OPS, ts }, { actionId: 'go' });
    expect(world.app.lastPayload()).toMatchObject({ container: { is_ephemeral: true, message_ts: ts } });
    expect(world.app.lastPayload()).not.toHaveProperty('message');
  });

  test('on what is not there is impossible', async () => {
    const place = await card();
    await expect(world.slack.click(BOB, place, { actionId: 'deny' })).rejects.toThrow(
      'no element deny here, only: approve',
    );
    await world.client.chat.update({ ...place, text: 'done' });
    await expect(world.slack.click(BOB, place, { actionId: 'approve' })).rejects.toThrow('only: none');
    await expect(world.slack.click(BOB, { channel: OPS, ts: '1.1' }, { actionId: 'go' })).rejects.toThrow(
      'sees no message',
    );
  });

  test('delivered twice is the same bytes twice', async () => {
    const place = await card();
    world.slack.faults.duplicateDeliveries = true;
    await world.slack.click(BOB, place, { actionId: 'approve' });
    const [first, second] = await world.slack.waitFor(
      () => world.app.received.length === 2 && world.app.received,
      'both deliveries',
    );
    expect(second?.raw).toBe(first?.raw);
  });

  test('can overtake a delayed command', async () => {
    const place = await card();
    world.slack.faults.deliveryDelayMs = (kind) => (kind === 'command' ? 30 : 0);
    const command = world.slack.say(ALICE, OPS, '/ecs');
    await world.slack.click(BOB, place, { actionId: 'approve' });
    await command;
    expect(world.slack.deliveries.map(({ kind }) => kind)).toEqual(['interaction', 'command']);
  });
});

describe('an event', () => {
  const events = () => world.app.received.map(({ raw, headers }) => ({ body: JSON.parse(raw), headers }));

  test('is repeated at once, after a minute and after five, with the same id', async () => {
    world.app.answer = () => ({ status: 500 });
    const alices = () => events().filter(({ body }) => body.event.user === ALICE);
    await world.slack.openHome(ALICE);
    await world.slack.waitFor(() => alices().length === 2, 'the retry at once');
    world.clock.now += 60_000;
    await world.slack.waitFor(() => alices().length === 3, 'the retry after a minute');
    world.clock.now += 299_999;
    await world.slack.openHome(BOB);
    expect(alices()).toHaveLength(3);
    world.clock.now += 1;
    await world.slack.waitFor(() => alices().length === 4, 'the last retry');
    expect(new Set(alices().map(({ body }) => body.event_id)).size).toBe(1);
    expect(alices().map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3']);
    expect(alices()[1]?.headers['x-slack-retry-reason']).toBe('http_error');
    expect(alices()[0]?.headers['content-type']).toBe('application/json');
  });

  test('not answered in time is repeated for that reason', async () => {
    const hasty = await openWorkspace({ ackLimitMs: 20 });
    hasty.app.answer = () => new Promise<never>(() => {});
    await hasty.slack.openHome(ALICE);
    const repeated = () => hasty.app.received[1]?.headers['x-slack-retry-reason'];
    expect(await hasty.slack.waitFor(repeated, 'the retry')).toBe('http_timeout');
    await hasty.close();
  });

  test('is not repeated when the app asks for that, or has taken it', async () => {
    const noRetry = { status: 500, headers: { 'x-slack-no-retry': '1' } };
    world.app.answer = ({ headers, raw }) => {
      if (headers['x-slack-retry-num'] !== undefined) return {};
      return JSON.parse(raw).event.user === ALICE ? noRetry : { status: 500 };
    };
    await world.slack.openHome(ALICE);
    await world.slack.openHome(BOB);
    await world.slack.waitFor(() => events().length === 3, "the retry of Bob's event");
    world.clock.now += 600_000;
    await world.slack.openHome(BOB);
    await world.slack.waitFor(() => events().length === 5, "the retry of Bob's next event");
    expect(events().map(({ body }) => body.event.user)).toEqual([ALICE, BOB, BOB, BOB, BOB]);
  });

  test('tells of messages and mentions where the bot is, if subscribed', async () => {
    await world.slack.say(ALICE, OPS, 'good morning');
    expect(events()).toMatchObject([
      { body: { event: { type: 'message', channel: OPS, user: ALICE, text: 'good morning' } } },
    ]);
    await world.slack.say(ALICE, 'C0LOUNGE', 'nobody listens');
    expect(events()).toHaveLength(1);
    const deaf = await openWorkspace({ readOnlyDm: false });
    await deaf.slack.say(ALICE, deaf.slack.dm(ALICE), 'not subscribed');
    expect(deaf.slack.messages(deaf.slack.dm(ALICE))).toMatchObject([{ text: 'not subscribed' }]);
    expect(deaf.app.received).toEqual([]);
    await deaf.close();
  });
});

describe('the set-up', () => {
  test('ssl_check comes unsigned, the challenge signed', async () => {
    expect(await world.slack.sslCheck()).toBe(200);
    expect(world.app.received[0]?.headers['x-slack-signature']).toBeUndefined();
    expect(await world.slack.verifyRequestUrl()).toBe(false);
    world.app.answer = ({ raw }) => ({ body: JSON.parse(raw).challenge });
    expect(await world.slack.verifyRequestUrl()).toBe(true);
  });

  test('an uninstall tells twice', async () => {
    const other = await openWorkspace({ events: ['tokens_revoked', 'app_uninstalled'] });
    await other.slack.uninstall();
    expect(other.app.received.map(({ raw }) => JSON.parse(raw).event.type)).toEqual([
      'tokens_revoked',
      'app_uninstalled',
    ]);
    await other.close();
  });
});

describe('response_url', () => {
  async function respond(url: string, body: object): Promise<{ status: number; text: string }> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, text: await answer.text() };
  }

  async function fromCommand(): Promise<string> {
    await world.slack.say(ALICE, OPS, '/ecs');
    return world.app.lastCommand().get('response_url') ?? '';
  }

  async function fromClick(ephemeral: boolean): Promise<string> {
    const message = { channel: OPS, text: 'card', blocks: [button('go', '1')] };
    if (ephemeral) await world.client.chat.postEphemeral({ ...message, user: ALICE });
    else await post(world, message);
    const ts = world.slack.messages(OPS).at(-1)?.ts ?? '';
    await world.slack.click(ALICE, { channel: OPS, ts }, { actionId: 'go' });
    return world.app.lastPayload().response_url;
  }

  test('takes five posts', async () => {
    const url = await fromCommand();
    for (let use = 1; use <= 5; use += 1) expect(await respond(url, { text: `${use}` })).toMatchObject({ status: 200 });
    expect(await respond(url, { text: '6' })).toEqual({ status: 404, text: 'used_url' });
    expect(world.slack.messages(OPS)).toHaveLength(5);
  });

  test('lives thirty minutes', async () => {
    const url = await fromCommand();
    world.clock.now += 30 * 60_000;
    expect(await respond(url, { text: 'x' })).toMatchObject({ status: 200 });
    world.clock.now += 1;
    expect(await respond(url, { text: 'x' })).toEqual({ status: 404, text: 'expired_url' });
  });

  test('answers privately unless told otherwise', async () => {
    const url = await fromCommand();
    await respond(url, { text: 'secret' });
    await respond(url, { text: 'public', response_type: 'in_channel' });
    expect(world.slack.messages(OPS)).toMatchObject([{ ephemeralFor: ALICE }, { ephemeralFor: null }]);
  });

  test('replaces and deletes the clicked message, ephemeral ones too', async () => {
    for (const ephemeral of [true, false]) {
      const url = await fromClick(ephemeral);
      await respond(url, { replace_original: true, text: 'replaced' });
      expect(world.slack.messages(OPS)).toMatchObject([
        { text: 'replaced', blocks: [], ephemeralFor: ephemeral ? ALICE : null },
      ]);
      expect(await respond(url, { delete_original: true, text: 'x' })).toMatchObject({ status: 400 });
      expect(await respond(url, { delete_original: true })).toMatchObject({ status: 200 });
      expect(world.slack.messages(OPS)).toEqual([]);
    }
  });

  test('refuses what is no JSON, no content, or bad blocks', async () => {
    const url = await fromCommand();
    const form = await fetch(url, { method: 'POST', body: new URLSearchParams({ text: 'x' }) });
    expect([form.status, await form.text()]).toEqual([400, 'invalid_payload']);
    expect(await respond(url, {})).toEqual({ status: 400, text: 'no_text' });
    expect(await respond(url, { text: 'x', blocks: [section('')] })).toEqual({ status: 400, text: 'invalid_blocks' });
    expect(world.slack.calls.map(({ method, error }) => [method, error])).toEqual([
      ['response_url', 'invalid_payload'],
      ['response_url', 'no_text'],
      ['response_url', 'invalid_blocks'],
    ]);
  });
});
