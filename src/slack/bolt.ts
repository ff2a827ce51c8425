// The Bolt app, its transport and our web pages, started and stopped together.
import { App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { boltLogger } from './bolt-logger.ts';
import { failureOf } from './failures.ts';
import { addListeners } from './listeners.ts';
import { createPerform } from './perform.ts';
import type { Slack, SlackDeps } from './ports.ts';
import { createHttpReceiver } from './receiver.ts';
import { createTelling } from './telling.ts';
import { createTracker, withinTime } from './tracker.ts';
import { createWebServer } from './web-server.ts';
import { createWindows } from './windows.ts';

const STOP_WITHIN_MS = 10_000;
/** What the outbox gets to record a call it has begun, even when answers took all the time there was. */
const LAST_CALL_MS = 1000;

export function createSlack(deps: SlackDeps): Slack {
  const { web, log } = deps;
  const tracker = createTracker();
  const perform = createPerform(deps);
  const tell = createTelling({ ...deps, windows: createWindows(web) });
  const http = createHttpReceiver({ ...deps, signingSecret: deps.slack.signingSecret, tracker });
  const socket = deps.slack.appToken ? createSocket(deps, deps.slack.appToken) : null;
  const server = createWebServer({ ...deps, routes: socket ? deps.routes : [http.route, ...deps.routes] });
  const app = createApp(deps, socket?.receiver ?? http.receiver);
  addListeners(app, { ...deps, tracker, perform, tell: tell.person });

  async function start(): Promise<{ port: number }> {
    await checkToken(deps);
    await app.init();
    const { port } = await server.start();
    log.info({ host: deps.listen.host, port, socketMode: socket !== null }, 'Listening');
    deps.outbox.start();
    await socket?.receiver.start();
    return { port };
  }

  async function stop(limitMs = STOP_WITHIN_MS): Promise<void> {
    const until = Date.now() + limitMs;
    await socket?.receiver.stop();
    await server.stop(limitMs);
    const left = await tracker.idle(Math.max(0, until - Date.now()));
    if (left > 0) log.warn({ left }, 'Stopped while some answers were still being worked on');
    // Its lanes are safe in the store: whoever comes next takes them up.
    await withinTime(deps.outbox.stop(), Math.max(LAST_CALL_MS, until - Date.now()), () => {});
  }

  return { start, stop, perform, isReady: () => server.isListening() && (socket?.isConnected() ?? true) };
}

/** A wrong token is told at once; a Slack that is away must not keep what runs in the cloud from going on. */
async function checkToken({ web, log }: SlackDeps): Promise<void> {
  try {
    await web.check();
  } catch (err) {
    if (failureOf(err).kind === 'refused') throw err;
    log.warn({ err }, 'Slack does not answer; starting without it');
  }
}

function createApp(deps: SlackDeps, receiver: Receiver): App {
  return new App({
    receiver,
    // The seam for many workspaces: whoever they are, `Web.authorize` knows their token.
    authorize: async ({ teamId }) => ({ ...(await deps.web.authorize(teamId ?? '')) }),
    convoStore: false,
    deferInitialization: true,
    logger: boltLogger(deps.log),
    // Bolt's own client is never used, ours is (web.ts); but if it were, it should not retry for half an hour.
    clientOptions: { retryConfig: { retries: 0 }, ...(deps.slack.apiUrl && { slackApiUrl: deps.slack.apiUrl }) },
  });
}

type Socket = { receiver: SocketModeReceiver; isConnected: () => boolean };

/**
 * Socket Mode, with retry options of its own: once the client that calls `apps.connections.open` has used up its retries, the
 * socket never comes back, so they must not be the short ones of the Web API.
 */
function createSocket(deps: SlackDeps, appToken: string): Socket {
  const retryConfig = { retries: 1000, minTimeout: 200, maxTimeout: 2000, factor: 1.3 };
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLogger(deps.log),
    installerOptions: { clientOptions: { retryConfig, ...(deps.slack.apiUrl && { slackApiUrl: deps.slack.apiUrl }) } },
    customPropertiesExtractor: () => ({ receivedAt: deps.now() }),
  });
  let connected = false;
  receiver.client.on('connected', () => (connected = true));
  receiver.client.on('close', () => (connected = false));
  receiver.client.on('disconnected', () => (connected = false));
  receiver.client.on('reconnecting', () => (connected = false));
  return { receiver, isConnected: () => connected };
}
