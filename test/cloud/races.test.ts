// Two people at the same instant. Nova keeps no order between them, so these say what a client may rely on, and no more:
// somebody is told yes, nobody is told a clean no that is untrue, and whoever looks afterwards sees how it ended.
import { expect, test } from 'vitest';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { isAmbiguous, isCloudError } from '../../src/openstack/errors.ts';
import { listServerActions } from '../../src/openstack/server-actions.ts';
import type { Server } from '../../src/openstack/server.ts';
import { confirmResize, resizeServer, revertResize, stopServer, type Accepted } from '../../src/openstack/servers.ts';
import { useCloud } from './support/use-cloud.ts';
import { settled, watch } from './support/watching.ts';

const house = await useCloud();
const { small, medium } = house.under.flavors;

type Outcome = PromiseSettledResult<Accepted>;

/** Refused in so many words, and nothing done. */
function isCleanNo(outcome: Outcome): boolean {
  if (outcome.status === 'fulfilled') return false;
  return isCloudError(outcome.reason, 'conflict') || isCloudError(outcome.reason, 'bad_request');
}

function isYes(outcome: Outcome): boolean {
  return outcome.status === 'fulfilled';
}

function isUncertain(outcome: Outcome): boolean {
  return outcome.status === 'rejected' && isAmbiguous(outcome.reason);
}

/** Nothing else may come out of a call that changes something. */
function expectKnownOutcomes(outcomes: Outcome[]): void {
  for (const outcome of outcomes) {
    expect(isYes(outcome) || isCleanNo(outcome) || isUncertain(outcome), JSON.stringify(outcome)).toBe(true);
  }
  expect(outcomes.some(isYes), 'somebody is told yes').toBe(true);
}

async function waiting(): Promise<string> {
  const { id } = await house.server();
  await resizeServer(await house.member(), id, medium);
  await settled(await house.watcher(), id, 'VERIFY_RESIZE');
  return id;
}

/** When it is over: no task, and no more waiting. */
async function afterwards(id: string): Promise<Server> {
  const { server } = await watch(await house.watcher(), id, {
    when: ({ status, taskState }) => taskState === null && status !== 'VERIFY_RESIZE',
    what: `${id} to have come out of the race`,
  });
  return server;
}

async function both(one: (cloud: Cloud) => Promise<Accepted>, other: (cloud: Cloud) => Promise<Accepted>) {
  const cloud = await house.member();
  return Promise.allSettled([one(cloud), other(cloud)]);
}

test('two confirms: the resize stands, or the server is broken and says so', async () => {
  const id = await waiting();
  const confirm = async (cloud: Cloud): Promise<Accepted> => confirmResize(cloud, id);
  expectKnownOutcomes(await both(confirm, confirm));
  const server = await afterwards(id);
  expect(server.flavor).toMatchObject({ name: await house.nameOf(medium) });
  expect(server.status).toMatch(/^(ACTIVE|ERROR)$/);
  expect(server.fault !== null, 'a fault where there is an ERROR, and only there').toBe(server.status === 'ERROR');
});

test('a confirm and a revert: one of the two flavors, or the server is broken and says so', async () => {
  const id = await waiting();
  const outcomes = await both(
    async (cloud) => confirmResize(cloud, id),
    async (cloud) => revertResize(cloud, id),
  );
  expectKnownOutcomes(outcomes);
  const server = await afterwards(id);
  expect([await house.nameOf(small), await house.nameOf(medium)]).toContain(flavorName(server));
  expect(server.status).toMatch(/^(ACTIVE|ERROR)$/);
  expect(server.fault !== null, 'a fault where there is an ERROR, and only there').toBe(server.status === 'ERROR');
});

test('two resizes: the server is resized once, whatever the two were told, and each yes is on record', async () => {
  const { id } = await house.server();
  const resize = async (cloud: Cloud): Promise<Accepted> => resizeServer(cloud, id, medium);
  const outcomes = await both(resize, resize);
  expectKnownOutcomes(outcomes);
  const { server } = await settled(await house.watcher(), id, 'VERIFY_RESIZE');
  expect(flavorName(server)).toBe(await house.nameOf(medium));
  const recorded = (await listServerActions(await house.member(), id)).map(({ requestId }) => requestId);
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') expect(recorded).toContain(outcome.value.requestId);
  }
  // The one to confirm is still the one: nothing is left behind that a second look would find.
  await confirmResize(await house.member(), id);
  expect((await settled(await house.watcher(), id, 'ACTIVE')).server.fault).toBeNull();
});

test('a stop and a resize: one of them is done', async () => {
  const { id } = await house.server();
  const outcomes = await both(
    async (cloud) => stopServer(cloud, id, { hard: false }),
    async (cloud) => resizeServer(cloud, id, medium),
  );
  expectKnownOutcomes(outcomes);
  const { server } = await watch(await house.watcher(), id, {
    when: ({ status, taskState }) => taskState === null && status !== 'ACTIVE',
    what: `${id} to be stopped or resized`,
  });
  expect(server.status).toMatch(/^(SHUTOFF|VERIFY_RESIZE)$/);
});

test('the second of two resizes in a row is a clean no while the first is under way', async () => {
  const cloud = await house.member();
  const { id } = await house.server();
  await resizeServer(cloud, id, medium);
  await expect(resizeServer(cloud, id, medium)).rejects.toMatchObject({
    kind: 'conflict',
    serviceMessage: expect.stringMatching(
      /^Cannot 'resize' instance \S+ while it is in (task_state resize_|vm_state resized)/,
    ),
  });
  await settled(await house.watcher(), id, 'VERIFY_RESIZE');
});

function flavorName({ flavor }: Server): string | null {
  return flavor !== null && 'name' in flavor ? flavor.name : null;
}
