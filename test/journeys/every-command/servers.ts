// Making, switching and deleting servers.
import { expect } from 'vitest';
import type { World } from '../../support/world.ts';
import { MINUTE } from '../../support/clock.ts';
import { aServer, failing, fresh, onDeck, type Row, type Table, tells, unanswered } from './journey.ts';

const CREATE = { method: 'POST', path: /\/servers$/ };
const DELETE = { method: 'DELETE', path: /\/servers\// };

function orderLine(name: string): string {
  return `/ecs create ${name} --flavor s2.small.1 --image debian-12 --network backup-net`;
}

function serversCalled({ cloud }: World, name: string): number {
  return cloud.state().servers.filter((server) => server.name === name).length;
}

const create: Row = {
  success: onDeck(async ({ alice, bob, cloud }) => {
    const name = fresh('made');
    await alice.says(orderLine(name));
    await bob.seesOnCard(`✅ Ready · ${name}`);
    expect(cloud.status(name)).toBe('ACTIVE');
  }),
  refusal: tells(
    'create made --flavor s2.small.2 --image debian-12 --network backup-net',
    'There is no flavor s2.small.2 in this project. Near it: s2.small.1',
  ),
  cloudError: onDeck(async (world) => {
    const { alice, clock } = world;
    const name = fresh('made');
    await failing(world, { call: CREATE, fault: 500 }, async () => {
      await alice.says(orderLine(name));
      await alice.seesOnCard('It is uncertain whether the cloud took the order');
    });
    clock.advance(2 * MINUTE);
    await alice.seesOnCard(`✅ Ready · ${name}`);
    expect(serversCalled(world, name)).toBe(1);
  }),
  timeout: onDeck(async (world) => {
    const { alice } = world;
    const name = fresh('made');
    await unanswered(world, { call: CREATE, done: true }, async () => {
      await alice.says(orderLine(name));
      await alice.seesOnCard(`✅ Ready · ${name}`);
    });
    expect(serversCalled(world, name)).toBe(1);
  }),
};

type Power = {
  verb: 'Start' | 'Stop' | 'Reboot';
  doing: string;
  action: string;
  from: 'active' | 'stopped';
  asksFirst: boolean;
  done: string;
};

function power({ verb, doing, action, from, asksFirst, done }: Power): Row {
  const word = verb.toLowerCase();
  const status = from === 'active' ? 'ACTIVE' : 'SHUTOFF';
  /** What the person is told in the end. */
  const order = async ({ alice }: World, server: string): Promise<string> => {
    const answer = await alice.asks(`/ecs ${word} ${server}`);
    if (!asksFirst) return answer.text;
    return (await alice.hears(() => alice.clicks(`${verb} it`), 'how it went')).text;
  };
  const sent = { method: 'POST', action };
  return {
    success: onDeck(async (world) => {
      const server = aServer(world, from);
      await order(world, server);
      await world.bob.sees(`✅ ${server} is ${done}, as @alice asked.`);
    }),
    refusal: onDeck(async (world) => {
      const server = aServer(world, from);
      world.cloud.operator.lock(server);
      expect(await order(world, server)).toContain(
        `${server} is ${status} and locked, so ${doing} it is not possible now.`,
      );
    }),
    cloudError: onDeck(async (world) => {
      const server = aServer(world, from);
      const said = await failing(world, { call: sent, fault: 500 }, () => order(world, server));
      expect(said).toContain(
        `The cloud did not say whether it took the order to ${word} ${server}, and shows nothing of it so far: ${server} is ${status}. Look at it with “show” before you try again.`,
      );
      expect(world.cloud.status(server)).toBe(status);
    }),
    timeout: onDeck(async (world) => {
      const server = aServer(world, from);
      const before = world.cloud.countCalls(sent);
      await unanswered(world, { call: sent, done: true }, () => order(world, server));
      await world.bob.sees(`✅ ${server} is ${done}, as @alice asked.`);
      expect(world.cloud.countCalls(sent)).toBe(before + 1);
    }),
  };
}

async function deletes({ alice }: World, server: string): Promise<string> {
  await alice.asks(`/ecs delete ${server}`);
  return (await alice.hears(() => alice.clicks('Delete it'), 'how it went')).text;
}

const remove: Row = {
  success: onDeck(async (world) => {
    const server = aServer(world);
    await deletes(world, server);
    await world.bob.sees(`${server} is deleted, as @alice asked.`);
    expect(serversCalled(world, server)).toBe(0);
  }),
  refusal: onDeck(async (world) => {
    const server = aServer(world);
    world.cloud.operator.lock(server);
    expect(await deletes(world, server)).toContain(`${server} cannot be deleted now, because it is locked`);
  }),
  cloudError: onDeck(async (world) => {
    const server = aServer(world);
    const said = await failing(world, { call: DELETE, fault: 500, times: 9 }, () => deletes(world, server));
    expect(said).toContain(
      `The cloud did not say whether it took the order to delete ${server}, and shows nothing of it so far: ${server} is ACTIVE.`,
    );
    expect(serversCalled(world, server)).toBe(1);
  }),
  timeout: onDeck(async (world) => {
    const server = aServer(world);
    const before = world.cloud.countCalls(DELETE);
    await unanswered(world, { call: DELETE, done: true }, () => deletes(world, server));
    await world.bob.sees(`${server} is deleted, as @alice asked.`);
    expect(world.cloud.countCalls(DELETE)).toBe(before + 1);
  }),
};

export const SERVERS: Table = {
  create,
  start: power({
    verb: 'Start',
    doing: 'starting',
    action: 'os-start',
    from: 'stopped',
    asksFirst: false,
    done: 'running (ACTIVE)',
  }),
  stop: power({
    verb: 'Stop',
    doing: 'stopping',
    action: 'os-stop',
    from: 'active',
    asksFirst: true,
    done: 'shut off (SHUTOFF)',
  }),
  reboot: power({
    verb: 'Reboot',
    doing: 'rebooting',
    action: 'reboot',
    from: 'active',
    asksFirst: true,
    done: 'running again (ACTIVE)',
  }),
  delete: remove,
};
