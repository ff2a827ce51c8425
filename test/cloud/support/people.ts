// How the tests' people come to their tokens: by password, which the bot never does, then by what the cloud edge offers.
import { connectCloud, type Connection, type ScopedToken, type TokenSource } from '../../../src/openstack/client.ts';
import type { Cloud } from '../../../src/openstack/cloud.ts';
import { fetchCatalog, rescope, type IdentityService } from '../../../src/openstack/identity.ts';
import { createVersions } from '../../../src/openstack/versions.ts';
import type { Account, CloudUnderTest } from './cloud-under-test.ts';

/** How to reach a cloud, whoever asks. */
export type Access = Pick<CloudUnderTest, 'identity' | 'profile' | 'region' | 'interface'>;

/** Explicitly for no project. POST /v3/auth/tokens, method `password`. Throws CloudError. */
export async function unscopedToken(identity: IdentityService, person: Omit<Account, 'project'>): Promise<string> {
  const user = { name: person.name, password: person.password, domain: { name: person.domain } };
  const answer = await identity.http.send({
    method: 'POST',
    url: `${identity.authUrl}/auth/tokens`,
    body: { auth: { identity: { methods: ['password'], password: { user } }, scope: 'unscoped' } },
    secrets: [person.password],
    repeatAfterReset: true,
  });
  const token = answer.header('x-subject-token');
  if (token === null) throw new Error(`${person.name} got no token`);
  return token;
}

/** A new token for the person's own project, or for another one of theirs. */
export async function scopedToken(
  { identity }: Access,
  account: Account,
  project = account.project,
): Promise<ScopedToken> {
  const { value, expiresAt, catalog } = await rescope(identity, await unscopedToken(identity, account), project);
  return { value, expiresAt, projectId: project, catalog: catalog ?? (await fetchCatalog(identity, value)) };
}

/** A renewal would hide what a test wants to see. */
export function unchanging(token: ScopedToken): TokenSource {
  return { current: async () => token, renew: async () => token };
}

export type Connector = (account: Account, to?: { project?: string } & Partial<Connection>) => Promise<Cloud>;

/** Each person signs in to each project once. */
export function createConnector(access: Access): Connector {
  const tokens = new Map<string, Promise<ScopedToken>>();
  const versions = createVersions(access.identity.http, Date.now);
  return async (account, { project = account.project, ...change } = {}) => {
    const key = `${account.name} ${project}`;
    const token = tokens.get(key) ?? scopedToken(access, account, project);
    tokens.set(key, token);
    return connectCloud({
      tokens: unchanging(await token),
      http: access.identity.http,
      profile: access.profile,
      projectId: project,
      region: access.region,
      interface: access.interface,
      overrides: {},
      versions,
      ceiling: null,
      ...change,
    });
  };
}
