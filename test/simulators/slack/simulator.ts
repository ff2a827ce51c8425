// A strict simulated Slack workspace: Web API, signed deliveries, and the people in front of the screen.
import type { PlainTextOption } from '@slack/types';
import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FormState, Outcome, PersonView, Place, SimMessage, SubmitOutcome } from './control-api.ts';
import { serveControl } from './control-server.ts';
import { createWorld } from './create-world.ts';
import type { Faults } from './faults.ts';
import { sendText } from './http.ts';
import type { Call, Delivery, Refusal } from './journal.ts';
import { settle, type Settings, type SlackSimulatorOptions } from './options.ts';
import { servePage } from './page.ts';
import { click, openHome, suggest, type Click, type Search } from './people/click.ts';
import { closeModal, submit } from './people/modal.ts';
import { screenOf } from './people/person.ts';
import { say } from './people/say.ts';
import { chooseShortcut, type ChosenShortcut } from './people/shortcut.ts';
import { serveResponseUrl } from './response-url.ts';
import type { Answer } from './sender.ts';
import type { SocketMode } from './socket-mode.ts';
import { serveApi } from './web-api.ts';
import { asSimMessage } from './workspace.ts';
import type { World } from './world.ts';

export type { Click, Search } from './people/click.ts';
export type { SlackSimulatorOptions } from './options.ts';

/** Slack's front end closes no connection that was idle for seconds. */
const KEEP_ALIVE_MS = 60_000;

/**
 * A person can only do what a real client lets them: clicking a button that is not there throws `ImpossibleAction`.
 * Every method that reaches the app resolves after the app's ack (or its absence), as the person would see it.
 */
export class SlackSimulator extends EventEmitter<{ changed: [version: number] }> {
  /** Root of the control API and the demo page, without a trailing slash. */
  readonly url: string;
  /** For `slackApiUrl`. */
  readonly apiUrl: string;
  readonly faults: Faults;
  /** Everything the app called, oldest first. */
  readonly calls: Call[];
  /** Everything sent to the app. */
  readonly deliveries: Delivery[];
  /** Everything Slack said no to. */
  readonly refusals: Refusal[];
  /** Socket Mode's connections: goodbyes and cuts on demand. */
  readonly sockets: SocketMode;
  readonly #world: World;
  readonly #server: Server;
  readonly #appSockets = new WeakSet<Socket>();
  #connections = 0;

  /** Listens on 127.0.0.1. */
  static async start(options: SlackSimulatorOptions): Promise<SlackSimulator> {
    const settings = settle(options);
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(settings.port, '127.0.0.1', resolve);
    });
    const simulator = new SlackSimulator(server, settings);
    if (options.appUrl !== undefined) simulator.connectApp(options.appUrl);
    return simulator;
  }

  private constructor(server: Server, settings: Settings) {
    super();
    this.setMaxListeners(0);
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.apiUrl = `${this.url}/api/`;
    this.#world = createWorld(settings, this.url, (version) => this.emit('changed', version));
    this.faults = this.#world.faults;
    this.calls = this.#world.calls;
    this.deliveries = this.#world.deliveries;
    this.refusals = this.#world.refusals;
    this.sockets = this.#world.sockets;
    server.on('request', (request, response) => void this.#serve(request, response));
    server.on('upgrade', (request, socket) => this.sockets.connect(request, socket));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      if (!response.headersSent) sendText(response, 500, `the simulator failed: ${String(error)}`);
    }
  }

  #route(request: IncomingMessage, response: ServerResponse): Promise<void> | void {
    const { pathname } = new URL(request.url ?? '/', this.url);
    const [, area = '', rest = ''] = /^\/(api|response|control)\/([^/]+)$/.exec(pathname) ?? [];
    const { page } = this.#world.settings;
    switch (area) {
      case 'api':
        this.#countConnection(request.socket);
        return serveApi(this.#world, rest, { request, response });
      case 'response':
        this.#countConnection(request.socket);
        return serveResponseUrl(this.#world, rest, { request, response });
      case 'control':
        return serveControl(this.#world, this, { request, response, what: rest });
      default:
        if (page === null || request.method !== 'GET') return sendText(response, 404, 'not found');
        return servePage(page, pathname, response);
    }
  }

  #countConnection(socket: Socket): void {
    if (this.#appSockets.has(socket)) return;
    this.#appSockets.add(socket);
    this.#connections += 1;
  }

  /** Sockets the app has opened so far to the Web API and response_urls. */
  get connections(): number {
    return this.#connections;
  }

  /** Where signed deliveries go from now on. */
  connectApp(appUrl: string): void {
    this.#world.sender.appUrl = appUrl;
  }

  /** Cuts every connection and forgets what is still to be repeated. */
  async close(): Promise<void> {
    this.#world.events.close();
    this.#world.sender.close();
    this.sockets.drop();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** A slash command when it begins with `/`, else a message. */
  say(userId: string, channelId: string, text: string): Promise<Outcome> {
    return say(this.#world, { userId, channelId, text });
  }

  /** Types into the thread under a message. */
  reply(userId: string, thread: { channel: string; ts: string }, text: string): Promise<Outcome> {
    return say(this.#world, { userId, channelId: thread.channel, threadTs: thread.ts, text });
  }

  click(userId: string, place: Place, clicked: Click): Promise<Outcome> {
    return click(this.#world, { userId, place, ...clicked });
  }

  /** `values` are laid over what the form already holds. */
  submit(userId: string, viewId: string, values: FormState): Promise<SubmitOutcome> {
    return submit(this.#world, { userId, viewId, values });
  }

  closeModal(userId: string, viewId: string): Promise<Outcome> {
    return closeModal(this.#world, userId, viewId);
  }

  /** Types into an external menu; its options can be picked from then on. */
  suggest(userId: string, place: Place, search: Search): Promise<{ options: PlainTextOption[] }> {
    return suggest(this.#world, { userId, place, ...search });
  }

  /** One of the app's entries in Slack's own menus. */
  choose(chosen: ChosenShortcut): Promise<Outcome> {
    return chooseShortcut(this.#world, chosen);
  }

  openHome(userId: string): Promise<Outcome> {
    return openHome(this.#world, userId);
  }

  view(userId: string): PersonView {
    return screenOf(this.#world, userId);
  }

  /** Everything in a channel, other people's ephemeral messages too, oldest first. */
  messages(channelId: string): SimMessage[] {
    return this.#world.workspace.all(channelId).map(asSimMessage);
  }

  /** The app's direct conversation with a person. */
  dm(userId: string): string {
    const channel = this.#world.workspace.dm(userId);
    if (channel === null) throw new Error(`the app cannot write to ${userId}`);
    return channel.id;
  }

  /** Resolves with the first truthy value of `predicate`; rejects naming `what` after `limitMs` (real milliseconds). */
  async waitFor<T>(predicate: () => T | null | undefined | false, what: string, limitMs = 30_000): Promise<T> {
    const end = performance.now() + limitMs;
    for (;;) {
      const value = predicate();
      if (value !== null && value !== undefined && value !== false) return value;
      if (performance.now() > end) throw new Error(`waited ${limitMs} ms for ${what}`);
      await this.#changeOrTick();
    }
  }

  /** What the predicate looks at may lie outside the workspace, so look again every few milliseconds too. */
  #changeOrTick(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.off('changed', done);
        resolve();
      };
      const timer = setTimeout(done, 10);
      this.once('changed', done);
    });
  }

  /** Sends Slack's unsigned `ssl_check=1`; the app's HTTP status, 0 when it cannot be reached. */
  async sslCheck(): Promise<number> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return statusOf(await this.#world.sender.post('ssl_check=1&token=deprecated', type));
  }

  /** Posts any body with any headers to the app, for what Slack itself would never send. */
  async deliverRaw(body: string, headers: Record<string, string>): Promise<number> {
    return statusOf(await this.#world.sender.post(body, headers));
  }

  /** Sends the signed `url_verification` challenge; true when it was echoed. */
  async verifyRequestUrl(): Promise<boolean> {
    const challenge = this.#world.settings.random();
    const payload = { token: 'deprecated', type: 'url_verification', challenge };
    const answer = await this.#world.sender.send({ kind: 'event', payload });
    return answer.kind === 'answered' && answer.status === 200 && answer.body.includes(challenge);
  }

  /** tokens_revoked and app_uninstalled; every later call answers `token_revoked`. */
  async uninstall(): Promise<void> {
    this.#world.revoked = true;
    const { bot } = this.#world.settings;
    await this.#world.events.emit({ type: 'tokens_revoked', tokens: { oauth: [], bot: [bot.userId] } });
    await this.#world.events.emit({ type: 'app_uninstalled' });
  }
}

function statusOf(answer: Answer): number {
  return answer.kind === 'answered' ? answer.status : 0;
}
