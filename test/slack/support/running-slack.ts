// The whole Slack edge as it runs: listening, with a fake Slack behind it, and requests signed as Slack signs them.
import type { KnownBlock } from '@slack/types';
import { createHmac } from 'node:crypto';
import { UserError } from '../../../src/errors.ts';
import type { HttpRoute } from '../../../src/http.ts';
import { createSlack } from '../../../src/slack/bolt.ts';
import { createOutbox } from '../../../src/slack/outbox.ts';
import type { Slack } from '../../../src/slack/ports.ts';
import type { Handlers, Inbox, Interaction, Plan, Reply } from '../../../src/slack/reply.ts';
import { createWeb } from '../../../src/slack/web.ts';
import { createTestClock, createTestLog, type LogLine, type TestClock } from './deps.ts';
import { type FakeSlack, startFakeSlack } from './fake-slack.ts';
import { createMemoryOutboxStore } from './memory-outbox-store.ts';

const SECRET = 'signing-secret';

/** What the features do; tests change it as they like. */
export type Features = {
  plan: Plan;
  /** Of the time there is until the ack, this much is gone before anything can be recorded. */
  planTakesMs: number;
  planFails: Error | null;
  refusalEndsWith: KnownBlock[];
  run: (interaction: Interaction) => Promise<Reply>;
  suggest: Handlers['suggest'];
  put: Inbox['put'];
};

export type Running = {
  slack: Slack;
  fake: FakeSlack;
  clock: TestClock;
  features: Features;
  base: string;
  log: LogLine[];
  /** Handlers were run for these. */
  ran: Interaction[];
  recorded: Interaction[];
  acks: string[];
  send(body: string, change?: { headers?: Record<string, string>; at?: number; secret?: string }): Promise<Answer>;
  command(text: string, change?: Record<string, string>): Promise<Answer>;
  interactive(payload: unknown): Promise<Answer>;
  event(event: unknown): Promise<Answer>;
  /** Resolves once everything that was begun has been answered, and stops the bot. */
  settle(): Promise<void>;
  close(): Promise<void>;
};
export type Answer = { status: number; body: string; json: () => Record<string, unknown> };

const FORM = 'application/x-www-form-urlencoded';

export async function runSlack(options: { routes?: HttpRoute[] } = {}): Promise<Running> {
  const fake = await startFakeSlack();
  const clock = createTestClock();
  const log = createTestLog();
  const ran: Interaction[] = [];
  const recorded: Interaction[] = [];
  const acks: string[] = [];
  const features: Features = {
    plan: { durable: false },
    planTakesMs: 0,
    planFails: null,
    refusalEndsWith: [],
    run: async () => ({ kind: 'message', audience: 'person', text: 'here you are' }),
    suggest: async () => [],
    put: async () => 'recorded',
  };
  const handlers: Handlers = {
    plan: () => {
      clock.advance(features.planTakesMs);
      if (features.planFails) throw features.planFails;
      return features.plan;
    },
    run: async (interaction) => {
      ran.push(interaction);
      return features.run(interaction);
    },
    suggest: async (interaction) => features.suggest(interaction),
    explain(error) {
      if (!(error instanceof Error)) return { text: 'unknown', plain: 'unknown' };
      if (!(error instanceof UserError)) return { text: error.message, plain: error.message };
      const { message, mrkdwn, about } = error;
      const ends = features.refusalEndsWith;
      return {
        text: mrkdwn ?? message,
        plain: message,
        ...(ends.length > 0 && { blocks: ends }),
        ...(about !== null && { about }),
      };
    },
  };
  const inbox: Inbox = {
    put: async (interaction) => {
      recorded.push(interaction);
      return features.put(interaction);
    },
  };
  const shared = { log, now: clock.now };
  const web = createWeb({ botToken: 'xoxb-1', apiUrl: fake.url, sleep: async () => {}, ...shared });
  const outbox = createOutbox({ store: createMemoryOutboxStore(), web, newId: () => crypto.randomUUID(), ...shared });
  const slack = createSlack({
    slack: { signingSecret: SECRET, apiUrl: fake.url },
    listen: { host: '127.0.0.1', port: 0 },
    command: '/ecs',
    handlers,
    inbox,
    routes: options.routes ?? [],
    web,
    outbox,
    observe: { ack: (kind) => acks.push(kind) },
    ...shared,
  });
  const { port } = await slack.start();
  const base = `http://127.0.0.1:${port}`;

  const send: Running['send'] = async (body, change = {}) => {
    const at = Math.floor((change.at ?? clock.now()) / 1000);
    const signature = createHmac('sha256', change.secret ?? SECRET)
      .update(`v0:${at}:${body}`)
      .digest('hex');
    const answer = await fetch(`${base}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': FORM,
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': `v0=${signature}`,
        ...change.headers,
      },
      body,
    });
    const text = await answer.text();
    return { status: answer.status, body: text, json: () => JSON.parse(text) as Record<string, unknown> };
  };
  const running = {
    slack,
    fake,
    clock,
    features,
    base,
    log: log.lines,
    ran,
    recorded,
    acks,
    send,
    command: async (text: string, change: Record<string, string> = {}) =>
      send(new URLSearchParams({ ...commandFields(fake), text, ...change }).toString()),
    interactive: async (payload: unknown) => send(new URLSearchParams({ payload: JSON.stringify(payload) }).toString()),
    event: async (event: unknown) => send(JSON.stringify(event), { headers: { 'content-type': 'application/json' } }),
    settle: async () => slack.stop(),
    close: async () => {
      await slack.stop(100);
      await fake.close();
    },
  };
  return running;
}

let serial = 0;
const fresh = (word: string): string => `${word}-${(serial += 1)}`;

export function commandFields(fake: FakeSlack): Record<string, string> {
  return {
    command: '/ecs',
    team_id: 'T1',
    team_domain: 'acme',
    user_id: 'U1',
    channel_id: 'C1',
    channel_name: 'ops',
    api_app_id: 'A1',
    is_enterprise_install: 'false',
    response_url: fake.responseUrl,
    trigger_id: fresh('trigger'),
  };
}

type Json = Record<string, unknown>;
const who = { team: { id: 'T1', domain: 'acme' }, user: { id: 'U1', team_id: 'T1' }, api_app_id: 'A1' };

/** A click on a button of a message. */
export function click(fake: FakeSlack, change: Json = {}): Json {
  return {
    type: 'block_actions',
    ...who,
    trigger_id: fresh('trigger'),
    response_url: fake.responseUrl,
    channel: { id: 'C1', name: 'ops' },
    container: { type: 'message', message_ts: '1700000000.000001', channel_id: 'C1', is_ephemeral: false },
    actions: [{ type: 'button', action_id: 'resize:approve', block_id: 'b', value: 'R-7KQ2', action_ts: fresh('at') }],
    ...change,
  };
}

export function viewOf(change: Json = {}): Json {
  return {
    id: fresh('V'),
    type: 'modal',
    hash: fresh('hash'),
    callback_id: 'resize:submit',
    private_metadata: '{"channel":"C1"}',
    blocks: [
      { type: 'section', block_id: 'intro' },
      { type: 'input', block_id: 'reason' },
    ],
    state: { values: { reason: { text: { type: 'plain_text_input', value: 'more users' } } } },
    ...change,
  };
}

/** A click on a button inside a modal or, with `type: 'home'`, on the Home tab. */
export function clickInView(fake: FakeSlack, view: Json): Json {
  const { response_url: _, channel: __, ...payload } = click(fake);
  return { ...payload, container: { type: 'view', view_id: view['id'] }, view };
}

export function submission(change: Json = {}): Json {
  return { type: 'view_submission', ...who, trigger_id: fresh('trigger'), view: viewOf(change) };
}

export function homeOpened(change: Json = {}): Json {
  return {
    type: 'event_callback',
    team_id: 'T1',
    api_app_id: 'A1',
    event_id: fresh('Ev'),
    event: { type: 'app_home_opened', user: 'U1', channel: 'D1', tab: 'home', event_ts: '1.0' },
    ...change,
  };
}
