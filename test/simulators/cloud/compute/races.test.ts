// Two people at the same instant: what a real Nova lets happen, and a bot must not.

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from '../cloud-simulator.ts';
import { person, type Person } from '../testing/person.ts';

// Wide enough that two requests sent together meet even on a busy machine.
const WINDOW_MS = 150;

let cloud: CloudSimulator;
let alice: Person;
let bob: Person;
let id: string;

afterEach(async () => cloud.close());

async function begin(): Promise<void> {
  cloud = await CloudSimulator.start({ pace: 'manual', raceWindowMs: WINDOW_MS });
  [alice, bob] = await Promise.all([person(cloud, 'alice', 'demo'), person(cloud, 'bob', 'demo')]);
  ({ id } = cloud.server('web-1'));
}

async function toVerify(): Promise<void> {
  await alice.act(id, { resize: { flavorRef: '12' } });
  cloud.finish('web-1');
}

/** Both at once; the statuses in order, since nobody can say who was first. */
async function together(one: unknown, other: unknown): Promise<number[]> {
  const answers = await Promise.all([alice.act(id, one), bob.act(id, other)]);
  return answers.map(({ status }) => status).toSorted((a, b) => a - b);
}

const confirm = { confirmResize: null };
const revert = { revertResize: null };

test('two confirms at once are both told 204, and the server ends in ERROR', async () => {
  await begin();
  await toVerify();
  expect(await together(confirm, confirm)).toEqual([204, 204]);
  expect(await alice.seen(id)).toMatchObject({ status: 'VERIFY_RESIZE', 'OS-EXT-STS:task_state': null });
  cloud.finish('web-1');
  expect(await alice.seen(id)).toMatchObject({ status: 'ERROR', fault: { code: 500, message: 'AttributeError' } });
});

test('two confirms at once break the server even when the first is done before the second is saved', async () => {
  cloud = await CloudSimulator.start({ pace: { resizeMs: 0, confirmMs: 0 }, raceWindowMs: WINDOW_MS });
  [alice, bob] = await Promise.all([person(cloud, 'alice', 'demo'), person(cloud, 'bob', 'demo')]);
  ({ id } = cloud.server('web-1'));
  await alice.act(id, { resize: { flavorRef: '12' } });
  expect(await together(confirm, confirm)).toEqual([204, 204]);
  expect(cloud.status('web-1')).toBe('ERROR');
});

test('a confirm and a revert at once are both accepted, and the server ends in ERROR', async () => {
  await begin();
  await toVerify();
  expect(await together(confirm, revert)).toEqual([202, 204]);
  cloud.finish('web-1');
  const { status, fault } = await alice.seen(id);
  expect(status).toBe('ERROR');
  expect((fault as { message: string }).message).toMatch(/^Conflict updating instance .* 'resize_reverting'\}$/);
});

test('two reverts at once: one is accepted, the other is told 500, and the server comes through', async () => {
  await begin();
  await toVerify();
  expect(await together(revert, revert)).toEqual([202, 500]);
  cloud.finish('web-1');
  expect(cloud.status('web-1')).toBe('ACTIVE');
});

test('two resizes at once: one is accepted, the other is told 500, and only one happens', async () => {
  await begin();
  const [small, large] = [{ resize: { flavorRef: '12' } }, { resize: { flavorRef: '13' } }];
  expect(await together(small, large)).toEqual([202, 500]);
  cloud.finish('web-1');
  expect(cloud.status('web-1')).toBe('VERIFY_RESIZE');
  expect(cloud.actionsOf('web-1').filter(({ action }) => action === 'resize')).toHaveLength(1);
});

test('two stops at once: one is accepted, the other is told 500', async () => {
  await begin();
  expect(await together({ 'os-stop': null }, { 'os-stop': null })).toEqual([202, 500]);
});

test('a second confirm after the first was answered is 400 until the work is done, then 409', async () => {
  await begin();
  await toVerify();
  const statuses = [(await alice.act(id, confirm)).status, (await bob.act(id, confirm)).status];
  expect((await bob.act(id, revert)).status).toBe(400);
  cloud.finish('web-1');
  statuses.push((await bob.act(id, confirm)).status);
  expect(statuses).toEqual([204, 400, 409]);
  expect(cloud.status('web-1')).toBe('ACTIVE');
});

test('a confirm after a revert was accepted is refused for its task', async () => {
  await begin();
  await toVerify();
  await alice.act(id, revert);
  const refused = await bob.act(id, confirm);
  expect(refused.status).toBe(409);
  expect(refused.text).toContain(`Cannot 'confirmResize' instance ${id} while it is in task_state resize_reverting`);
});

test.each<[what: string, body: unknown, status: number, message: string]>([
  ['two keys', { 'os-stop': null, 'os-start': null }, 400, 'Malformed request body'],
  ['no JSON', 'nonsense', 400, 'Malformed request body'],
  ['an unknown action', { dance: null }, 400, 'There is no such action: dance'],
  ['a reboot without a type', { reboot: {} }, 400, "'type' is a required property"],
  ['a reboot of an unknown type', { reboot: { type: 'GENTLE' } }, 400, "Value: GENTLE. 'GENTLE' is not one of ['HARD'"],
  [
    'a resize with more than it needs',
    { resize: { flavorRef: '12', colour: 'red' } },
    400,
    "Value: {'flavorRef': '12', 'colour': 'red'}. Additional properties are not allowed ('colour' was unexpected)",
  ],
])('an action is refused for its body: %s', async (...row) => {
  await begin();
  const [, body, status, message] = row;
  const seen = await alice.act(id, body);
  expect(seen.status).toBe(status);
  expect(seen.text).toContain(message);
});

test('the checks come in order: body, server, role, lock, state, meaning', async () => {
  await begin();
  const carol = await person(cloud, 'carol', 'demo');
  const nowhere = '11111111-2222-3333-4444-555555555555';
  cloud.operator.lock('web-1');
  cloud.operator.breakServer('web-1', 'x');
  const sameFlavor = { resize: { flavorRef: '11' } };
  expect((await carol.act(nowhere, { resize: {} })).status).toBe(400);
  expect((await carol.act(nowhere, sameFlavor)).status).toBe(404);
  expect((await carol.act(id, sameFlavor)).status).toBe(403);
  expect((await alice.act(id, sameFlavor)).text).toContain('is locked');
  cloud.operator.unlock('web-1');
  expect((await alice.act(id, sameFlavor)).text).toContain('vm_state error');
  cloud.operator.set('web-1', { vmState: 'active', taskState: 'powering-off' });
  expect((await alice.act(id, sameFlavor)).text).toContain('task_state powering-off');
  cloud.operator.set('web-1', { taskState: null, launchedAt: null });
  expect((await alice.act(id, sameFlavor)).text).toContain("is in an invalid state for 'resize'");
  cloud.operator.set('web-1', { launchedAt: Date.now() });
  expect((await alice.act(id, sameFlavor)).text).toContain('must change flavor');
});

test('both quotas are named when both are too small, and a smaller flavor needs none', async () => {
  await begin();
  Object.assign(cloud.world.project('demo').quota, { cores: 4, ramMiB: 4096 });
  const refused = await alice.act(id, { resize: { flavorRef: '13' } });
  expect(refused.text).toContain(
    'Quota exceeded for cores, ram: Requested 3, 7168, but already used 4, 4096 of 4, 4096 cores, ram',
  );
  cloud.operator.resize('web-2', 's2.medium.1');
  const grown = cloud.server('web-2').id;
  expect((await alice.act(grown, { resize: { flavorRef: '11' } })).status).toBe(202);
});

test('a server gets no less disk than it was booted with, unless it boots from a volume', async () => {
  await begin();
  const database = cloud.server('db-1').id;
  const refused = await alice.act(database, { resize: { flavorRef: '11' } });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('Flavor disk is 10737418240 bytes, minimum size is 21474836480 bytes.');
  cloud.operator.set('db-1', { imageId: null });
  expect((await alice.act(database, { resize: { flavorRef: '11' } })).status).toBe(202);
});
