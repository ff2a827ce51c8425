// Somebody with a token, speaking bare HTTP to the simulated cloud: the tests' own client, as thin as can be.

import type { CloudSimulator } from '../cloud-simulator.ts';
import { isRecord } from '../exchange.ts';
import { SEED_PASSWORD } from '../seeds.ts';

export type Seen = { status: number; headers: Headers; body: unknown; text: string };

export type Asking = { method?: string; body?: unknown; headers?: Record<string, string>; version?: string };

export type Person = {
  token: string;
  /** Below `/compute/v2.1`. */
  ask(path: string, asking?: Asking): Promise<Seen>;
  act(serverId: string, action: unknown): Promise<Seen>;
  /** The server's own view. */
  seen(serverId: string, version?: string): Promise<Record<string, unknown>>;
};

/** One request below the simulator's origin. JSON is asked for unless the headers say otherwise. */
export async function send(cloud: CloudSimulator, path: string, asking: Asking = {}): Promise<Seen> {
  const { method = 'GET', body, headers = {}, version } = asking;
  const response = await fetch(`${cloud.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(version === undefined ? {} : { 'X-OpenStack-Nova-API-Version': version }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text), text };
}

/** A token by password, for a project by name, or for none. */
export async function signIn(cloud: CloudSimulator, name: string, project: string | null): Promise<Seen> {
  const user = { name, password: SEED_PASSWORD, domain: { name: 'Default' } };
  const scope = project === null ? 'unscoped' : { project: { name: project, domain: { name: 'Default' } } };
  return send(cloud, '/identity/v3/auth/tokens', {
    method: 'POST',
    body: { auth: { identity: { methods: ['password'], password: { user } }, scope } },
  });
}

export async function person(cloud: CloudSimulator, name: string, project: string | null): Promise<Person> {
  const answer = await signIn(cloud, name, project);
  const token = answer.headers.get('x-subject-token');
  if (token === null) throw new Error(`${name} got no token: ${answer.status} ${answer.text}`);
  return personWith(cloud, token);
}

/** Somebody who comes with an application credential instead of a password. */
export async function bearerOf(cloud: CloudSimulator, credential: { id: string; secret: string }): Promise<Person> {
  const identity = { methods: ['application_credential'], application_credential: credential };
  const answer = await send(cloud, '/identity/v3/auth/tokens', { method: 'POST', body: { auth: { identity } } });
  const token = answer.headers.get('x-subject-token');
  if (token === null) throw new Error(`no token for the credential: ${answer.status} ${answer.text}`);
  return personWith(cloud, token);
}

export function personWith(cloud: CloudSimulator, token: string): Person {
  const ask = async (path: string, asking: Asking = {}): Promise<Seen> =>
    send(cloud, `/compute/v2.1${path}`, { ...asking, headers: { 'X-Auth-Token': token, ...asking.headers } });
  return {
    token,
    ask,
    act: async (serverId, action) => ask(`/servers/${serverId}/action`, { method: 'POST', body: action }),
    async seen(serverId, version) {
      const { body, text } = await ask(`/servers/${serverId}`, version === undefined ? {} : { version });
      const server = isRecord(body) ? body['server'] : null;
      if (!isRecord(server)) throw new Error(`no server in the answer: ${text}`);
      return server;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
