// The composition root: builds every part and wires them. Whoever runs the bot in their own process starts it here.
import { createVault, parseTokenKeys } from './auth/vault.ts';
import { realTimers, type Now, type Timers } from './clock.ts';
import { createChannelProjects } from './commands/channel-projects.ts';
import type { CommandDeps } from './commands/context.ts';
import { createDispatcher, type Dispatcher } from './commands/dispatch.ts';
import { createFlavorCache } from './commands/find/flavor.ts';
import { createImageNames } from './commands/find/image.ts';
import { commands } from './commands/index.ts';
import type { Config } from './config.ts';
import { tellOrderer } from './creation/undeliverable.ts';
import { createHome } from './home/home.ts';
import { createInbox, type RecordingInbox } from './inbox.ts';
import type { Log } from './log.ts';
import { keepConnections } from './network.ts';
import { createInboxQueue, startTick } from './redis/queue.ts';
import { createServerLocks } from './resize/server-locks.ts';
import { tellRequester } from './resize/undeliverable.ts';
import { createSlack } from './slack/bolt.ts';
import type { DeliveringOutbox, Slack, Web } from './slack/ports.ts';
import { withinTime } from './slack/tracker.ts';
import { createBase, type Base } from './wiring/base.ts';
import { buildCloud } from './wiring/cloud.ts';
import { buildCreation } from './wiring/creation.ts';
import { buildHandlers } from './wiring/handlers.ts';
import { buildErrands } from './wiring/errands.ts';
import { buildMemory, type Memory } from './wiring/memory.ts';
import { buildOutbox, buildWeb, observeSlack } from './wiring/messages.ts';
import { buildProbes } from './wiring/probes.ts';
import { buildResize } from './wiring/resize.ts';
import { buildSecrets } from './wiring/secrets.ts';
import { buildSignIn } from './wiring/sign-in.ts';
import { createWakes } from './wiring/wakes.ts';
import type { HttpRoute } from './http.ts';

export type App = {
  /** Connects, listens, begins to work. `port` is the real one when 0 was asked for. */
  start(): Promise<{ port: number }>;
  /** Takes nothing new, finishes what runs, but waits at most 11 s for it; closes every connection. */
  stop(): Promise<void>;
  log: Log;
};

const DAY_MS = 24 * 60 * 60 * 1_000;
/** For answers that are being worked on, and for all of the stop; supervisors wait a little longer than that. */
const ANSWERS_WITHIN_MS = 8_000;
const STOP_WITHIN_MS = 11_000;

type Given = { log: Log; now?: Now; timers?: Timers };

/** Everything is built at once; nothing is connected before `start`. */
export function createApp(config: Config, { log, now = Date.now, timers = realTimers }: Given): App {
  keepConnections();
  const base = createBase(config, { log, now, timers });
  const memory = buildMemory(base);
  const cloud = buildCloud(base);
  const web = buildWeb(base);
  const vault = createVault(parseTokenKeys(config.tokenKeys));
  const flavors = createFlavorCache({ now });
  const once = buildSecrets(base, { memory, vault, web });

  // Two circles, closed by calls that come long after everything is built.
  const outbox = buildOutbox(base, {
    memory,
    web,
    secrets: once.secrets,
    onUndeliverable: async (message, error) => {
      await tellRequester({ resizes: resize.resizes, outbox }, message, error);
      await tellOrderer({ creations: creation.creations, outbox }, message, error);
      await errands.errands.undeliverable(message);
    },
  });
  const auth = buildSignIn(base, {
    memory,
    cloud,
    web,
    vault,
    onSignedIn: async (person) => {
      const waiting = [resize.resizes.signedIn(person), errands.errands.signedIn(person)];
      await Promise.all([...waiting, creation.creations.resume(person)]);
    },
  });
  const wakes = createWakes(memory.queueDeps);
  const { sessions } = auth;
  const resize = buildResize(base, { memory, outbox, sessions, flavors, wakes });
  const errands = buildErrands(base, { memory, outbox, sessions, wakes });
  const creation = buildCreation(base, { memory, outbox, sessions, wakes, secrets: once.secrets });

  const dispatcher = createDispatcher({
    commands,
    slash: config.slack.command,
    deps: {
      ...rememberedThings(memory),
      sessions: auth.sessions,
      login: auth.login,
      secrets: once.secrets,
      resizes: resize.resizes,
      errands: errands.errands,
      creations: creation.creations,
      outbox,
      flavors,
      imageNames: createImageNames({ now }),
      now,
      pause: base.pauseInWork,
    },
  });
  const inbox = createInbox({
    vault,
    openQueue: (process) => createInboxQueue(memory.queueDeps, process),
    perform: (interaction) => slack.perform(interaction),
    outbox,
  });
  const probes = buildProbes(base, { memory, isReady: () => slack.isReady() });
  const home = createHome({ sessions: auth.sessions, resizes: resize.resizes, slash: config.slack.command });
  const slack = buildSlack(base, {
    memory,
    dispatcher,
    home,
    inbox,
    web,
    outbox,
    routes: [...auth.routes, ...once.routes, ...probes],
  });

  let tick: { close(): Promise<void> } | null = null;
  return {
    log,
    async start() {
      if (config.allowHttp) log.warn({}, 'ALLOW_HTTP=1: tokens may travel without encryption');
      await memory.connect();
      inbox.start();
      wakes.start();
      tick = await startTick(memory.queueDeps, config.pollMs, async () => {
        await Promise.all([resize.tick(), errands.tick(), creation.tick()]);
      });
      return slack.start();
    },
    async stop() {
      base.hurry();
      // With Redis or the cloud away there would be no end. What is left over is recorded.
      await withinTime(drain(), STOP_WITHIN_MS, () => {
        log.warn({}, 'stopped before everything was finished; it goes on with the next start');
      });
      memory.close();
    },
  };

  async function drain(): Promise<void> {
    await Promise.all([tick?.close(), slack.stop(ANSWERS_WITHIN_MS)]);
    // What people asked for wakes what works on it, so the one is closed before the other.
    await inbox.close();
    await wakes.close();
    await cloud.close();
  }
}

function rememberedThings({
  store,
  keys,
  leases,
}: Memory): Pick<CommandDeps, 'locks' | 'channelProjects' | 'firstTime'> {
  return {
    locks: createServerLocks(leases),
    channelProjects: createChannelProjects(store, keys.channelProject),
    firstTime: (id) => store.set(keys.once(id), '1', { onlyIfNew: true, ttlMs: DAY_MS }),
  };
}

type SlackParts = {
  memory: Memory;
  dispatcher: Dispatcher;
  home: ReturnType<typeof createHome>;
  inbox: RecordingInbox;
  web: Web;
  outbox: DeliveringOutbox;
  routes: HttpRoute[];
};

function buildSlack(base: Base, { memory, dispatcher, home, ...parts }: SlackParts): Slack {
  const { slack, listen } = base.config;
  const { signingSecret, apiUrl, appToken } = slack;
  return createSlack({
    ...base,
    ...parts,
    slack: { signingSecret, apiUrl, ...(appToken && { appToken }) },
    listen,
    command: slack.command,
    handlers: buildHandlers(base, { memory, dispatcher, home }),
    observe: observeSlack(base),
  });
}
