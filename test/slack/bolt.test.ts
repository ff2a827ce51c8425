import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRoute } from '../../src/http.ts';
import { createSlack } from '../../src/slack/bolt.ts';
import { createOutbox } from '../../src/slack/outbox.ts';
import type { Slack } from '../../src/slack/ports.ts';
import type { Handlers, Reply } from '../../src/slack/reply.ts';
import { createWeb } from '../../src/slack/web.ts';
import { SlackSimulator } from '../simulators/slack/simulator.ts';
import { freePort } from '../support/redis.ts';
import { createTestLog } from './support/deps.ts';
import { refusal, startFakeSlack } from './support/fake-slack.ts';
import { createMemoryOutboxStore } from './support/memory-outbox-store.ts';
import { homeOpened, type Running, runSlack } from './support/running-slack.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function run(routes: HttpRoute[] = []): Promise<Running> {
  const bot = await runSlack({ routes });
  ends.push(bot.close);
  return bot;
}

const page = (method: 'GET' | 'POST', path: string, handle: HttpRoute['handle']): HttpRoute => ({
  method,
  path,
  handle,
});
const echo: HttpRoute['handle'] = async ({ method, params, query, body, headers }) => ({
  status: 201,
  headers: { 'content-type': 'text/plain', 'x-seen': headers['x-sent'] ?? '' },
  body: JSON.stringify({ method, params, query: Object.fromEntries(query), body }),
});

describe('our own pages', () => {
  it('get their parameters, query, headers and body', async () => {
    const { base } = await run([page('POST', '/login/:ticket', echo)]);
    const answer = await fetch(`${base}/login/a%2Fb?code=1`, {
      method: 'POST',
      body: 'x=1',
      headers: { 'x-sent': 'yes' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-seen')).toBe('yes');
    expect(await answer.json()).toEqual({
      method: 'POST',
      params: { ticket: 'a/b' },
      query: { code: '1' },
      body: 'x=1',
    });
  });

  it('are found by the first path that fits, by method, and by nothing else', async () => {
    const named = (name: string) => async () => ({ status: 200, headers: {}, body: name });
    const { base } = await run([
      page('GET', '/login/callback', named('callback')),
      page('GET', '/login/:ticket', named('ticket')),
    ]);
    const get = async (path: string, method = 'GET') => fetch(base + path, { method });
    expect(await (await get('/login/callback')).text()).toBe('callback');
    expect(await (await get('/login/abc')).text()).toBe('ticket');
    expect((await get('/login/abc', 'HEAD')).status).toBe(200);
    expect((await get('/login/abc/def')).status).toBe(404);
    expect((await get('/login/abc', 'POST')).status).toBe(404);
    expect((await get('/slack/events')).status).toBe(404);
    expect((await get('/login/%E0%A4%A')).status).toBe(400);
  });

  it('that fail show a page without details, and log them without the query', async () => {
    const bot = await run([
      page('GET', '/broken', async () => {
        throw new Error('secret detail');
      }),
    ]);
    const answer = await fetch(`${bot.base}/broken?code=secret`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(bot.log).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ path: '/broken' }) as object }),
    );
  });

  it('whose answer cannot be sent fail alone', async () => {
    const bot = await run([
      page('GET', '/odd', async () => ({ status: 200, headers: { 'x-odd': 'one\ntwo' }, body: '' })),
      page('GET', '/even', echo),
    ]);
    await expect(fetch(`${bot.base}/odd`)).rejects.toThrow('fetch failed');
    expect((await fetch(`${bot.base}/even`)).status).toBe(201);
    expect(bot.log).toContainEqual(expect.objectContaining({ level: 'error', message: 'A page could not be sent' }));
  });

  it('take no more than 64 KB', async () => {
    const { base } = await run([page('POST', '/login/:ticket', echo)]);
    const post = async (size: number) => fetch(`${base}/login/x`, { method: 'POST', body: 'x'.repeat(size) });
    expect((await post(64 * 1024)).status).toBe(201);
    expect((await post(64 * 1024 + 1)).status).toBe(413);
  });
});

describe('stopping', () => {
  it('lets what is being worked on come to its answer', async () => {
    const bot = await run();
    const work = Promise.withResolvers<Reply>();
    bot.features.run = async () => work.promise;
    await bot.command('list');
    const stopped = bot.slack.stop();
    await expect
      .poll(
        async () =>
          fetch(bot.base).then(
            () => 'open',
            () => 'closed',
          ),
        { message: 'the port to close' },
      )
      .toBe('closed');
    expect(bot.slack.isReady()).toBe(false);
    work.resolve({ kind: 'message', audience: 'person', text: 'last words' });
    await stopped;
    expect(bot.fake.of('response_url')).toMatchObject([{ text: 'last words' }]);
  });

  it('does not wait for ever', async () => {
    const bot = await run();
    bot.features.run = async () => new Promise<never>(() => {});
    await bot.command('list');
    await bot.slack.stop(20);
    expect(bot.log).toContainEqual({
      level: 'warn',
      message: 'Stopped while some answers were still being worked on',
      fields: { left: 1 },
    });
  });
});

function handlers(seen: string[]): Handlers {
  return {
    plan: () => ({ durable: false }),
    run: async (interaction) => {
      seen.push(interaction.kind);
      return { kind: 'message', audience: 'person', text: 'over the socket' };
    },
    suggest: async () => [],
    explain: () => ({ text: 'sorry', plain: 'sorry' }),
  };
}

function build(apiUrl: string, options: { appToken?: string; seen?: string[]; port?: number } = {}): Slack {
  const shared = { log: createTestLog(), now: Date.now };
  const web = createWeb({ botToken: 'xoxb-1', apiUrl, ...shared });
  return createSlack({
    slack: { signingSecret: 's', apiUrl, ...(options.appToken && { appToken: options.appToken }) },
    listen: { host: '127.0.0.1', port: options.port ?? 0 },
    command: '/ecs',
    handlers: handlers(options.seen ?? []),
    inbox: { put: async () => 'recorded' },
    routes: [page('GET', '/healthz', async () => ({ status: 200, headers: {}, body: 'ok' }))],
    web,
    outbox: createOutbox({ store: createMemoryOutboxStore(), web, newId: () => crypto.randomUUID(), ...shared }),
    ...shared,
  });
}

it('a token that Slack does not accept stops the start', async () => {
  const fake = await startFakeSlack();
  ends.push(fake.close);
  fake.fail('auth.test', refusal('invalid_auth'));
  await expect(build(fake.url).start()).rejects.toThrow('invalid_auth');
});

it('a Slack that does not answer does not stop the start: what runs in the cloud goes on without it', async () => {
  const fake = await startFakeSlack();
  ends.push(fake.close);
  fake.fail('auth.test', { status: 503 });
  const slack = build(fake.url);
  ends.push(async () => slack.stop(100));
  const { port } = await slack.start();
  expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()).toBe('ok');
});

it('Slack is asked who we are once, not with every event', async () => {
  const bot = await run();
  await bot.event(homeOpened());
  await bot.command('list');
  await bot.settle();
  expect(bot.fake.of('auth.test')).toHaveLength(1);
});

async function workspace(): Promise<SlackSimulator> {
  const simulator = await SlackSimulator.start({
    botToken: 'xoxb-1',
    appToken: 'xapp-1',
    signingSecret: 's',
    users: [{ id: 'U1', name: 'alice', realName: 'Alice', timeZone: 'UTC', isBot: false }],
    channels: [{ id: 'C1', name: 'ops', kind: 'channel', members: ['U1'] }],
    commands: [{ command: '/ecs', description: '', usageHint: '' }],
  });
  ends.push(async () => simulator.close());
  return simulator;
}

describe('Socket Mode', () => {
  it('brings the same commands, while our pages are served over HTTP', async () => {
    const simulator = await workspace();
    const seen: string[] = [];
    const slack = build(simulator.apiUrl, { appToken: 'xapp-1', seen });
    ends.push(async () => slack.stop(1000));
    expect(slack.isReady()).toBe(false);
    const { port } = await slack.start();
    expect(slack.isReady()).toBe(true);
    expect(await simulator.say('U1', 'C1', '/ecs list')).toEqual({ ok: true });
    await expect
      .poll(() => JSON.stringify(simulator.view('U1').messages), { message: 'the answer to be seen' })
      .toContain('over the socket');
    expect(seen).toEqual(['command']);
    expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()).toBe('ok');
    expect((await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST' })).status).toBe(404);
  });

  it('is not ready as soon as Slack has cut the socket, and can be stopped all the same', async () => {
    const simulator = await workspace();
    const slack = build(simulator.apiUrl, { appToken: 'xapp-1' });
    await slack.start();
    simulator.faults.outage(true);
    simulator.sockets.drop();
    await expect.poll(() => slack.isReady(), { message: 'the socket to be noticed as gone' }).toBe(false);
    await slack.stop(500);
  });

  it('serves our pages and tells what is to be told also before Slack lets the socket in', async () => {
    const simulator = await workspace();
    const port = await freePort();
    const slack = build(simulator.apiUrl, { appToken: 'xapp-1', port });
    ends.push(async () => slack.stop(500));
    simulator.faults.outage(true);
    const started = slack.start();
    const healthz = async () => (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null))?.ok;
    await expect.poll(healthz, { message: 'our pages' }).toBe(true);
    expect(slack.isReady()).toBe(false);
    simulator.faults.outage(false);
    await started;
    expect(slack.isReady()).toBe(true);
  });
});
