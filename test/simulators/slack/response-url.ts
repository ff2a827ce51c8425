// The addresses handed to the app with commands and clicks: five posts within thirty minutes.
import { applyMessage, parseObject } from './answers.ts';
import { mediaType, readBody, sendText } from './http.ts';
import type { Call } from './journal.ts';
import { ApiError } from './methods/method.ts';
import { failsAfter, failsBefore, type Exchange } from './misbehave.ts';
import { refuse, type World } from './world.ts';

type Answer = { status: number; text: string };

/** Answers `POST /response/<id>`. */
export async function serveResponseUrl(world: World, id: string, exchange: Exchange): Promise<void> {
  const body = await readBody(exchange.request);
  const args = mediaType(exchange.request) === 'application/json' ? parseObject(body) : null;
  const call: Call = { method: 'response_url', args: args ?? {}, at: world.settings.now(), error: null };
  world.calls.push(call);
  const fault = world.faults.take('response_url', null);
  if (failsBefore(fault, call, exchange)) return;
  const { status, text } = outcome(world, id, args);
  call.error = status === 200 ? '' : text;
  if (status !== 200) refuse(world, 'response_url', { error: text });
  if (!(await failsAfter(fault, exchange))) sendText(exchange.response, status, text);
}

function outcome(world: World, id: string, args: Record<string, unknown> | null): Answer {
  const about = world.responseUrls.take(id);
  if (typeof about === 'string') return { status: 404, text: about };
  if (args === null) return { status: 400, text: 'invalid_payload' };
  try {
    applyMessage(world, about, args);
    return { status: 200, text: 'ok' };
  } catch (error) {
    if (error instanceof ApiError) return { status: 400, text: error.code };
    throw error;
  }
}
