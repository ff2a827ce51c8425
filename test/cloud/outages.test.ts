// Parts of the cloud that are down while the rest answers: what is accepted then, and what becomes of it.
import { describe, expect, test, type TestContext } from 'vitest';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { isAmbiguous } from '../../src/openstack/errors.ts';
import { showFlavor } from '../../src/openstack/flavors.ts';
import { listServerActions, showServerAction } from '../../src/openstack/server-actions.ts';
import { listServers, resizeServer, showServer, startServer, stopServer } from '../../src/openstack/servers.ts';
import { useCloud, type TestServer } from './support/use-cloud.ts';
import { settled, watch } from './support/watching.ts';

const house = await useCloud();
const { small, medium } = house.under.flavors;

const UNAVAILABLE = { kind: 'unavailable', status: 500, code: 'computeFault' };

/** Null where Nova answered with a 500, which says nothing about whether it was done. */
async function requestIdOfResize(cloud: Cloud, id: string): Promise<string | null> {
  try {
    return (await resizeServer(cloud, id, medium)).requestId;
  } catch (error) {
    expect(error).toMatchObject(UNAVAILABLE);
    expect(isAmbiguous(error)).toBe(true);
    return null;
  }
}

/**
 * Nova asks the network service what it can do, and goes by the answer for ten minutes. Whoever finds it known is told
 * 202 and not 500: nobody can say beforehand which of the two, so what is there afterwards has to be looked at.
 */
async function expectResizedInVain(context: TestContext, { id }: TestServer): Promise<void> {
  const cloud = await house.member();
  const before = await showServer(cloud, id);
  const mend = await house.without(context, 'network');
  const requestId = await requestIdOfResize(cloud, id);
  if (requestId !== null) {
    await house.until(async () => (await showServerAction(cloud, id, requestId))?.failed, 'the resize to have failed');
  }
  await mend();
  const { status, flavor } = before;
  const { server } = await settled(await house.watcher(), id, status);
  expect(server).toMatchObject({ flavor, vmState: before.vmState, fault: null });
  const resizes = (await listServerActions(cloud, id)).filter(({ action }) => action === 'resize');
  expect(resizes).toMatchObject(requestId === null ? [] : [{ requestId, failed: true }]);
}

/** Nova has just heard from the network service, if the same part of it is asked again. */
async function afterAnotherResize(): Promise<TestServer> {
  const other = await house.server();
  await resizeServer(await house.member(), other.id, medium);
  await settled(await house.watcher(), other.id, 'VERIFY_RESIZE');
  return house.server();
}

describe('without its network service, a cloud', () => {
  test('accepts a start that comes to nothing: the record alone says so', async (context) => {
    const cloud = await house.member();
    const { id } = await house.stoppedServer();
    const mend = await house.without(context, 'network');
    const { requestId } = await startServer(cloud, id);
    // The server itself cannot be shown now, its record can.
    await house.until(
      async () => (await showServerAction(cloud, id, requestId ?? ''))?.failed,
      'the start to have failed',
    );
    await mend();
    const { server } = await settled(await house.watcher(), id, 'SHUTOFF');
    expect(server).toMatchObject({ vmState: 'stopped', fault: null });
    await startServer(cloud, id);
    await settled(await house.watcher(), id, 'ACTIVE');
  });

  test('stops a server all the same', async (context) => {
    const cloud = await house.member();
    const { id } = await house.server();
    const mend = await house.without(context, 'network');
    const { requestId } = await stopServer(cloud, id, { hard: false });
    await house.until(async () => {
      const record = await showServerAction(cloud, id, requestId ?? '');
      return record?.events.some((event) => event.result === 'Success');
    }, 'the stop to have ended');
    await mend();
    await settled(await house.watcher(), id, 'SHUTOFF');
  });

  test('shows no servers', async (context) => {
    const cloud = await house.member();
    const { id, name } = await house.server();
    await house.without(context, 'network');
    await expect(showServer(cloud, id)).rejects.toMatchObject(UNAVAILABLE);
    await expect(listServers(cloud, { name })).rejects.toMatchObject(UNAVAILABLE);
  });

  test.for([
    ['running', async () => house.server()],
    ['stopped', async () => house.stoppedServer()],
    ['running, after another resize', afterAnotherResize],
  ] as const)(
    'resizes no server that is %s: a 500 began nothing, a 202 is put back and on record',
    async ([, made], context) => {
      await expectResizedInVain(context, await made());
    },
  );
});

test('a cloud that loses its network service while its hosts are at a resize leaves the server in ERROR, with a fault', async (context) => {
  const cloud = await house.member();
  const { id } = await house.server();
  const { flavor } = await showServer(cloud, id);
  const goOn = await house.without(context, 'computes');
  const { requestId } = await resizeServer(cloud, id, medium);
  // Once a host has been found, it is the hosts' turn.
  await house.until(async () => {
    const record = await showServerAction(cloud, id, requestId ?? '');
    return record?.events.some((event) => event.name === 'cold_migrate' && event.result === 'Success');
  }, 'a host to have been found');
  const mend = await house.without(context, 'network');
  await goOn();
  await house.until(
    async () => (await showServerAction(cloud, id, requestId ?? ''))?.failed,
    'the resize to have failed',
  );
  await mend();
  const { server } = await settled(await house.watcher(), id, 'ERROR');
  expect(server).toMatchObject({ flavor, fault: { code: 500, message: expect.stringMatching(/./) } });
});

test('without its placement service, a cloud accepts a resize and puts the server back', async (context) => {
  const cloud = await house.member();
  const { id } = await house.server();
  await house.without(context, 'placement');
  const { requestId } = await resizeServer(cloud, id, medium);
  const { server } = await watch(await house.watcher(), id, {
    when: async ({ taskState }) =>
      taskState === null && ((await showServerAction(cloud, id, requestId ?? ''))?.failed ?? false),
    what: 'the resize to have failed',
  });
  const { name } = await showFlavor(cloud, small);
  expect(server).toMatchObject({ status: 'ACTIVE', fault: null, flavor: { name } });
});

test('while its hosts hang, a cloud accepts a resize that stays where it is, and ends once they are back', async (context) => {
  const cloud = await house.member();
  const { id } = await house.server();
  const mend = await house.without(context, 'computes');
  await resizeServer(cloud, id, medium);
  const { server } = await watch(await house.watcher(), id, {
    when: ({ status }) => status === 'RESIZE',
    what: 'the resize to have begun',
  });
  expect(server).toMatchObject({ taskState: 'resize_prep', vmState: 'active' });
  await mend();
  await settled(await house.watcher(), id, 'VERIFY_RESIZE');
});
