// The Web API over HTTP: reads the call, lets faults happen, checks token, rate and scope, and answers.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mediaType, readBody, sendJson } from './http.ts';
import type { Call } from './journal.ts';
import { chat } from './methods/chat.ts';
import { conversations } from './methods/conversations.ts';
import { directory } from './methods/directory.ts';
import { ApiError, optional, type Args, type Method, type Result } from './methods/method.ts';
import { views } from './methods/views.ts';
import { parseObject } from './answers.ts';
import { failsAfter, failsBefore, type Exchange } from './misbehave.ts';
import { refuse, type World } from './world.ts';

const METHODS: Record<string, Method> = { ...chat, ...conversations, ...directory, ...views };

type Received = { name: string; args: Args; token: string };

/** Answers `POST /api/<name>` (or GET). */
export async function serveApi(world: World, name: string, exchange: Exchange): Promise<void> {
  const received = await receive(name, exchange.request);
  const call: Call = { method: name, args: received.args, at: world.settings.now(), error: null };
  world.calls.push(call);
  const fault = world.faults.take(name, optional(received.args, 'channel') || null);
  if (failsBefore(fault, call, exchange)) return;
  const result = await outcome(world, received, exchange.response);
  call.error = result['ok'] === true ? '' : String(result['error']);
  if (await failsAfter(fault, exchange)) return;
  sendJson(exchange.response, result['error'] === 'ratelimited' ? 429 : 200, result);
}

async function outcome(world: World, received: Received, response: ServerResponse): Promise<Result> {
  const { name, args } = received;
  try {
    const method = METHODS[name];
    if (method === undefined) throw new ApiError('unknown_method', { req_method: name });
    checkToken(world, method, received.token);
    countRate(world, received, response);
    response.setHeader('x-oauth-scopes', world.settings.scopes.join(','));
    checkScope(world, method, { args, response });
    return { ok: true, ...(await method.run(args, world)) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const metadata = error.extra['response_metadata'] as { messages?: string[] } | undefined;
    refuse(world, name, { error: error.code, details: metadata?.messages ?? [] });
    return { ok: false, error: error.code, ...error.extra };
  }
}

function checkToken({ settings, revoked }: World, method: Method, token: string): void {
  if (method.token === 'none') return;
  if (token === '') throw new ApiError('not_authed');
  const known = [settings.botToken, settings.appToken].includes(token);
  if (!known) throw new ApiError('invalid_auth');
  if (revoked) throw new ApiError('token_revoked');
  const right = method.token === 'app' ? settings.appToken : settings.botToken;
  if (token !== right) throw new ApiError('not_allowed_token_type');
}

function countRate(world: World, { name, args }: Received, response: ServerResponse): void {
  if (!world.settings.rateLimits) return;
  const wait = world.rates.count(name, optional(args, 'channel') || null);
  if (wait === null) return;
  response.setHeader('retry-after', String(wait));
  throw new ApiError('ratelimited');
}

function checkScope(world: World, method: Method, call: { args: Args; response: ServerResponse }): void {
  const needed = typeof method.scope === 'function' ? method.scope(call.args, world) : (method.scope ?? null);
  if (needed === null) return;
  call.response.setHeader('x-accepted-oauth-scopes', needed);
  const { scopes } = world.settings;
  if (!scopes.includes(needed)) throw new ApiError('missing_scope', { needed, provided: scopes.join(',') });
}

/** The token comes in the header, or in a form; one inside a JSON body does not count. */
async function receive(name: string, request: IncomingMessage): Promise<Received> {
  const body = await readBody(request);
  const isJson = mediaType(request) === 'application/json';
  const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const form = Object.fromEntries([...searchParams, ...(isJson ? [] : new URLSearchParams(body))]);
  const { token: formToken, ...rest } = form;
  const [, bearer] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const { token: _ignored, ...json } = isJson ? (parseObject(body) ?? {}) : {};
  return { name, args: { ...unpacked(rest), ...json }, token: bearer ?? formToken ?? '' };
}

const STRUCTURED = ['blocks', 'view', 'metadata', 'message', 'attachments'];

/** Forms carry structures as JSON text. Text that is no JSON stays text, and the method refuses it. */
function unpacked(form: Record<string, string>): Args {
  const args: Args = { ...form };
  for (const name of STRUCTURED) {
    const value = form[name];
    if (value !== undefined) args[name] = parsed(value);
  }
  return args;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
