// Application credentials made and deleted by their owners, compared with what a real Keystone answered.
import { afterEach, expect, test } from 'vitest';
import { CloudSimulator } from '../cloud-simulator.ts';
import { bearerOf, person, send, type Seen } from '../testing/person.ts';
import { comparable, read, recordedRefusal, shapeOf } from '../testing/recorded.ts';

let cloud: CloudSimulator;
const NOW = Date.parse('2026-11-20T21:00:00Z');

afterEach(async () => cloud.close());

type Asking = { token: string; user?: string; wanted?: Record<string, unknown>; method?: string; id?: string };

async function ask({ token, user = 'alice', wanted, method = 'POST', id }: Asking): Promise<Seen> {
  const path = `/identity/v3/users/${cloud.world.user(user).id}/application_credentials${id === undefined ? '' : `/${id}`}`;
  const body = wanted === undefined ? {} : { body: { application_credential: wanted } };
  return send(cloud, path, { method, headers: { 'X-Auth-Token': token }, ...body });
}

function made({ body }: Seen): { id: string; secret: string } {
  return (body as { application_credential: { id: string; secret: string } }).application_credential;
}

test('one looks like a real one, works, and ends with its tokens when it is deleted', async () => {
  cloud = await CloudSimulator.start({ now: () => NOW });
  const { token } = await person(cloud, 'alice', 'demo');
  const seen = await ask({ token, wanted: { name: 'check-bot', roles: [{ name: 'member' }] } });
  expect(seen.status).toBe(201);
  expect(shapeOf(seen.body)).toEqual(shapeOf(JSON.parse(read('keystone-appcred-create.json'))));
  const bearer = await bearerOf(cloud, made(seen));
  expect((await ask({ token, method: 'DELETE', id: made(seen).id })).status).toBe(204);
  await expect(bearerOf(cloud, made(seen))).rejects.toThrow('404');
  expect((await bearer.ask('/servers')).status).toBe(401);
});

test.each<[file: string, provoke: () => Promise<Seen>]>([
  [
    'errors/keystone-appcred-expired-create-400',
    async () => {
      const { token } = await person(cloud, 'alice', 'demo');
      return ask({ token, wanted: { name: 'late', expires_at: '2020-01-01T00:00:00Z' } });
    },
  ],
  [
    'errors/keystone-appcred-nested-403',
    async () => {
      const { token } = await bearerOf(cloud, cloud.applicationCredential('alice', 'demo'));
      return ask({ token, wanted: { name: 'nested' } });
    },
  ],
])('is refused as a real Keystone refused it: %s', async (file, provoke) => {
  cloud = await CloudSimulator.start({ now: () => NOW });
  const recorded = recordedRefusal(file);
  expect(comparable(await provoke(), recorded)).toEqual(recorded);
});

test('is refused for somebody else, for a role one does not have, and without a name', async () => {
  cloud = await CloudSimulator.start({ now: () => NOW });
  const { token } = await person(cloud, 'carol', 'demo');
  expect((await ask({ token, user: 'bob', wanted: { name: 'mine' } })).status).toBe(403);
  const beyond = { name: 'more', roles: [{ name: 'member' }] };
  expect((await ask({ token, user: 'carol', wanted: beyond })).status).toBe(400);
  expect((await ask({ token, user: 'carol', wanted: {} })).status).toBe(400);
  const others = cloud.applicationCredential('alice', 'demo');
  expect((await ask({ token, user: 'carol', method: 'DELETE', id: others.id })).status).toBe(404);
});

test('is unknown to the commercial clouds', async () => {
  cloud = await CloudSimulator.start({ mode: 'otc', now: () => NOW });
  const { token } = await person(cloud, 'alice', 'demo');
  expect((await ask({ token, wanted: { name: 'check-bot' } })).status).toBe(404);
});
