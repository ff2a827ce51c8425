// Keystone's refusals, word for word.

import { Refusal } from '../exchange.ts';

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
};

const MALFORMED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.';

export function keystoneRefusal(status: number, message: string, headers: Record<string, string> = {}): Refusal {
  return new Refusal({ status, headers, body: { error: { code: status, message, title: TITLES[status] ?? 'Error' } } });
}

export function unauthorized(origin: string): Refusal {
  return keystoneRefusal(401, 'The request you have made requires authentication.', {
    'WWW-Authenticate': `Keystone uri="${origin}/identity/v3"`,
  });
}

export function malformed(what: string): Refusal {
  return keystoneRefusal(400, `${what} ${MALFORMED}`);
}

export function forbidden(why: string): Refusal {
  return keystoneRefusal(403, `You are not authorized to perform the requested action: ${why}.`);
}

export function credentialNotFound(id: string): Refusal {
  return keystoneRefusal(404, `Could not find Application Credential: ${id}.`);
}

/** The flat shape of Huawei's and OTC's own IAM calls. */
export function iamRefusal(status: number, code: string, message: string): Refusal {
  return new Refusal({ status, body: { error_msg: message, error_code: code } });
}
