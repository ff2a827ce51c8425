// Nova's refusals, word for word.

import { Refusal, webobError, type Exchange } from '../exchange.ts';

const NAMES: Record<number, string> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  429: 'overLimit',
  501: 'notImplemented',
  503: 'serviceUnavailable',
};

/** The body of a fault: Nova names it after its status. */
export function novaFault(status: number, message: string): Record<string, unknown> {
  return { [NAMES[status] ?? 'computeFault']: { code: status, message } };
}

export function novaRefusal(status: number, message: string): Refusal {
  return new Refusal({
    status,
    headers: { 'Content-Type': 'application/json; charset=UTF-8' },
    body: novaFault(status, message),
  });
}

/** The 500 that names the exception, as Nova does even for races. */
export function unexpected(exception: string): Refusal {
  const advice =
    'Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if possible.';
  return novaRefusal(500, `${advice}\n<class '${exception}'>`);
}

export function serverNotFound(id: string): Refusal {
  return novaRefusal(404, `Instance ${id} could not be found.`);
}

/** The same in other words, by the few calls that look for the server in another place. */
export function notMapped(id: string): Refusal {
  return novaRefusal(404, `Instance ${id} has no mapping to a cell.`);
}

export function policyRefusal(rule: string): Refusal {
  return novaRefusal(403, `Policy doesn't allow os_compute_api:${rule} to be performed.`);
}

const GATEWAY = {
  '0101': [404, 'The API does not exist or has not been published in the environment.'],
  '0301': [401, 'Incorrect IAM authentication information: decrypt token fail'],
  '0307': [401, 'The token must be updated.'],
} as const;

/** The gateway in front of the commercial clouds, which speaks before Nova does. */
export function gatewayRefusal(exchange: Exchange, code: keyof typeof GATEWAY): Refusal {
  const [status, message] = GATEWAY[code];
  const request_id = exchange.requestId.slice('req-'.length).replaceAll('-', '');
  return new Refusal({ status, body: { error_msg: message, error_code: `APIGW.${code}`, request_id } });
}

/** keystonemiddleware in front of Nova: one text for no token, a wrong, an expired and a revoked one. */
export function middlewareUnauthorized(origin: string): Refusal {
  const error = { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' };
  return new Refusal({
    status: 401,
    headers: { 'Www-Authenticate': `Keystone uri="${origin}/identity"` },
    body: { error },
  });
}

export function identityUnavailable(exchange: Exchange): Refusal {
  const text =
    'The server is currently unavailable. Please try again at a later time.<br /><br />\nThe Keystone service is temporarily unavailable.\n\n';
  return new Refusal(webobError(exchange, '503 Service Unavailable', text));
}
