// Every call to Slack goes through here: one client per workspace, its own retries off, 429s kept from delaying anything else.
import { setTimeout as timer } from 'node:timers/promises';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { boltLogger } from './bolt-logger.ts';
import { type Failure, failureOf, ResponseUrlError } from './failures.ts';
import { createNames } from './names.ts';
import type { Authorize, Installation, Web, WebDeps } from './ports.ts';

/** Slack answers in well under a second; after this the outcome is unknown, and the caller decides. */
export const CALL_TIMEOUT_MS = 6000;
/** Pauses before repeating a harmless call: a blip is over by then, and a person does not wait longer. */
const AGAIN_AFTER_MS = [300, 1500];
const LONGEST_WAIT_MS = 30_000;

export function createWeb(deps: WebDeps): Web {
  const authorize = deps.authorize ?? oneWorkspace(deps.botToken, newClient(deps, deps.botToken));
  const clients = new Map<string, WebClient>();

  async function clientFor(teamId: string): Promise<WebClient> {
    const { botToken } = await authorize(teamId);
    const known = clients.get(teamId);
    if (known?.token === botToken) return known;
    const client = newClient(deps, botToken);
    clients.set(teamId, client);
    return client;
  }

  const call: Web['call'] = async (wanted, run) => {
    const client = await clientFor(wanted.teamId);
    const once = async () => counted(deps, wanted.method, async () => run(client));
    return wanted.again ? persist(once, deps.sleep ?? timer) : once();
  };

  const respond: Web['respond'] = async (url, body) => {
    await counted(deps, 'response_url', async () => checkAnswer(await postJson(deps.fetch ?? fetch, url, body)));
  };

  const check: Web['check'] = async () => {
    if (!deps.authorize) await authorize('');
  };

  return { authorize, call, respond, check, ...createNames(deps, call) };
}

/** The installation of a single workspace: whoever asks, it is this token. `auth.test` once, and again only after a failure. */
function oneWorkspace(botToken: string, client: WebClient): Authorize {
  let known: Promise<Installation> | null = null;
  const ask = async (): Promise<Installation> => {
    // https://docs.slack.dev/reference/methods/auth.test
    const answer = await client.auth.test();
    return { botToken, botId: answer.bot_id ?? '', botUserId: answer.user_id ?? '' };
  };
  return async () => {
    known ??= ask().catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

/**
 * Options are a fresh object for each client, and never hold `headers`: the client writes its token into what it is given, and a
 * shared object would carry one workspace's token to another.
 */
function newClient(deps: WebDeps, token: string): WebClient {
  const options: WebClientOptions = {
    ...(deps.apiUrl && { slackApiUrl: deps.apiUrl }),
    ...(deps.fetch && { fetch: deps.fetch }),
    logger: boltLogger(deps.log),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT_MS,
    // Slow calls must not make others queue; pacing is the outbox's business.
    maxRequestConcurrency: 500,
  };
  return new WebClient(token, options);
}

async function counted<T>(deps: WebDeps, method: string, run: () => Promise<T>): Promise<T> {
  const from = deps.now();
  try {
    const answer = await run();
    deps.observe?.call?.(method, 'ok', deps.now() - from);
    return answer;
  } catch (error) {
    deps.observe?.call?.(method, outcomeOf(failureOf(error)), deps.now() - from);
    throw error;
  }
}

async function persist<T>(once: () => Promise<T>, sleep: (ms: number) => Promise<unknown>): Promise<T> {
  for (const pause of AGAIN_AFTER_MS) {
    try {
      return await once();
    } catch (error) {
      const wait = waitBefore(failureOf(error), pause);
      if (wait === null) throw error;
      await sleep(wait);
    }
  }
  return once();
}

function waitBefore(failure: Failure, pause: number): number | null {
  if (failure.kind === 'refused') return null;
  if (failure.kind !== 'rate_limited') return pause;
  return failure.afterMs <= LONGEST_WAIT_MS ? failure.afterMs : null;
}

function outcomeOf(failure: Failure): string {
  return failure.kind === 'refused' ? failure.error : failure.kind;
}

async function postJson(send: typeof fetch, url: string, body: Record<string, unknown>): Promise<Response> {
  return send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
}

/** A response_url answers 200 `ok` or `{"ok":true}`; refusals come as 4xx, or as `{"ok":false}` in a 200. */
async function checkAnswer(answer: Response): Promise<void> {
  const body = await answer.text();
  if (answer.status >= 500) throw new Error(`response_url answered ${answer.status}`);
  if (!answer.ok || /"ok"\s*:\s*false/.test(body)) throw new ResponseUrlError(answer.status);
}
