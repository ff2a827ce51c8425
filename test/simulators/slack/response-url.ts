// The addresses handed to the app with commands and clicks: five posts within thirty minutes.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { applyMessage, parseObject } from './answers.ts';
import { mediaType, readBody, sendText } from './http.ts';
import { ApiError } from './methods/method.ts';
import { refuse, type World } from './world.ts';

type Exchange = { request: IncomingMessage; response: ServerResponse };
type Answer = { status: number; text: string };

/** Answers `POST /response/<id>`. */
export async function serveResponseUrl(world: World, id: string, { request, response }: Exchange): Promise<void> {
  const body = await readBody(request);
  const args = mediaType(request) === 'application/json' ? parseObject(body) : null;
  const fault = world.faults.take('response_url', null);
  const call = { method: 'response_url', args: args ?? {}, at: world.settings.now(), error: null as string | null };
  world.calls.push(call);
  if (fault?.kind === 'reset_before') {
    call.error = 'reset';
    request.socket.resetAndDestroy();
    return;
  }
  const { status, text } = fault?.kind === 'http' ? { status: fault.status, text: 'error' } : outcome(world, id, args);
  call.error = status === 200 ? '' : text;
  if (status !== 200) refuse(world, 'response_url', { error: text });
  sendText(response, status, text);
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
