// The simulator against the real Bolt: over HTTP with its signature check, and over Socket Mode.
import { App, HTTPReceiver, SocketModeReceiver, type Receiver } from '@slack/bolt';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { SlackSimulator } from './simulator.ts';
import {
  ALICE,
  button,
  modal,
  openWorkspace,
  post,
  OPS,
  QUIET,
  section,
  SIGNING_SECRET,
  TOKEN,
  type TestWorkspace,
} from './test-workspace.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function open(options: Parameters<typeof openWorkspace>[0] = {}): Promise<TestWorkspace> {
  const world = await openWorkspace({ now: Date.now, ...options });
  closers.push(() => world.close());
  return world;
}

/** A bot with a command that opens a modal, a button, a search and a Home tab. */
async function boltApp(slack: SlackSimulator, receiver: Receiver, port?: number): Promise<string[]> {
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } };
  const app = new App({
    token: TOKEN,
    receiver,
    clientOptions,
    logger: QUIET,
    convoStore: false,
    deferInitialization: true,
  });
  const heard: string[] = [];
  app.command('/ecs', async ({ ack, command, client, respond }) => {
    heard.push(`command ${command.text}`);
    await ack();
    await respond({ text: 'answered' });
    await client.views.open({
      trigger_id: command.trigger_id,
      view: modal([section('form')], { callback_id: 'form' }),
    });
  });
  app.view('form', async ({ ack }) => {
    heard.push('form');
    await ack({ response_action: 'update', view: modal([section('done')]) });
  });
  app.action('go', async ({ ack, respond }) => {
    heard.push('go');
    await ack();
    await respond({ replace_original: true, text: 'gone' });
  });
  app.options('search', async ({ ack }) => {
    heard.push('search');
    await ack({ options: [{ text: { type: 'plain_text', text: 'web-1' }, value: 'web-1' }] });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    heard.push('home');
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [section('welcome')] } });
  });
  await app.init();
  await (port === undefined ? app.start() : app.start({ port, host: '127.0.0.1' }));
  closers.push(() => app.stop());
  return heard;
}

async function playsThrough(slack: SlackSimulator): Promise<void> {
  expect(await slack.say(ALICE, OPS, '/ecs list')).toEqual({ ok: true });
  const view = await slack.waitFor(() => slack.view(ALICE).modals[0], 'the modal');
  expect(slack.messages(OPS)).toMatchObject([{ text: 'answered', ephemeralFor: ALICE }]);
  expect(await slack.submit(ALICE, view.id, {})).toEqual({ ok: true });
  expect(slack.view(ALICE).modals).toMatchObject([{ view: { blocks: [{ text: { text: 'done' } }] } }]);
  await slack.openHome(ALICE);
  await slack.waitFor(() => slack.view(ALICE).home, 'the Home tab');
}

async function clicksAndSearches({ slack, client }: TestWorkspace): Promise<void> {
  const search = {
    type: 'actions' as const,
    block_id: 's',
    elements: [{ type: 'external_select' as const, action_id: 'search' }],
  };
  const { ts = '' } = await post({ client }, { channel: OPS, text: 'x', blocks: [button('go', '1'), search] });
  const place = { channel: OPS, ts };
  expect((await slack.suggest(ALICE, place, { actionId: 'search', query: 'web' })).options).toMatchObject([
    { value: 'web-1' },
  ]);
  expect(await slack.click(ALICE, place, { actionId: 'go' })).toEqual({ ok: true });
  await slack.waitFor(() => slack.messages(OPS).some(({ text }) => text === 'gone'), 'the replaced message');
}

const HEARD = ['command list', 'form', 'home', 'search', 'go'];

describe('Bolt over HTTP', () => {
  test('takes commands, forms, events, searches and clicks', async () => {
    const world = await open();
    const port = await freePort();
    const heard = await boltApp(world.slack, new HTTPReceiver({ signingSecret: SIGNING_SECRET, logger: QUIET }), port);
    world.slack.connectApp(`http://127.0.0.1:${port}/slack/events`);
    expect(await world.slack.sslCheck()).toBe(200);
    expect(await world.slack.verifyRequestUrl()).toBe(true);
    await playsThrough(world.slack);
    await clicksAndSearches(world);
    expect(heard).toEqual(HEARD);
    expect(world.slack.refusals).toEqual([]);
  });

  test('refuses what another secret has signed', async () => {
    const world = await open();
    const port = await freePort();
    await boltApp(world.slack, new HTTPReceiver({ signingSecret: 'another', logger: QUIET }), port);
    world.slack.connectApp(`http://127.0.0.1:${port}/slack/events`);
    expect(await world.slack.say(ALICE, OPS, '/ecs')).toEqual({ ok: false, error: 'dispatch_failed' });
    expect(world.slack.deliveries).toMatchObject([{ status: 401 }]);
  });
});

describe('Bolt over Socket Mode', () => {
  async function connected(): Promise<{ world: TestWorkspace; heard: string[] }> {
    const world = await open({ appToken: 'xapp-simulated' });
    const clientOptions = {
      slackApiUrl: world.slack.apiUrl,
      retryConfig: { retries: 3, minTimeout: 10, maxTimeout: 10 },
    };
    const receiver = new SocketModeReceiver({
      appToken: 'xapp-simulated',
      logger: QUIET,
      installerOptions: { clientOptions },
    });
    const heard = await boltApp(world.slack, receiver);
    await world.slack.waitFor(() => world.slack.sockets.open === 1, 'the socket');
    return { world, heard };
  }

  test('takes commands, forms, events, searches and clicks', async () => {
    const { world, heard } = await connected();
    await playsThrough(world.slack);
    await clicksAndSearches(world);
    expect(heard).toEqual(HEARD);
    expect(world.app.received).toEqual([]);
    expect(world.slack.refusals).toEqual([]);
  });

  test('a socket that is cut fails what was in flight', async () => {
    const { world } = await connected();
    world.slack.sockets.drop();
    await world.slack.waitFor(() => world.slack.sockets.open === 0, 'the cut');
    world.slack.connectApp('http://127.0.0.1:1/');
    expect(await world.slack.say(ALICE, OPS, '/ecs list')).toEqual({ ok: false, error: 'dispatch_failed' });
  });
});

describe('a bare socket', () => {
  async function connect(
    world: TestWorkspace,
  ): Promise<{ socket: WebSocket; heard: { type: string; reason?: string }[] }> {
    const answer = await fetch(`${world.slack.apiUrl}apps.connections.open`, {
      method: 'POST',
      headers: { authorization: 'Bearer xapp-simulated' },
    });
    const { url } = (await answer.json()) as { url: string };
    const socket = new WebSocket(url);
    const heard: { type: string; reason?: string }[] = [];
    socket.addEventListener('message', ({ data }) => heard.push(JSON.parse(String(data))));
    await world.slack.waitFor(() => heard.length > 0, 'the first word');
    return { socket, heard };
  }

  test('is greeted, warned, and sent away', async () => {
    const world = await open({ appToken: 'xapp-simulated' });
    const { heard } = await connect(world);
    expect(heard).toMatchObject([{ type: 'hello', num_connections: 1 }]);
    world.slack.sockets.disconnect('warning');
    await world.slack.waitFor(() => heard.at(-1)?.reason === 'warning', 'the warning');
    expect(world.slack.sockets.open).toBe(1);
    world.slack.sockets.disconnect('refresh_requested');
    await world.slack.waitFor(() => world.slack.sockets.open === 0, 'the goodbye');
    expect(heard.at(-1)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
  });

  test('is one of ten at most', async () => {
    const world = await open({ appToken: 'xapp-simulated' });
    for (let count = 0; count < 10; count += 1) await connect(world);
    const { heard } = await connect(world);
    expect(heard).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
    expect(world.slack.sockets.open).toBe(10);
  });

  test('needs a fresh ticket', async () => {
    const world = await open({ appToken: 'xapp-simulated' });
    const socket = new WebSocket(`${world.slack.url.replace('http', 'ws')}/link/?ticket=made-up`);
    const outcome = await new Promise((resolve) => {
      socket.addEventListener('open', () => resolve('open'));
      socket.addEventListener('error', () => resolve('refused'));
    });
    expect(outcome).toBe('refused');
  });

  test('acks an envelope with its answer, long ones too', async () => {
    const world = await open({ appToken: 'xapp-simulated' });
    const { socket } = await connect(world);
    const text = 'x'.repeat(70_000);
    socket.addEventListener('message', ({ data }) => {
      const { envelope_id, accepts_response_payload: answers } = JSON.parse(String(data));
      if (answers === true) socket.send(JSON.stringify({ envelope_id, payload: { text } }));
    });
    expect(await world.slack.say(ALICE, OPS, `/ecs ${text}`)).toEqual({ ok: true });
    expect(world.slack.messages(OPS)[0]?.text).toHaveLength(40_000);
  });
});
