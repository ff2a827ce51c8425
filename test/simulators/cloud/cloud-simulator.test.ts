// The story that the whole product is about, told to the simulated cloud by bare HTTP.

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from './cloud-simulator.ts';
import { person } from './testing/person.ts';

let cloud: CloudSimulator;

afterEach(async () => cloud.close());

test('a member stops, resizes, confirms and starts a server', async () => {
  cloud = await CloudSimulator.start({ pace: 'manual', raceWindowMs: 0 });
  const alice = await person(cloud, 'alice', 'demo');
  const { id } = cloud.server('web-1');

  expect((await alice.act(id, { 'os-stop': null })).status).toBe(202);
  expect(await alice.seen(id)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': 'powering-off' });
  cloud.finish('web-1');
  expect(await alice.seen(id)).toMatchObject({ status: 'SHUTOFF', 'OS-EXT-STS:power_state': 4 });

  expect((await alice.act(id, { resize: { flavorRef: '13' } })).status).toBe(202);
  expect(await alice.seen(id)).toMatchObject({ status: 'RESIZE', flavor: { id: '11' } });
  cloud.finish('web-1');
  expect(await alice.seen(id)).toMatchObject({ status: 'VERIFY_RESIZE', flavor: { id: '13' } });

  expect((await alice.act(id, { confirmResize: null })).status).toBe(204);
  expect(await alice.seen(id)).toMatchObject({ status: 'VERIFY_RESIZE', 'OS-EXT-STS:task_state': null });
  cloud.finish('web-1');
  expect(await alice.seen(id)).toMatchObject({ status: 'SHUTOFF', flavor: { id: '13' } });

  expect((await alice.act(id, { 'os-start': null })).status).toBe(202);
  cloud.finish('web-1');
  expect(await alice.seen(id)).toMatchObject({ status: 'ACTIVE', flavor: { id: '13' } });
  expect(cloud.actionsOf('web-1').map(({ action }) => action)).toEqual([
    'start',
    'confirmResize',
    'resize',
    'stop',
    'create',
  ]);
});
