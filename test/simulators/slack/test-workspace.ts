// The workspace of the simulator's own tests: three people, four channels, a clock to move, and a fake app.
import type { KnownBlock, ModalView } from '@slack/types';
import {
  LogLevel,
  WebClient,
  type ChatPostMessageArguments,
  type ChatPostMessageResponse,
  type Logger,
} from '@slack/web-api';
import { FakeApp } from './fake-app.ts';
import type { SlackSimulatorOptions } from './options.ts';
import { SlackSimulator } from './simulator.ts';

export const ALICE = 'U0ALICE';
export const BOB = 'U0BOB';
export const OPS = 'C0OPS';
export const SECRET = 'C0SECRET';
export const LOUNGE = 'C0LOUNGE';
export const OLD = 'C0OLD';
const BOT = 'U0BOT';

export const TOKEN = 'xoxb-simulated';
export const SIGNING_SECRET = 'simulated-secret';

export const ALL_SCOPES = [
  'commands',
  'chat:write',
  'im:write',
  'im:read',
  'users:read',
  'channels:read',
  'channels:history',
  'groups:read',
  'groups:history',
];

export type TestWorkspace = {
  slack: SlackSimulator;
  app: FakeApp;
  client: WebClient;
  clock: { now: number };
  close(): Promise<void>;
};

export async function openWorkspace(options: Partial<SlackSimulatorOptions> = {}): Promise<TestWorkspace> {
  const clock = { now: Date.parse('2026-11-21T10:00:00Z') };
  const app = new FakeApp();
  const slack = await SlackSimulator.start({
    botToken: TOKEN,
    signingSecret: SIGNING_SECRET,
    appUrl: await app.start(),
    users: [
      {
        id: ALICE,
        name: 'alice',
        realName: 'Alice',
        timeZone: 'Europe/Berlin',
        isBot: false,
        email: 'alice@example.com',
      },
      { id: BOB, name: 'bob', realName: 'Bob', timeZone: 'Asia/Kolkata', isBot: false },
      { id: 'U0GONE', name: 'gone', realName: 'Gone', timeZone: 'Etc/UTC', isBot: false, deleted: true },
    ],
    channels: [
      { id: OPS, name: 'ops', kind: 'channel', members: [ALICE, BOB, BOT] },
      { id: LOUNGE, name: 'lounge', kind: 'channel', members: [ALICE] },
      { id: SECRET, name: 'secret', kind: 'private', members: [ALICE] },
      { id: OLD, name: 'old', kind: 'channel', members: [ALICE, BOT], archived: true },
    ],
    commands: [{ command: '/ecs', description: 'Servers', usageHint: 'help' }],
    scopes: ALL_SCOPES,
    now: () => clock.now,
    tickMs: 2,
    ...options,
  });
  const client = clientFor(slack);
  const close = async (): Promise<void> => {
    await slack.close();
    app.close();
  };
  return { slack, app, client, clock, close };
}

/** Refusals are what the tests are about: the client need not print them. */
export const QUIET: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

export function clientFor(slack: SlackSimulator, token = TOKEN): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: QUIET,
  });
}

/** chat.postMessage as the app. */
export function post(
  { client }: Pick<TestWorkspace, 'client'>,
  message: ChatPostMessageArguments,
): Promise<ChatPostMessageResponse> {
  const { postMessage } = client.chat;
  return postMessage(message);
}

/** The error string of a refused call; 'accepted' when it was not. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'accepted';
  } catch (error) {
    const { data } = error as { data?: { error?: string } };
    return data?.error ?? String(error);
  }
}

export function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

export function button(actionId: string, value: string): KnownBlock {
  return {
    type: 'actions',
    block_id: `block-${actionId}`,
    elements: [{ type: 'button', action_id: actionId, value, text: { type: 'plain_text', text: actionId } }],
  };
}

export function input(blockId: string, more: { optional?: boolean } = {}): KnownBlock {
  return {
    type: 'input',
    block_id: blockId,
    label: { type: 'plain_text', text: blockId },
    element: { type: 'plain_text_input', action_id: 'text' },
    ...more,
  };
}

export function modal(blocks: KnownBlock[], more: Partial<ModalView> = {}): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: 'A form' },
    submit: { type: 'plain_text', text: 'Send' },
    blocks,
    ...more,
  };
}

/** Types `/ecs` and opens the view with the trigger it gave; the view's id. */
export async function openModal({ slack, app, client }: TestWorkspace, view: ModalView): Promise<string> {
  await slack.say(ALICE, OPS, '/ecs form');
  const { view: opened } = await client.views.open({ trigger_id: trigger(app), view });
  return opened?.id ?? '';
}

/** The trigger_id of the newest command or interaction. */
export function trigger(app: FakeApp): string {
  return app.lastCommand().get('trigger_id') ?? app.lastPayload().trigger_id;
}
