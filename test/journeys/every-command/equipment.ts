// Disks, NICs and networks: one card each, that looks again before anything is repeated.
import { expect } from 'vitest';
import { MINUTE } from '../../support/clock.ts';
import type { World } from '../../support/world.ts';
import {
  type Calls,
  aServer,
  failing,
  fresh,
  type Journey,
  onDeck,
  type Row,
  type Table,
  tells,
  unanswered,
} from './journey.ts';

/** One order: the line, the title of its card, and how many times the cloud has what it is about. */
type Wish = { line: string; title: string; had(): number };

type Errand = {
  /** Makes what it needs, of its own. */
  wish(world: World): Wish | Promise<Wish>;
  refusal: Journey;
  sends: Calls;
  /** Asks once more, with this button. */
  button?: string;
};

/** A person types it, and confirms it where they are asked. */
async function orders({ alice }: World, line: string, button: string | undefined): Promise<void> {
  if (button === undefined) return alice.says(`/ecs ${line}`);
  await alice.asks(`/ecs ${line}`);
  await alice.clicks(button);
}

function errand({ wish, refusal, sends, button }: Errand): Row {
  return {
    success: onDeck(async (world) => {
      const { line, title, had } = await wish(world);
      await orders(world, line, button);
      await world.bob.seesOnCard(`✅ Done · ${title}`);
      expect(had()).toBe(1);
    }),
    refusal,
    cloudError: onDeck(async (world) => {
      const { line, title, had } = await wish(world);
      await failing(world, { call: sends, fault: 500 }, async () => {
        await orders(world, line, button);
        await world.bob.seesOnCard('It is uncertain whether the cloud took the last call: looking, since');
      });
      world.clock.advance(2 * MINUTE);
      await world.bob.seesOnCard(`✅ Done · ${title}`);
      expect(had()).toBe(1);
    }),
    timeout: onDeck(async (world) => {
      const { line, title, had } = await wish(world);
      const before = world.cloud.countCalls(sends);
      await unanswered(world, { call: sends, done: true }, async () => {
        await orders(world, line, button);
        await world.bob.seesOnCard(`✅ Done · ${title}`);
      });
      expect(had()).toBe(1);
      expect(world.cloud.countCalls(sends)).toBe(before + 1);
    }),
  };
}

function stock({ cloud }: World) {
  cloud.settle();
  const { volumes, networks, subnets, ports } = cloud.world.stock;
  return {
    disks: [...volumes.values()],
    networks: [...networks.values()],
    subnets: [...subnets.values()],
    ports: [...ports.values()],
  };
}

function aDisk({ cloud }: World): string {
  const name = fresh('disk');
  cloud.world.stock.addVolume({ name, project: 'demo', sizeGiB: 1 });
  return name;
}

async function anAttachedDisk(world: World): Promise<{ disk: string; server: string }> {
  const [disk, server] = [aDisk(world), aServer(world)];
  await world.alice.says(`/ecs disk attach ${disk} ${server}`);
  await world.alice.seesOnCard(`✅ Done · Attach disk ${disk}`);
  return { disk, server };
}

function aNetwork({ cloud }: World, cidrs: string[]): string {
  const name = fresh('net');
  cloud.world.stock.addNetwork({ name, project: 'demo', cidrs });
  return name;
}

function portsOn(world: World, server: string): number {
  const { id } = world.cloud.server(server);
  return stock(world).ports.filter(({ deviceId }) => deviceId === id).length;
}

const DISKS: Table = {
  'disk create': errand({
    wish(world) {
      const name = fresh('data');
      const had = () => stock(world).disks.filter((disk) => disk.name === name).length;
      return { line: `disk create ${name} --size 2`, title: `Create disk ${name}`, had };
    },
    refusal: tells('disk create huge --size 2000', /quota for disks is too small: \d+ GiB are missing/),
    sends: { method: 'POST', path: /\/volumes$/ },
  }),
  'disk attach': errand({
    wish(world) {
      const [disk, server] = [aDisk(world), aServer(world)];
      const had = () => stock(world).disks.filter(({ name, status }) => name === disk && status === 'in-use').length;
      return { line: `disk attach ${disk} ${server}`, title: `Attach disk ${disk} to ${server}`, had };
    },
    refusal: tells('disk attach archiv web-1', 'There is no disk archiv in this project. Near it: archive.'),
    sends: { method: 'POST', path: /os-volume_attachments/ },
  }),
  'disk detach': errand({
    async wish(world) {
      const { disk, server } = await anAttachedDisk(world);
      const had = () => stock(world).disks.filter(({ name, status }) => name === disk && status === 'available').length;
      return { line: `disk detach ${disk}`, title: `Detach disk ${disk} from ${server}`, had };
    },
    refusal: tells('disk detach archive', 'archive is attached to no server.'),
    sends: { method: 'DELETE', path: /os-volume_attachments/ },
    button: 'Detach it',
  }),
};

const NICS: Table = {
  'nic attach': errand({
    wish(world) {
      const [server, network] = [aServer(world), aNetwork(world, ['10.70.0.0/24'])];
      const title = `Attach a NIC on ${network} to ${server}`;
      const before = portsOn(world, server);
      return { line: `nic attach ${server} --network ${network}`, title, had: () => portsOn(world, server) - before };
    },
    refusal: tells('nic attach web-1 --network backup-net --ip 10.9.9.9', '10.9.9.9 is not an address of backup-net'),
    sends: { method: 'POST', path: /os-interface/ },
  }),
  'nic detach': errand({
    async wish(world) {
      const [server, network] = [aServer(world), aNetwork(world, ['10.71.0.0/24'])];
      await world.alice.says(`/ecs nic attach ${server} --network ${network} --ip 10.71.0.9`);
      await world.alice.seesOnCard(`✅ Done · Attach a NIC on ${network}`);
      const before = portsOn(world, server);
      const title = `Detach NIC 10.71.0.9 from ${server}`;
      return { line: `nic detach ${server} 10.71.0.9`, title, had: () => before - portsOn(world, server) };
    },
    refusal: tells('nic detach web-1 10.9.9.9', /web-1 has no NIC 10\.9\.9\.9\. It has 10\./),
    sends: { method: 'DELETE', path: /os-interface/ },
    button: 'Detach it',
  }),
};

const NETWORKS: Table = {
  'network create': errand({
    wish(world) {
      const name = fresh('net');
      const had = () => stock(world).networks.filter((network) => network.name === name).length;
      return { line: `network create ${name}`, title: `Create network ${name}`, had };
    },
    refusal: tells('network create wide --cidr 10.1.0.7/24', 'Did you mean 10.1.0.0/24?'),
    sends: { method: 'POST', path: /\/networks$/ },
  }),
  'subnet create': errand({
    wish(world) {
      const network = aNetwork(world, []);
      const had = () => stock(world).subnets.filter(({ name }) => name === network).length;
      return { line: `subnet create ${network} 10.72.0.0/24`, title: `Create subnet 10.72.0.0/24 in ${network}`, had };
    },
    refusal: tells(
      'subnet create backup-net 192.168.50.128/25',
      'overlaps 192.168.50.0/24, which the network already has',
    ),
    sends: { method: 'POST', path: /\/subnets$/ },
  }),
  'port create': errand({
    wish(world) {
      const [network, name] = [aNetwork(world, ['10.73.0.0/24']), fresh('port')];
      const had = () => stock(world).ports.filter((port) => port.name === name).length;
      return { line: `port create ${network} --name ${name}`, title: `Create port ${name} on ${network}`, had };
    },
    refusal: tells('port create backup-net --ip 10.9.9.9', '10.9.9.9 is not an address of backup-net'),
    sends: { method: 'POST', path: /\/ports$/ },
  }),
};

export const EQUIPMENT: Table = { ...DISKS, ...NICS, ...NETWORKS };
