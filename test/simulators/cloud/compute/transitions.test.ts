// What a server goes through, step by step, and the ways in which it goes wrong.

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from '../cloud-simulator.ts';
import type { CloudOptions } from '../options.ts';
import { person, type Person } from '../testing/person.ts';

let cloud: CloudSimulator;
let alice: Person;
let id: string;
let time = 0;

afterEach(async () => cloud.close());

async function begin(options: CloudOptions = {}): Promise<void> {
  time = Date.parse('2026-11-20T21:00:00Z');
  cloud = await CloudSimulator.start({ pace: 'manual', raceWindowMs: 0, now: () => time, ...options });
  alice = await person(cloud, 'alice', 'demo');
  ({ id } = cloud.server('web-1'));
}

/** `STATUS/task flavor` now and after each step, until nothing is under way. */
function steps(): string[] {
  const seen = [now()];
  while (cloud.isChanging('web-1')) {
    cloud.step('web-1');
    seen.push(now());
  }
  return seen;
}

function now(): string {
  return `${cloud.status('web-1')}/${cloud.server('web-1').taskState ?? '-'} ${cloud.flavorOf('web-1')}`;
}

async function toVerify(flavor = '12'): Promise<void> {
  await alice.act(id, { resize: { flavorRef: flavor } });
  cloud.finish('web-1');
}

test('a resize shows each of its tasks, and the new flavor only at the end', async () => {
  await begin();
  await alice.act(id, { resize: { flavorRef: '12' } });
  expect(steps()).toEqual([
    'RESIZE/resize_prep s2.small.1',
    'RESIZE/resize_migrating s2.small.1',
    'RESIZE/resize_migrated s2.small.1',
    'RESIZE/resize_finish s2.small.1',
    'VERIFY_RESIZE/- s2.medium.1',
  ]);
});

test.each<[from: 'active' | 'stopped', after: string]>([
  ['active', 'ACTIVE/- s2.medium.1'],
  ['stopped', 'SHUTOFF/- s2.medium.1'],
])('a confirmed resize leaves the server as it was before: %s', async (from, after) => {
  await begin();
  if (from === 'stopped') cloud.operator.stop('web-1');
  await toVerify();
  await alice.act(id, { confirmResize: null });
  expect(steps()).toEqual(['VERIFY_RESIZE/- s2.medium.1', after]);
});

test('a confirm does not move `updated` until it is done', async () => {
  await begin();
  await toVerify();
  const { updatedAt } = cloud.server('web-1');
  time += 5000;
  await alice.act(id, { confirmResize: null });
  expect(cloud.server('web-1').updatedAt).toBe(updatedAt);
  cloud.finish('web-1');
  expect(cloud.server('web-1').updatedAt).toBe(time);
});

test('reverting brings the old flavor back', async () => {
  await begin();
  await toVerify();
  expect((await alice.act(id, { revertResize: null })).status).toBe(202);
  expect(steps()).toEqual([
    'REVERT_RESIZE/resize_reverting s2.medium.1',
    'REVERT_RESIZE/resize_reverting s2.small.1',
    'ACTIVE/- s2.small.1',
  ]);
});

test('a server that was stopped shows VERIFY_RESIZE once more while it is reverted', async () => {
  await begin();
  cloud.operator.stop('web-1');
  await toVerify();
  await alice.act(id, { revertResize: null });
  expect(steps()).toEqual([
    'REVERT_RESIZE/resize_reverting s2.medium.1',
    'VERIFY_RESIZE/powering-off s2.small.1',
    'SHUTOFF/- s2.small.1',
  ]);
});

test.each<[action: unknown, seen: string[]]>([
  [{ reboot: { type: 'SOFT' } }, ['REBOOT/rebooting', 'REBOOT/reboot_pending', 'REBOOT/reboot_started', 'ACTIVE/-']],
  [
    { reboot: { type: 'HARD' } },
    ['HARD_REBOOT/rebooting_hard', 'HARD_REBOOT/reboot_pending_hard', 'HARD_REBOOT/reboot_started_hard', 'ACTIVE/-'],
  ],
  [{ 'os-stop': { type: 'HARD' } }, ['ACTIVE/powering-off', 'SHUTOFF/-']],
])('an active server goes through %o', async (action, seen) => {
  await begin();
  expect((await alice.act(id, action)).status).toBe(202);
  expect(steps()).toEqual(seen.map((step) => `${step} s2.small.1`));
});

test('a soft reboot of a stopped server is refused, a hard one starts it', async () => {
  await begin();
  cloud.operator.stop('web-1');
  expect((await alice.act(id, { reboot: { type: 'SOFT' } })).status).toBe(409);
  expect((await alice.act(id, { reboot: { type: 'HARD' } })).status).toBe(202);
  cloud.finish('web-1');
  expect(now()).toBe('ACTIVE/- s2.small.1');
});

test('a hard reboot overtakes a soft one that hangs', async () => {
  await begin();
  await alice.act(id, { reboot: { type: 'SOFT' } });
  expect((await alice.act(id, { reboot: { type: 'SOFT' } })).status).toBe(409);
  expect((await alice.act(id, { reboot: { type: 'HARD' } })).status).toBe(202);
  expect(now()).toBe('HARD_REBOOT/rebooting_hard s2.small.1');
});

test('deleting is answered 204 again and again until the server is gone, and overtakes a resize', async () => {
  await begin();
  await alice.act(id, { resize: { flavorRef: '12' } });
  const remove = async (): Promise<number> => (await alice.ask(`/servers/${id}`, { method: 'DELETE' })).status;
  expect([await remove(), await remove()]).toEqual([204, 204]);
  expect(now()).toBe('ACTIVE/deleting s2.small.1');
  cloud.finish('web-1');
  expect(await remove()).toBe(404);
  expect((await alice.ask(`/servers/${id}/os-instance-actions`)).status).toBe(404);
  expect((await alice.ask(`/servers/${id}/os-instance-actions`, { version: '2.21' })).status).toBe(200);
});

test('a locked server is not deleted', async () => {
  await begin();
  await alice.act(id, { lock: { locked_reason: 'audit' } });
  expect((await alice.ask(`/servers/${id}`, { method: 'DELETE' })).status).toBe(409);
  expect(await alice.seen(id, '2.73')).toMatchObject({ locked: true, locked_reason: 'audit' });
});

test('a lock by somebody else is opened by an administrator only', async () => {
  await begin();
  cloud.operator.lock('web-1');
  expect((await alice.act(id, { unlock: null })).text).toContain('os-lock-server:unlock:unlock_override');
  const admin = await person(cloud, 'admin', 'admin');
  expect((await admin.act(id, { unlock: null })).status).toBe(202);
  expect((await alice.act(id, { 'os-stop': null })).status).toBe(202);
});

test('when no host takes it, a resize is undone without a word but for the action', async () => {
  await begin();
  await alice.act(id, { resize: { flavorRef: '16' } });
  expect(steps()).toEqual(['RESIZE/resize_prep s2.small.1', 'ACTIVE/- s2.small.1']);
  const [action] = cloud.actionsOf('web-1');
  expect(action).toMatchObject({ action: 'resize', message: 'Error' });
  expect(action?.events.map(({ event, result }) => [event, result])).toEqual([
    ['cold_migrate', 'Error'],
    ['conductor_migrate_server', 'Error'],
  ]);
});

test('a stopped server falls back to SHUTOFF when no host takes it, also when placement is down', async () => {
  await begin();
  cloud.operator.stop('web-1');
  cloud.breakDown('placement');
  await toVerify();
  expect(now()).toBe('SHUTOFF/- s2.small.1');
  expect(cloud.actionsOf('web-1')[0]?.message).toBe('Error');
});

test('a resize that fails on the target host ends in ERROR with the old flavor', async () => {
  await begin();
  await toVerify('17');
  expect(now()).toBe('ERROR/- s2.small.1');
  expect(await alice.seen(id)).toMatchObject({ fault: { code: 500, message: 'Virtual Interface creation failed' } });
});

test('a start without network is accepted and comes to nothing', async () => {
  await begin();
  cloud.operator.stop('web-1');
  cloud.breakDown('network');
  expect((await alice.act(id, { 'os-start': null })).status).toBe(202);
  expect(steps()).toEqual(['SHUTOFF/powering-on s2.small.1', 'SHUTOFF/- s2.small.1']);
  expect(cloud.actionsOf('web-1')[0]).toMatchObject({ action: 'start', message: 'Error' });
});

test('a resize without network is refused with a 500 that began nothing, unless Nova knows what the network can do', async () => {
  await begin();
  cloud.breakDown('network');
  expect((await alice.act(id, { resize: { flavorRef: '12' } })).status).toBe(500);
  expect(cloud.actionsOf('web-1')).toHaveLength(1);
  cloud.breakDown('network', false);
  await toVerify();
  await alice.act(id, { revertResize: null });
  cloud.finish('web-1');
  cloud.breakDown('network');
  expect((await alice.act(id, { resize: { flavorRef: '12' } })).status).toBe(202);
  expect(steps()).toEqual(['RESIZE/resize_prep s2.small.1', 'ACTIVE/- s2.small.1']);
  expect(cloud.actionsOf('web-1')[0]).toMatchObject({ action: 'resize', message: 'Error' });
  time += 600_000;
  expect((await alice.act(id, { resize: { flavorRef: '12' } })).status).toBe(500);
});

test('a resize whose network goes away while its hosts are at it ends in ERROR', async () => {
  await begin();
  await alice.act(id, { resize: { flavorRef: '12' } });
  cloud.step('web-1');
  cloud.breakDown('network');
  cloud.finish('web-1');
  expect(now()).toBe('ERROR/- s2.small.1');
  expect(cloud.server('web-1').fault).toMatchObject({ code: 500, message: 'ConnectFailure' });
  expect(cloud.actionsOf('web-1')[0]).toMatchObject({ action: 'resize', message: 'Error' });
});

test.each(['stop', 'start', 'reboot', 'resize', 'confirmResize', 'revertResize'])(
  'a test can have the next %s accepted and then fail',
  async (action) => {
    await begin();
    if (action === 'start') cloud.operator.stop('web-1');
    if (action === 'confirmResize' || action === 'revertResize') await toVerify();
    cloud.spoilNext('web-1', { action, outcome: 'error' });
    const bodies: Record<string, unknown> = {
      stop: { 'os-stop': null },
      start: { 'os-start': null },
      reboot: { reboot: { type: 'SOFT' } },
      resize: { resize: { flavorRef: '12' } },
    };
    await alice.act(id, bodies[action] ?? { [action]: null });
    cloud.finish('web-1');
    expect(cloud.status('web-1')).toBe('ERROR');
    expect(cloud.actionsOf('web-1')[0]).toMatchObject({ action, message: 'Error' });
  },
);

test('the cloud confirms by itself after its window, and a person comes too late', async () => {
  await begin({ autoConfirmMs: 60_000 });
  await toVerify();
  time += 59_999;
  expect(now()).toBe('VERIFY_RESIZE/- s2.medium.1');
  time += 1;
  expect(now()).toBe('ACTIVE/- s2.medium.1');
  expect((await alice.act(id, { revertResize: null })).status).toBe(409);
});

test('a reverted resize is not confirmed by the window it once had', async () => {
  await begin({ autoConfirmMs: 60_000 });
  await toVerify();
  await alice.act(id, { revertResize: null });
  cloud.finish('web-1');
  await toVerify('13');
  time += 59_999;
  expect(now()).toBe('VERIFY_RESIZE/- c1.large');
});

test('an action may begin later than its answer: the first looks see nothing', async () => {
  await begin({ pace: {} });
  cloud.lagNext('web-1', 10_000);
  expect((await alice.act(id, { resize: { flavorRef: '12' } })).status).toBe(202);
  expect(now()).toBe('ACTIVE/- s2.small.1');
  expect(cloud.actionsOf('web-1')).toHaveLength(1);
  time += 10_000;
  expect(now()).toBe('RESIZE/resize_prep s2.small.1');
});

test('hung compute hosts hold a resize at its first task until they come back', async () => {
  await begin({ pace: {} });
  cloud.breakDown('computes');
  await alice.act(id, { resize: { flavorRef: '12' } });
  time += 3_600_000;
  expect(now()).toBe('RESIZE/resize_prep s2.small.1');
  cloud.breakDown('computes', false);
  expect(now()).toBe('VERIFY_RESIZE/- s2.medium.1');
});

test('with a pace, a moved clock carries the server through, each step at its own time', async () => {
  await begin({ pace: { resizeMs: 40_000 } });
  const asked = time;
  await alice.act(id, { resize: { flavorRef: '12' } });
  time += 10_000;
  expect(now()).toBe('RESIZE/resize_migrating s2.small.1');
  time += 3_600_000;
  expect(now()).toBe('VERIFY_RESIZE/- s2.medium.1');
  expect(cloud.server('web-1').updatedAt).toBe(asked + 40_000);
});

test('a moved clock is noticed, and told, without a request', async () => {
  await begin({ pace: {} });
  await alice.act(id, { 'os-stop': null });
  let told = 0;
  cloud.changed.on('change', () => (told += 1));
  time += 1000;
  await expect.poll(() => told, { message: 'the simulator to tell of the change' }).toBe(1);
  expect(cloud.world.server('web-1').vmState).toBe('stopped');
});

test('the operator changes a server behind everybody', async () => {
  await begin();
  cloud.operator.resize('web-1', 'c1.large');
  expect(now()).toBe('ACTIVE/- c1.large');
  await toVerify();
  cloud.operator.confirm('web-1');
  expect(now()).toBe('ACTIVE/- s2.medium.1');
  expect((await alice.act(id, { confirmResize: null })).status).toBe(409);
  cloud.operator.delete('web-1');
  expect((await alice.ask(`/servers/${id}`)).status).toBe(404);
});

test('waiting for nothing is a mistake of the test', async () => {
  await begin();
  expect(() => cloud.finish('web-1')).toThrow('nothing is under way for web-1');
});

test('a cloud may want the server stopped before a resize', async () => {
  await begin({ resizeNeedsStop: true });
  const refused = await alice.act(id, { resize: { flavorRef: '12' } });
  expect([refused.status, refused.body]).toMatchObject([400, { error: { code: 'Ecs.0100' } }]);
  cloud.operator.stop('web-1');
  expect((await alice.act(id, { resize: { flavorRef: '12' } })).status).toBe(202);
});

test('a change that silently comes to nothing leaves the server as it was', async () => {
  await begin();
  cloud.operator.stop('web-1');
  cloud.spoilNext('web-1', { action: 'start', outcome: 'rolled_back' });
  await alice.act(id, { 'os-start': null });
  cloud.finish('web-1');
  expect(now()).toBe('SHUTOFF/- s2.small.1');
  expect(cloud.actionsOf('web-1')[0]).toMatchObject({ action: 'start', message: 'Error' });
  await alice.act(id, { 'os-start': null });
  cloud.finish('web-1');
  expect(now()).toBe('ACTIVE/- s2.small.1');
});
