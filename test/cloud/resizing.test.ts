// The resize, from both ends: accepted, waiting, confirmed or reverted, and the two ways in which it comes to nothing.
import { describe, expect, test } from 'vitest';
import { listServerActions, showServerAction } from '../../src/openstack/server-actions.ts';
import {
  confirmResize,
  rebootServer,
  resizeServer,
  revertResize,
  showServer,
  startServer,
  stopServer,
} from '../../src/openstack/servers.ts';
import { showFlavor } from '../../src/openstack/flavors.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { settled, strays, watch } from './support/watching.ts';

const house = await useCloud();
const { small, medium, failsOnHost } = house.under.flavors;

/** The task states of a resize, in order, on a server of this status. */
function resizePath(status: string): string[] {
  const tasks = ['resize_prep', 'resize_migrating', 'resize_migrated', 'resize_finish'];
  return [status, ...tasks.map((task) => `RESIZE/${task}`), 'VERIFY_RESIZE'];
}

/** A server that was resized to the medium flavor and waits to be confirmed. */
async function resized(from: 'ACTIVE' | 'SHUTOFF'): Promise<string> {
  const { id } = from === 'ACTIVE' ? await house.server() : await house.stoppedServer();
  await resizeServer(await house.member(), id, medium);
  await settled(await house.watcher(), id, 'VERIFY_RESIZE');
  return id;
}

describe.each(['ACTIVE', 'SHUTOFF'] as const)('a server that is %s', (status) => {
  test('is resized through all its tasks and waits with the new flavor', async () => {
    const { id } = status === 'ACTIVE' ? await house.server() : await house.stoppedServer();
    const { requestId } = await resizeServer(await house.member(), id, medium);
    const { server, states } = await settled(await house.watcher(), id, 'VERIFY_RESIZE');
    expect(strays(states, resizePath(status))).toEqual([]);
    expect(server).toMatchObject({ vmState: 'resized', fault: null, flavor: { name: await house.nameOf(medium) } });
    const record = await showServerAction(await house.member(), id, requestId ?? '');
    expect(record).toMatchObject({ action: 'resize', failed: false });
  });

  test('is as it was, in the new flavor, once the resize is confirmed', async () => {
    const id = await resized(status);
    await confirmResize(await house.member(), id);
    const { server, states } = await settled(await house.watcher(), id, status);
    expect(strays(states, ['VERIFY_RESIZE', status])).toEqual([]);
    expect(server).toMatchObject({ status, flavor: { name: await house.nameOf(medium) } });
  });

  test('is as it was, in the old flavor, once the resize is reverted', async () => {
    const id = await resized(status);
    await revertResize(await house.member(), id);
    const { server, states } = await settled(await house.watcher(), id, status);
    const path = ['VERIFY_RESIZE', 'REVERT_RESIZE/resize_reverting', 'VERIFY_RESIZE/powering-off', status];
    expect(strays(states, path)).toEqual([]);
    expect(server).toMatchObject({ status, flavor: { name: await house.nameOf(small) } });
  });
});

test('a server that has grown is resized back to what it was', async () => {
  const cloud = await house.member();
  const id = await resized('ACTIVE');
  await confirmResize(cloud, id);
  await settled(await house.watcher(), id, 'ACTIVE');
  await resizeServer(cloud, id, small);
  const { server } = await settled(await house.watcher(), id, 'VERIFY_RESIZE');
  expect(server.flavor).toMatchObject({ name: await house.nameOf(small) });
});

test('a server is not resized to less disk than it was made with', async (context) => {
  const cloud = await house.member();
  const [less, more] = await Promise.all([showFlavor(cloud, small), showFlavor(cloud, medium)]);
  if (less.diskGiB >= more.diskGiB) context.skip('the two flavors have the same disk (CLOUD_TEST_FLAVORS)');
  const { id } = await house.server({ flavor: medium });
  await expect(resizeServer(cloud, id, small)).rejects.toMatchObject({
    kind: 'bad_request',
    status: 400,
    serviceMessage: expect.stringContaining("Flavor's disk is smaller than the minimum size"),
  });
  expect(await showServer(cloud, id)).toMatchObject({ status: 'ACTIVE', taskState: null });
});

describe('while a resize waits to be confirmed', () => {
  test('nothing else is taken', async () => {
    const cloud = await house.member();
    const id = await resized('ACTIVE');
    const attempts = [
      ['resize', async () => resizeServer(cloud, id, small)],
      ['stop', async () => stopServer(cloud, id, { hard: false })],
      ['start', async () => startServer(cloud, id)],
      ['reboot', async () => rebootServer(cloud, id, { hard: true })],
    ] as const;
    for (const [name, attempt] of attempts) {
      await expect(attempt(), name).rejects.toMatchObject({
        kind: 'conflict',
        serviceMessage: `Cannot '${name}' instance ${id} while it is in vm_state resized`,
      });
    }
  });

  test('a confirm that came before is told from one that cannot be', async () => {
    const cloud = await house.member();
    const id = await resized('ACTIVE');
    await confirmResize(cloud, id);
    // Under way: 400; done: 409. Which of the two depends on how quick the cloud is.
    await expect(confirmResize(cloud, id)).rejects.toMatchObject({
      kind: expect.stringMatching(/^(bad_request|conflict)$/),
    });
    const { server } = await settled(await house.watcher(), id, 'ACTIVE');
    expect(server.flavor).toMatchObject({ name: await house.nameOf(medium) });
    for (const again of [confirmResize, revertResize]) {
      await expect(again(cloud, id)).rejects.toMatchObject({
        kind: 'conflict',
        serviceMessage: expect.stringContaining('while it is in vm_state active'),
      });
    }
  });
});

describe('a resize that no host has room for', () => {
  test('is accepted, ends in the old flavor without a fault, and only the record says Error', async (context) => {
    const flavor = await house.roomlessFlavor(context);
    const cloud = await house.member();
    const { id } = await house.server();
    const { requestId } = await resizeServer(cloud, id, flavor);
    const { server } = await watch(await house.watcher(), id, {
      when: async (seen) =>
        seen.taskState === null && ((await showServerAction(cloud, id, requestId ?? ''))?.failed ?? false),
      what: 'the resize to have failed',
    });
    expect(server).toMatchObject({ status: 'ACTIVE', fault: null, flavor: { name: await house.nameOf(small) } });
    expect((await listServerActions(cloud, id))[0]).toMatchObject({ action: 'resize', failed: true, requestId });
  });

  test('leaves a server that can be resized to something else', async (context) => {
    const flavor = await house.roomlessFlavor(context);
    const cloud = await house.member();
    const { id } = await house.server();
    await resizeServer(cloud, id, flavor);
    await watch(await house.watcher(), id, {
      when: async (seen) => seen.taskState === null && ((await listServerActions(cloud, id))[0]?.failed ?? false),
      what: 'the resize to have failed',
    });
    await resizeServer(cloud, id, medium);
    await settled(await house.watcher(), id, 'VERIFY_RESIZE');
  });
});

describe('a resize that fails on the host it goes to', () => {
  test('is accepted and ends in ERROR, with a fault and the old flavor', async (context) => {
    const flavor = needs(context, failsOnHost);
    const cloud = await house.member();
    const { id } = await house.server();
    const { requestId } = await resizeServer(cloud, id, flavor);
    const { server, states } = await settled(await house.watcher(), id, 'ERROR');
    // The fault is there before the task has ended: an ERROR is not the end of it.
    expect(strays(states, [...resizePath('ACTIVE').slice(0, -1), 'ERROR/resize_finish', 'ERROR'])).toEqual([]);
    expect(server.fault?.code).toBe(500);
    expect(server.fault?.message).not.toBe('');
    expect(server.flavor).toMatchObject({ name: await house.nameOf(small) });
    expect(await showServerAction(cloud, id, requestId ?? '')).toMatchObject({ failed: true });
  });

  test('leaves a server that takes no further resize', async (context) => {
    const flavor = needs(context, failsOnHost);
    const cloud = await house.member();
    const { id } = await house.server();
    await resizeServer(cloud, id, flavor);
    await settled(await house.watcher(), id, 'ERROR');
    await expect(resizeServer(cloud, id, medium)).rejects.toMatchObject({
      kind: 'conflict',
      serviceMessage: `Cannot 'resize' instance ${id} while it is in vm_state error`,
    });
    expect(await showServer(cloud, id)).toMatchObject({ status: 'ERROR' });
  });
});
