// Killed at every point and every pair of points: each thing is made once, attached once, and nothing is left unnamed.
import { describe, expect, it, vi } from 'vitest';
import type { Task } from '../../src/errands/task.ts';
import { createHouse, ID, order, SERVER, type Fate } from './house.ts';

vi.setConfig({ testTimeout: 60_000 });

const HOUR = 60 * 60_000;
const made = (step: number) => ({ step });

type Flow = { title: string; tasks: Task[]; undo: Task[]; accepted: string[]; left: string[] };

function nicFlow(title: string, correlation: string | null): Flow {
  return {
    title,
    tasks: [
      { kind: 'make_network', name: 'backend', correlation },
      { kind: 'make_subnet', network: made(0), name: 'backend', cidr: '10.1.0.0/24', correlation },
      { kind: 'make_port', network: made(0), subnet: made(1), name: 'web-1-E-1', address: null, correlation },
      { kind: 'attach_port', server: SERVER, port: made(2) },
    ],
    undo: [
      { kind: 'detach_port', server: SERVER, port: made(2) },
      { kind: 'remove', thing: 'port', it: made(2) },
    ],
    accepted: ['POST /networks', 'POST /subnets', 'POST /ports', 'POST /servers/server/os-interface'],
    left: [
      'DELETE /servers/server/os-interface/port',
      'DELETE /ports/port',
      'DELETE /subnets/subnet',
      'DELETE /networks/network',
    ],
  };
}

const FLOWS: Flow[] = [
  {
    title: 'a disk made and attached',
    tasks: [
      { kind: 'make_disk', name: 'data-1', sizeGiB: 10, type: null, zone: null, correlation: 'E-1' },
      { kind: 'attach_disk', server: SERVER, disk: made(0) },
    ],
    undo: [{ kind: 'detach_disk', server: SERVER, disk: made(0) }],
    accepted: ['POST /volumes', 'POST /servers/server/os-volume_attachments'],
    left: ['DELETE /servers/server/os-volume_attachments/disk', 'DELETE /volumes/disk'],
  },
  nicFlow('a NIC with a network of its own', 'E-1'),
  nicFlow('a NIC with a network of its own, where the cloud keeps no descriptions', null),
];

/** Asked for, done, undone, cleared away; the process dying where `fate` says. */
async function life(flow: Flow, fate: Fate) {
  const house = createHouse(fate);
  await house.begins(order(flow));
  await house.runs(10 * 60_000);
  const done = house.read(ID).state;
  await house.decides(ID, 'undo');
  await house.runs(10 * 60_000);
  const undone = house.read(ID).state;
  await house.decides(ID, 'remove');
  await house.runs(10 * 60_000);
  return { house, states: [done, undone, house.read(ID).state] };
}

describe.each(FLOWS)('$title', (flow) => {
  it('goes the whole way and back without a crash', async () => {
    const { house, states } = await life(flow, { point: 0, killAt: new Set() });
    expect(states).toEqual(['done', 'undone', 'removed']);
    expect(house.cloud.accepted).toEqual([...flow.accepted, ...flow.left]);
  });

  it('does each thing once, wherever the process is killed', async () => {
    const points = await pointsOf(flow);
    expect(points).toBeGreaterThan(40);
    for (let point = 1; point <= points; point += 1) await survives(flow, [point]);
  });

  it('does each thing once, also when the process is killed twice', async () => {
    const points = await pointsOf(flow);
    // A part of all pairs: steps that share no divisor come by every point.
    for (let first = 1; first <= points; first += 7) {
      for (let second = first + 1; second <= points + 6; second += 11) await survives(flow, [first, second]);
    }
  });

  it.each(['timeout', 'network'] as const)('does each thing once when every answer is lost (%s)', async (kind) => {
    const house = createHouse();
    for (const method of ['POST', 'DELETE'])
      house.cloud.troubles.push({ path: /./, method, kind, done: true, times: 99 });
    await house.begins(order(flow));
    await house.runs(HOUR / 6);
    await house.decides(ID, 'undo');
    await house.runs(HOUR / 6);
    await house.decides(ID, 'remove');
    await house.runs(HOUR / 6);
    expect(house.read(ID).state).toBe('removed');
    expect(house.cloud.accepted).toEqual([...flow.accepted, ...flow.left]);
  });

  it('tries again what never arrived, and then names what it had made', async () => {
    for (const path of flow.tasks.map((_task, place) => place)) {
      const house = createHouse();
      const refused = flow.accepted[path] ?? '';
      const pattern = new RegExp(`^${refused.replace('POST ', '').replaceAll('server/', String.raw`server-1/`)}$`);
      house.cloud.troubles.push({ path: pattern, method: 'POST', kind: 'timeout', done: false, times: 99 });
      await house.begins(order(flow));
      await house.runs(HOUR / 2);
      const errand = house.read(ID);
      expect(errand.state).toBe('failed');
      expect(errand.steps[path]?.said).toMatch(/although it was asked several times/);
      expect(house.cloud.accepted).toEqual(flow.accepted.slice(0, path));
      const text = JSON.stringify(house.cards.at(-1)?.blocks);
      if (path > 0) expect(text).toContain('What it created is still there');
      else expect(text).not.toContain('errand:remove');
    }
  });

  it('waits for a sign-in at any step, and goes on after it', async () => {
    const house = createHouse();
    await house.begins(order(flow));
    house.signedIn.yes = false;
    await house.runs(60_000);
    expect(house.read(ID).state).toBe('needs_login');
    house.signedIn.yes = true;
    await house.runs(10 * 60_000);
    expect(house.read(ID).state).toBe('done');
    expect(house.cloud.accepted).toEqual(flow.accepted);
  });
});

async function pointsOf(flow: Flow): Promise<number> {
  const { house } = await life(flow, { point: 0, killAt: new Set() });
  return house.fate.point;
}

async function survives(flow: Flow, killAt: number[]): Promise<void> {
  const { house, states } = await life(flow, { point: 0, killAt: new Set(killAt) });
  const what = `killed at ${killAt.join(' and ')}`;
  expect({ what, states }).toEqual({ what, states: ['done', 'undone', 'removed'] });
  expect({ what, accepted: house.cloud.accepted }).toEqual({ what, accepted: [...flow.accepted, ...flow.left] });
  expect(house.cards.at(-1)?.text).toContain('Cleared away');
}

describe('a network whose answer is lost, while somebody else makes one of the same name', () => {
  /** The call may have been carried out all the same; theirs is there when we look. */
  async function lost(correlation: string | null, { done }: { done: boolean }) {
    const house = createHouse();
    const theirs = { id: 'theirs', name: 'backend', status: 'ACTIVE' };
    const meanwhile = () => void house.cloud.networks.set('theirs', theirs);
    house.cloud.troubles.push({ path: /^\/networks$/, method: 'POST', kind: 'timeout', done, times: 1, meanwhile });
    const tasks: Task[] = [{ kind: 'make_network', name: 'backend', correlation }];
    const undo: Task[] = [{ kind: 'remove', thing: 'network', it: made(0) }];
    await house.begins(order({ title: 'Create network backend', tasks, undo }));
    await house.runs(HOUR / 6);
    return { house, errand: house.read(ID) };
  }

  it.each([true, false])('is told from theirs by our mark (the call was carried out: %s)', async (done) => {
    const { house, errand } = await lost('E-1', { done });
    expect(errand.state).toBe('done');
    expect(errand.steps[0]).toMatchObject({ id: expect.stringMatching(/^network-/) as string, byName: false });
    expect([...house.cloud.networks.keys()]).toHaveLength(2);
    await house.decides(ID, 'undo');
    await house.runs(HOUR / 6);
    expect([...house.cloud.networks.keys()]).toEqual(['theirs']);
  });

  it('is not taken for theirs where there are no marks: both are named, and none is removed', async () => {
    const { house, errand } = await lost(null, { done: true });
    expect(errand.state).toBe('failed');
    expect(errand.steps[0]?.said).toMatch(/several new ones called backend \(theirs, network-1\)/);
    expect(JSON.stringify(house.cards.at(-1)?.blocks)).not.toContain('errand:remove');
  });

  it('says on the card when the only one of that name was taken, and asks to look before it is removed', async () => {
    const { house, errand } = await lost(null, { done: false });
    expect(errand.steps[0]).toMatchObject({ state: 'done', id: 'theirs', byName: true });
    const card = JSON.stringify(house.cards.at(-1)?.blocks);
    expect(card).toContain('the answer was lost: known by its name alone');
    expect(card).toContain('Look first whether network backend is the right one: I know it by its name alone.');
  });
});
