// Parts of the cloud that are down while the rest answers: what is accepted then, and what becomes of it.
import { describe, expect, test, type TestContext } from 'vitest';
import { isAmbiguous } from '../../src/openstack/errors.ts';
import { showFlavor } from '../../src/openstack/flavors.ts';
import { showServerAction } from '../../src/openstack/server-actions.ts';
import { listServers, resizeServer, showServer, startServer, stopServer } from '../../src/openstack/servers.ts';
import type { Part } from './support/cloud-under-test.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { settled, watch } from './support/watching.ts';

const house = await useCloud();
const { small, medium } = house.under.flavors;

/** Until the answer is called, or the test has ended. */
async function without(context: TestContext, part: Part): Promise<() => Promise<void>> {
  const mend = await needs(context, house.under.breakDown)(part);
  let down = true;
  const once = async (): Promise<void> => {
    if (down) await mend();
    down = false;
  };
  house.after(once);
  return once;
}

describe('without its network service, a cloud', () => {
  test('accepts a start that comes to nothing: the record alone says so', async (context) => {
    const cloud = await house.member();
    const { id } = await house.stoppedServer();
    const mend = await without(context, 'network');
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
    const mend = await without(context, 'network');
    const { requestId } = await stopServer(cloud, id, { hard: false });
    await house.until(async () => {
      const record = await showServerAction(cloud, id, requestId ?? '');
      return record?.events.some((event) => event.result === 'Success');
    }, 'the stop to have ended');
    await mend();
    await settled(await house.watcher(), id, 'SHUTOFF');
  });

  test('shows no servers and fails a resize without having begun it', async (context) => {
    const cloud = await house.member();
    const { id, name } = await house.server();
    const mend = await without(context, 'network');
    const unavailable = { kind: 'unavailable', status: 500, code: 'computeFault' };
    await expect(showServer(cloud, id)).rejects.toMatchObject(unavailable);
    await expect(listServers(cloud, { name })).rejects.toMatchObject(unavailable);
    const error: unknown = await resizeServer(cloud, id, medium).catch((reason: unknown) => reason);
    expect(error).toMatchObject(unavailable);
    // A 500 says nothing about whether it was done: this one was not, others were.
    expect(isAmbiguous(error)).toBe(true);
    await mend();
    expect(await showServer(cloud, id)).toMatchObject({ status: 'ACTIVE', taskState: null });
  });
});

test('without its placement service, a cloud accepts a resize and puts the server back', async (context) => {
  const cloud = await house.member();
  const { id } = await house.server();
  await without(context, 'placement');
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
  const mend = await without(context, 'computes');
  await resizeServer(cloud, id, medium);
  const { server } = await watch(await house.watcher(), id, {
    when: ({ status }) => status === 'RESIZE',
    what: 'the resize to have begun',
  });
  expect(server).toMatchObject({ taskState: 'resize_prep', vmState: 'active' });
  await mend();
  await settled(await house.watcher(), id, 'VERIFY_RESIZE');
});
