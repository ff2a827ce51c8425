// Tokens and application credentials: what signs a person in, what does not, and how either ends.
import { describe, expect, test } from 'vitest';
import type { TokenSource } from '../../src/openstack/client.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import {
  applicationCredentialToken,
  fetchCatalog,
  listProjects,
  rescope,
  revokeToken,
  type IssuedToken,
} from '../../src/openstack/identity.ts';
import { listServers, stopServer } from '../../src/openstack/servers.ts';
import type { Credential } from './support/cloud-under-test.ts';
import { scopedToken, unchanging, unscopedToken } from './support/people.ts';
import { unknownId } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';

const house = await useCloud();
const { under } = house;
const { identity } = under;
const { member } = under.people;

/** A credential of the member's, deleted after the test. */
async function credential(limits: { roles?: string[]; expiresAt?: number } = {}): Promise<Credential> {
  const made = await under.addCredential(member, limits);
  house.after(async () => under.removeCredential(member, made.id));
  return made;
}

/** With this token and no other. */
async function connectWith(token: Pick<IssuedToken, 'value' | 'expiresAt'>): Promise<Cloud> {
  const { catalog } = await scopedToken(under, member);
  return house.member({ tokens: unchanging({ ...token, projectId: member.project, catalog }) });
}

describe('an application credential', () => {
  test('signs its owner in to its project, with the catalog and the roles', async () => {
    const before = Date.now();
    const token = await applicationCredentialToken(identity, await credential());
    expect(token).toMatchObject({ user: { name: member.name }, project: { id: member.project } });
    expect(token.expiresAt).toBeGreaterThan(before);
    expect(token.roles).toContain('member');
    expect(token.catalog?.map(({ type }) => type)).toContain('compute');
    await listServers(await connectWith(token), { limit: 1 });
  });

  test('with the wrong secret is not accepted', async () => {
    const { id } = await credential();
    await expect(applicationCredentialToken(identity, { id, secret: 'a-wrong-secret' })).rejects.toMatchObject({
      kind: 'unauthorized',
      status: 401,
      serviceMessage: 'The request you have made requires authentication.',
    });
  });

  test('that does not exist is not found', async () => {
    const made = { id: unknownId().replaceAll('-', ''), secret: 'whatever' };
    await expect(applicationCredentialToken(identity, made)).rejects.toMatchObject({ kind: 'not_found', status: 404 });
  });

  test('that was deleted is not found, and takes its tokens with it', async () => {
    const made = await under.addCredential(member, {});
    const token = await applicationCredentialToken(identity, made);
    await under.removeCredential(member, made.id);
    const refused = { kind: 'not_found', serviceMessage: `Could not find Application Credential: ${made.id}.` };
    await expect(applicationCredentialToken(identity, made)).rejects.toMatchObject(refused);
    await expect(listProjects(identity, token.value)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('cannot be turned into a token for another project', async (context) => {
    const project = needs(context, under.otherProject);
    const token = await applicationCredentialToken(identity, await credential());
    await expect(rescope(identity, token.value, project)).rejects.toMatchObject({ kind: 'forbidden', status: 403 });
  });

  test('limited to the member role may change servers and not look at them', async () => {
    const { id } = await house.server();
    const token = await applicationCredentialToken(identity, await credential({ roles: ['member'] }));
    expect(token.roles).toEqual(['member']);
    const cloud = await connectWith(token);
    await expect(listServers(cloud, { limit: 1 })).rejects.toMatchObject({
      kind: 'forbidden',
      serviceMessage: "Policy doesn't allow os_compute_api:servers:detail to be performed.",
    });
    await stopServer(cloud, id, { hard: false });
  });

  test('limited to member and reader may do both', async () => {
    const token = await applicationCredentialToken(identity, await credential({ roles: ['member', 'reader'] }));
    await listServers(await connectWith(token), { limit: 1 });
  });

  test('ends when it says, its tokens too, at once and everywhere', async () => {
    const expiresAt = Math.floor(Date.now() / 1000) * 1000 + 4000;
    const made = await credential({ expiresAt });
    const token = await applicationCredentialToken(identity, made);
    const cloud = await connectWith(token);
    await listServers(cloud, { limit: 1 });
    expect(token.expiresAt).toBe(expiresAt);
    await untilRefused(async () => applicationCredentialToken(identity, made), 'the credential to end');
    await expect(listServers(cloud, { limit: 1 })).rejects.toMatchObject({ kind: 'unauthorized', status: 401 });
    await expect(listProjects(identity, token.value)).rejects.toMatchObject({ kind: 'unauthorized' });
  });
});

describe('a token without a project', () => {
  test('lists its projects and becomes a token for each of them, which ends no later', async () => {
    const unscoped = await unscopedToken(identity, member);
    const projects = await listProjects(identity, unscoped);
    expect(projects.map(({ id }) => id)).toContain(member.project);
    for (const { id, name } of projects) {
      const scoped = await rescope(identity, unscoped, id);
      expect(scoped).toMatchObject({ project: { id, name }, user: { name: member.name } });
      expect(scoped.catalog).not.toBeNull();
    }
  });

  test('a further token from the first ends when the first does', async (context) => {
    const project = needs(context, under.otherProject);
    const first = await scopedToken(under, member);
    const second = await rescope(identity, first.value, project);
    expect(second).toMatchObject({ project: { id: project }, expiresAt: first.expiresAt });
  });

  test('does not become one for a project the person has no part in', async (context) => {
    const project = needs(context, under.otherProject);
    const reader = needs(context, under.people.reader);
    const unscoped = await unscopedToken(identity, reader);
    expect((await listProjects(identity, unscoped)).map(({ id }) => id)).not.toContain(project);
    await expect(rescope(identity, unscoped, project)).rejects.toMatchObject({ kind: 'unauthorized', status: 401 });
    await expect(rescope(identity, unscoped, unknownId())).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  test('is refused by the compute service for want of a role, not of a token', async () => {
    const value = await unscopedToken(identity, member);
    const cloud = await connectWith({ value, expiresAt: Date.now() + 60_000 });
    await expect(listServers(cloud, { limit: 1 })).rejects.toMatchObject({ kind: 'forbidden', status: 403 });
  });

  test('has no catalog to give', async () => {
    const value = await unscopedToken(identity, member);
    await expect(fetchCatalog(identity, value)).rejects.toMatchObject({ kind: 'forbidden' });
    const scoped = await scopedToken(under, member);
    expect(await fetchCatalog(identity, scoped.value)).toEqual(scoped.catalog);
  });
});

test('a wrong password signs nobody in', async () => {
  const impostor = { ...member, password: 'not-the-password' };
  await expect(unscopedToken(identity, impostor)).rejects.toMatchObject({ kind: 'unauthorized' });
});

describe('a revoked token', () => {
  test('is refused by Keystone at once, and by a compute service that has not seen it', async () => {
    const token = await scopedToken(under, member);
    await revokeToken(identity, token.value);
    await expect(listProjects(identity, token.value)).rejects.toMatchObject({ kind: 'unauthorized' });
    await expect(listServers(await connectWith(token), { limit: 1 })).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  test('or one that never was cannot be exchanged: it is not found, rather than not accepted', async () => {
    const token = await scopedToken(under, member);
    await revokeToken(identity, token.value);
    const exchange = async (value: string): Promise<IssuedToken> => rescope(identity, value, member.project);
    await expect(exchange(token.value)).rejects.toMatchObject({
      kind: 'not_found',
      serviceMessage: 'Failed to validate token',
    });
    await expect(exchange('nonsense')).rejects.toMatchObject({ kind: 'not_found', status: 404 });
  });

  test('goes on working where it was seen before: only who forgets it is rid of it', async (context) => {
    needs(context, under.remembersTokens);
    const token = await scopedToken(under, member);
    const cloud = await connectWith(token);
    await listServers(cloud, { limit: 1 });
    await revokeToken(identity, token.value);
    await listServers(cloud, { limit: 1 });
  });

  test('can be revoked again', async () => {
    const { value } = await scopedToken(under, member);
    await revokeToken(identity, value);
    await expect(revokeToken(identity, value)).resolves.toBeUndefined();
  });

  test('ends alone: neither the one it came from, nor those made from it', async () => {
    const unscoped = await unscopedToken(identity, member);
    const parent = await rescope(identity, unscoped, member.project);
    const child = await rescope(identity, parent.value, member.project);
    await revokeToken(identity, parent.value);
    expect(await listProjects(identity, unscoped)).not.toEqual([]);
    expect(await listProjects(identity, child.value)).not.toEqual([]);
  });

  test('is renewed once by the connection, and the call goes on', async () => {
    const [dead, fresh] = [await scopedToken(under, member), await scopedToken(under, member)];
    await revokeToken(identity, dead.value);
    const renewed: string[] = [];
    const tokens: TokenSource = {
      current: async () => dead,
      renew: async (rejected) => {
        renewed.push(rejected);
        return fresh;
      },
    };
    await listServers(await house.member({ tokens }), { limit: 1 });
    expect(renewed).toEqual([dead.value]);
  });
});

test.each(['nonsense', '', 'gAAAAAB-not-a-token'])('a token that is none (“%s”) is refused', async (value) => {
  const cloud = await connectWith({ value, expiresAt: Date.now() + 60_000 });
  await expect(listServers(cloud, { limit: 1 })).rejects.toMatchObject({ kind: 'unauthorized', status: 401 });
});

test('many calls after revocations in a row all come through, whatever the service does with its connections', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { value } = await scopedToken(under, member);
    await revokeToken(identity, value);
  }
});

/** Until the call is refused as unauthorized. */
async function untilRefused(call: () => Promise<unknown>, what: string): Promise<void> {
  await house.until(
    async () =>
      call().then(
        () => false,
        (error: unknown) => {
          expect(error).toMatchObject({ kind: 'unauthorized' });
          return true;
        },
      ),
    what,
  );
}
