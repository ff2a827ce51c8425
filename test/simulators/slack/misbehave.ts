// Lets a fault happen to a call of the app, before its effect or after.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { unreachable } from '../../../src/errors.ts';
import type { Fault } from './faults.ts';
import { sendJson, sendText } from './http.ts';
import type { Call } from './journal.ts';
import { pause } from './sender.ts';

export type Exchange = { request: IncomingMessage; response: ServerResponse };

/** Faults that come in place of the call; true when the exchange is over. */
export function failsBefore(fault: Fault | null, call: Call, { request, response }: Exchange): boolean {
  switch (fault?.kind) {
    case 'reset_before':
      call.error = 'reset';
      request.socket.resetAndDestroy();
      return true;
    case 'http':
      call.error = `http_${fault.status}`;
      sendText(response, fault.status, '<html><body>upstream connect error</body></html>');
      return true;
    case 'error':
      call.error = fault.error;
      sendJson(response, 200, { ok: false, error: fault.error });
      return true;
    case 'rate_limited':
      call.error = 'ratelimited';
      if (fault.retryAfter !== null) response.setHeader('retry-after', String(fault.retryAfter));
      sendJson(response, 429, { ok: false, error: 'ratelimited' });
      return true;
    case undefined:
    case 'reset_after':
    case 'delay':
      return false;
    default:
      return unreachable(fault);
  }
}

/** Faults between the call's effect and its answer; true when there is no answer to send any more. */
export async function failsAfter(fault: Fault | null, { request }: Exchange): Promise<boolean> {
  if (fault?.kind === 'delay') await pause(fault.ms);
  if (fault?.kind !== 'reset_after') return false;
  request.socket.resetAndDestroy();
  return true;
}
