// Calls to the simulated Keystone that several tests make.

import type { CloudSimulator } from '../cloud-simulator.ts';
import { send, type Seen } from './person.ts';

export const inDefault = (name: string): unknown => ({ project: { name, domain: { id: 'default' } } });

/** POST /v3/auth/tokens */
export async function post(cloud: CloudSimulator, auth: unknown, query = ''): Promise<Seen> {
  return send(cloud, `/identity/v3/auth/tokens${query}`, { method: 'POST', body: { auth } });
}

export async function rescope(cloud: CloudSimulator, token: string, scope: unknown): Promise<Seen> {
  return post(cloud, { identity: { methods: ['token'], token: { id: token } }, scope });
}

/** A call with the caller's token and, for some, a token that it is about. */
export type TokenCall = { token: string; method?: string; subject?: string };

export async function withToken(cloud: CloudSimulator, path: string, call: TokenCall): Promise<Seen> {
  const subject = call.subject === undefined ? {} : { 'X-Subject-Token': call.subject };
  const headers = { 'X-Auth-Token': call.token, ...subject };
  return send(cloud, `/identity${path}`, { method: call.method ?? 'GET', headers });
}

export function tokenOf(seen: Seen): string {
  const token = seen.headers.get('x-subject-token');
  if (token === null) throw new Error(`no token: ${seen.status} ${seen.text}`);
  return token;
}
