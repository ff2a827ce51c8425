// Two replicas on one Redis: clicks at the same moment, one winner, one resize.
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { listAllFlavors } from '../../src/openstack/flavors.ts';
import { showServer } from '../../src/openstack/servers.ts';
import { createLeases } from '../../src/redis/lease.ts';
import { createRecords } from '../../src/redis/record.ts';
import { fourEyes } from '../../src/resize/policy.ts';
import type { Decision, ResizeRequest } from '../../src/resize/request.ts';
import { createResizes } from '../../src/resize/resizes.ts';
import { placeRequest } from '../../src/resize/store.ts';
import { createResizeTick } from '../../src/resize/tick.ts';
import { createResizeWorker } from '../../src/resize/worker.ts';
import type { Outgoing } from '../../src/slack/reply.ts';
import { useRedis } from '../support/redis-client.ts';
import { ALICE, BOB, CAROL, PROJECT, flavorCalled, SERVER } from './house/house.ts';
import { createNova, type Nova } from './house/nova.ts';

const redis = useRedis();

type World = { nova: Nova; clock: { at: number }; messages: Map<string, Outgoing> };

function createWorld(): World {
  const clock = { at: Date.UTC(2026, 10, 21, 12) };
  const nova = createNova(() => clock.at);
  nova.addServer(SERVER);
  return { nova, clock, messages: new Map() };
}

let serial = 0;

/** One replica of the bot, as far as resizes go. */
function createReplica(kind: string, { nova, clock, messages }: World) {
  const records = createRecords<ResizeRequest>({ redis: redis.client, keys: redis.keys, kind, place: placeRequest });
  const randomId = () => String((serial += 1));
  const shared = {
    records,
    slash: '/ecs',
    now: () => clock.at,
    log: { info: () => undefined, warn: () => undefined },
    cloudFor: () => Promise.resolve(nova.cloud(PROJECT.id)),
    outbox: {
      put(all: Outgoing[]) {
        for (const one of all) messages.set(one.key, one);
        return Promise.resolve();
      },
    },
  };
  const worker = createResizeWorker({
    ...shared,
    leases: createLeases({ redis: redis.client, keys: redis.keys, randomId }),
  });
  const wake = async (id: string) => void (await worker.step(id));
  const resizes = createResizes({
    ...shared,
    flavors: { of: listAllFlavors },
    policy: fourEyes,
    wake,
    random: (below) => (serial += 11) % below,
    ttls: { approvalTtlMs: 3_600_000, confirmTtlMs: 86_400_000 },
  });
  return { records, resizes, tick: createResizeTick({ ...shared, worker, wake }) };
}

type Replica = ReturnType<typeof createReplica>;

async function ask({ resizes }: Replica, { nova }: World): Promise<string> {
  const cloud = nova.cloud(PROJECT.id);
  const server = await showServer(cloud, SERVER);
  const flavor = await flavorCalled('c1.large', cloud);
  const input = { person: ALICE, channelId: 'C1', server, flavor, reason: null, cloud, project: PROJECT };
  return (await resizes.ask(input)).id;
}

async function click({ resizes }: Replica, id: string, decision: Decision): Promise<'done' | UserError> {
  try {
    await resizes.decide(id, decision);
    return 'done';
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

async function pass(world: World, replicas: Replica[], seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 5) {
    world.clock.at += 5_000;
    for (const { tick } of replicas) await tick.tick();
  }
}

describe('two replicas', () => {
  it('let one of two simultaneous asks create the request', async () => {
    const world = createWorld();
    const [one, other] = [createReplica('ask', world), createReplica('ask', world)];

    const ids = await Promise.all([ask(one, world), ask(other, world)]);

    expect(new Set(ids).size).toBe(1);
  });

  it('let one of two simultaneous clicks win, and carry the resize out once', async () => {
    const world = createWorld();
    const replicas = [createReplica('race', world), createReplica('race', world)] as const;
    const [one, other] = replicas;
    const id = await ask(one, world);

    const votes = await Promise.all([
      click(one, id, { kind: 'approve', by: BOB }),
      click(other, id, { kind: 'deny', by: CAROL }),
      click(other, id, { kind: 'approve', by: BOB }),
    ]);
    expect(votes.filter((vote) => vote === 'done')).toHaveLength(1);
    if ((await one.records.get(id))?.state === 'denied') return;

    await pass(world, [...replicas], 60);
    const choices = await Promise.all([
      click(one, id, { kind: 'confirm', by: ALICE }),
      click(other, id, { kind: 'revert', by: BOB }),
      click(other, id, { kind: 'confirm', by: ALICE }),
    ]);
    expect(choices.filter((choice) => choice === 'done')).toHaveLength(1);
    await pass(world, [...replicas], 60);

    expect(world.nova.count('resize')).toBe(1);
    expect(world.nova.count('confirmResize', 'revertResize')).toBe(1);
    expect((await one.records.get(id))?.state).toMatch(/^(succeeded|reverted)$/);
    expect(await one.records.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });

  it('leave nothing behind in any index but the list of requests', async () => {
    const world = createWorld();
    const replica = createReplica('indexes', world);
    const id = await ask(replica, world);
    await click(replica, id, { kind: 'approve', by: BOB });
    await pass(world, [replica], 60);
    expect(await replica.records.members('resting')).toEqual([id]);
    await click(replica, id, { kind: 'confirm', by: ALICE });
    await pass(world, [replica], 60);

    for (const group of ['moving', 'resting', 'held', 'waiting:T1']) {
      expect(await replica.records.members(group)).toEqual([]);
    }
    expect(await replica.records.members('team:T1')).toEqual([id]);
    expect(await replica.records.holder(`server:${SERVER}`)).toBeNull();
  });
});
