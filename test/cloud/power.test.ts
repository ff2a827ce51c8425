// Starting, stopping and rebooting: what is accepted, what is seen on the way, what is refused.
import { describe, expect, test } from 'vitest';
import { rebootServer, showServer, startServer, stopServer } from '../../src/openstack/servers.ts';
import { useCloud } from './support/use-cloud.ts';
import { settled, strays } from './support/watching.ts';

const house = await useCloud();

describe('a running server', () => {
  test('is stopped, and started again', async () => {
    const cloud = await house.member();
    const watcher = await house.watcher();
    const { id } = await house.server();
    const stopped = await stopServer(cloud, id, { hard: false });
    expect(stopped.requestId).toMatch(/^req-/);
    const down = await settled(watcher, id, 'SHUTOFF');
    expect(strays(down.states, ['ACTIVE', 'ACTIVE/powering-off', 'SHUTOFF'])).toEqual([]);
    expect(down.server).toMatchObject({ vmState: 'stopped', powerState: 4 });
    await startServer(cloud, id);
    const up = await settled(watcher, id, 'ACTIVE');
    expect(strays(up.states, ['SHUTOFF', 'SHUTOFF/powering-on', 'ACTIVE'])).toEqual([]);
    expect(up.server).toMatchObject({ vmState: 'active', powerState: 1 });
  });

  test('is stopped hard, where a cloud tells hard from soft', async () => {
    const { id } = await house.server();
    await stopServer(await house.member(), id, { hard: true });
    await settled(await house.watcher(), id, 'SHUTOFF');
  });

  test.each([
    {
      how: 'softly',
      hard: false,
      path: ['ACTIVE', 'REBOOT/rebooting', 'REBOOT/reboot_pending', 'REBOOT/reboot_started'],
    },
    {
      how: 'hard',
      hard: true,
      path: [
        'ACTIVE',
        'HARD_REBOOT/rebooting_hard',
        'HARD_REBOOT/reboot_pending_hard',
        'HARD_REBOOT/reboot_started_hard',
      ],
    },
  ])('is rebooted $how', async ({ hard, path }) => {
    const { id } = await house.server();
    await rebootServer(await house.member(), id, { hard });
    const { states } = await settled(await house.watcher(), id, 'ACTIVE');
    expect(strays(states, [...path, 'ACTIVE'])).toEqual([]);
  });

  test('cannot be started', async () => {
    const { id } = await house.server();
    await expect(startServer(await house.member(), id)).rejects.toMatchObject({
      kind: 'conflict',
      status: 409,
      serviceMessage: `Cannot 'start' instance ${id} while it is in vm_state active`,
    });
  });

  test('cannot be stopped twice at once', async () => {
    const cloud = await house.member();
    const { id } = await house.server();
    await stopServer(cloud, id, { hard: false });
    await expect(stopServer(cloud, id, { hard: false })).rejects.toMatchObject({ kind: 'conflict' });
    await settled(await house.watcher(), id, 'SHUTOFF');
  });
});

describe('a stopped server', () => {
  test('cannot be stopped again, nor rebooted softly', async () => {
    const cloud = await house.member();
    const { id } = await house.stoppedServer();
    const refused = { kind: 'conflict', serviceMessage: expect.stringContaining('while it is in vm_state stopped') };
    await expect(stopServer(cloud, id, { hard: false })).rejects.toMatchObject(refused);
    await expect(rebootServer(cloud, id, { hard: false })).rejects.toMatchObject(refused);
    expect(await showServer(cloud, id)).toMatchObject({ status: 'SHUTOFF', taskState: null });
  });

  test('comes up by a hard reboot', async () => {
    const { id } = await house.stoppedServer();
    await rebootServer(await house.member(), id, { hard: true });
    const { states } = await settled(await house.watcher(), id, 'ACTIVE');
    expect(states.at(-1)).toBe('ACTIVE');
  });
});
