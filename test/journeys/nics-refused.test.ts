// What cannot be done with networks, ports and NICs, before the order and after it: in words, with nothing left unnamed.
import { expect, it } from 'vitest';
import { MINUTE } from '../support/clock.ts';
import { until } from '../support/until.ts';
import { useWorlds, type World, type WorldOptions } from '../support/world.ts';

const worlds = useWorlds();
const ALICE: ['alice'] = ['alice'];
const OTC: WorldOptions = {
  signedIn: ALICE,
  cloud: { mode: 'otc' },
  env: { OS_CLOUD_PROFILE: 'otc', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'eu-de' },
};

const PLUG = { method: 'POST', path: /os-interface/ } as const;
const QUOTAS = { method: 'GET', path: /\/quotas\// } as const;

function portsOn({ cloud }: World, server: string) {
  cloud.settle();
  return cloud.world.stock.portsOf(cloud.server(server).id);
}

/** As things are in a project whose quota is used up: three networks, of which it may have so many. */
function withQuota(quota: { networks?: number; subnets?: number; ports?: number }): WorldOptions {
  const projects = [{ name: 'demo', quota }, { name: 'ops' }, { name: 'admin' }];
  return { signedIn: ALICE, cloud: { seed: { projects } } };
}

/** A NIC was ordered, and the cloud has not answered in time. */
async function unanswered(): Promise<World> {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  cloud.failNext({ match: PLUG, with: 'hang' });
  await alice.says('/ecs nic attach web-1 --network backup-net');
  await until(() => cloud.countCalls(PLUG) === 1, 'the order to be sent');
  clock.runOut();
  await alice.seesOnCard('It is uncertain whether the cloud took the last call');
  return world;
}

it('takes a NIC that came after the answer was given up for attached, and orders it once', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  cloud.failNext({ match: PLUG, with: 'hang_after' });
  await alice.says('/ecs nic attach web-1 --network backup-net');
  await until(() => portsOn(world, 'web-1').length === 2, 'the cloud to have attached it');
  await alice.seesOnCard('Attaching NIC');
  clock.runOut();
  await alice.seesOnCard('✅ Done');
  expect(cloud.countCalls(PLUG)).toBe(1);
  expect(portsOn(world, 'web-1')).toHaveLength(2);
});

it('looks before it orders a NIC again whose order nobody answered, and finds it made late', async () => {
  const world = await unanswered();
  const { alice, cloud, clock } = world;
  const port = [...cloud.world.stock.ports.values()].find(({ name }) => name.startsWith('web-1-E-'));
  if (!port) throw new Error('no port was made for the NIC');
  cloud.world.stock.seat(port, cloud.server('web-1').id, 'compute:nova');
  clock.advance(5_000);
  await alice.seesOnCard('✅ Done');
  expect(cloud.countCalls(PLUG)).toBe(1);
});

it('orders a NIC again whose order was never carried out', async () => {
  const world = await unanswered();
  const { alice, cloud, clock } = world;
  expect(cloud.countCalls(PLUG)).toBe(1);
  clock.advance(2 * MINUTE);
  await alice.seesOnCard('✅ Done');
  expect(cloud.countCalls(PLUG)).toBe(2);
  expect(portsOn(world, 'web-1')).toHaveLength(2);
});

it('finds out that another server got the port meanwhile', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  await alice.says('/ecs port create backup-net --name spare');
  await alice.seesOnCard('✅ Done');
  cloud.operator.set('web-1', { taskState: 'image_snapshot' });
  await alice.says('/ecs nic attach web-1 --port spare');
  await alice.seesOnCard('Something else is being done there (image_snapshot)');
  const port = [...cloud.world.stock.ports.values()].find(({ name }) => name === 'spare');
  if (!port) throw new Error('no port spare');
  cloud.world.stock.seat(port, cloud.server('web-2').id, 'compute:nova');
  clock.advance(MINUTE);
  await alice.seesOnCard('❌ Failed');
  await alice.seesOnCard('The port spare is in use by another server by now. Detach it there first');
  expect(portsOn(world, 'web-1')).toHaveLength(1);
});

it('says that an address was taken meanwhile', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ALICE });
  const message = 'IP address 192.168.50.9 already allocated in subnet backup';
  const body = { NeutronError: { type: 'IpAddressAlreadyAllocated', message, detail: '' } };
  cloud.failNext({ match: { method: 'POST', path: /\/ports$/ }, with: { status: 409, body } });
  await alice.says('/ecs port create backup-net --ip 192.168.50.9 --name second');
  await alice.seesOnCard('❌ Failed · Create port second on backup-net');
  await alice.seesOnCard(`“${message}” Take another address, or leave it to the cloud.`);
  expect(cloud.countCalls({ method: 'POST', path: /\/ports$/ })).toBe(1);
  expect(alice.canClick('Remove')).toBe(false);
});

it('says that a network has no more addresses', async () => {
  const networks = [{ name: 'tiny', project: 'demo', cidrs: ['10.77.0.0/30'] }];
  const { alice } = await worlds.open({ signedIn: ALICE, cloud: { seed: { networks } } });
  await alice.says('/ecs port create tiny --name first');
  await alice.seesOnCard('✅ Done · Create port first on tiny');
  await alice.says('/ecs port create tiny --name second');
  await alice.seesOnCard('❌ Failed · Create port second on tiny');
  await alice.seesOnCard(/No more IP addresses available on network .*” Take another address/);
});

it.each<[thing: 'networks' | 'subnets' | 'ports', line: string]>([
  ['networks', '/ecs network create backend'],
  ['subnets', '/ecs subnet create backup-net 10.9.0.0/24'],
  ['subnets', '/ecs network create backend --cidr 10.9.0.0/24'],
  ['ports', '/ecs port create backup-net'],
  ['ports', '/ecs nic attach web-1 --network backup-net'],
  ['networks', '/ecs nic attach web-1 --new-network backend --cidr 10.9.0.0/24'],
])('says that there may be no more %s before anything is made: %s', async (thing, line) => {
  const { alice, cloud } = await worlds.open(withQuota({ [thing]: 1 }));
  expect((await alice.asks(line)).text).toMatch(
    new RegExp(`The project may have no more ${thing} \\(\\d+ of 1\\)\\. Remove one, or have the quota raised\\.`),
  );
  expect(cloud.countCalls({ method: 'POST', path: /network|subnet|port|interface/ })).toBe(0);
  expect(alice.card()).toBeNull();
});

it('says that the quota is used up where the cloud tells only when it refuses, with a 409', async () => {
  const { alice, cloud } = await worlds.open(withQuota({ subnets: 2 }));
  cloud.failNext({ match: QUOTAS, with: { status: 404, body: {} }, times: 9 });
  await alice.says('/ecs network create backend --cidr 10.9.0.0/24');
  const { text } = await alice.seesOnCard('❌ Failed');
  expect(text).toContain(
    "The project's quota does not allow to create subnet: “Quota exceeded for resources: ['subnet'].” Free something, or have the quota raised.",
  );
  expect(text.replaceAll('`', '')).toContain('What it created is still there: network backend.');
  await alice.clicks('Remove');
  await alice.seesOnCard('🧹 Cleared away');
  expect([...cloud.world.stock.networks.values()].map(({ name }) => name)).not.toContain('backend');
});

it.each([
  ['10.1.0.7/24', 'begins in the middle of its range. Did you mean 10.1.0.0/24?'],
  ['10.1.0.0/33', 'is not an address range'],
  ['300.1.0.0/24', 'is not an address range'],
  ['10.1.0.0/31', 'has no room for a server'],
  ['nonsense', 'is not an address range'],
])('says what is wrong with the range %s, whichever command it is for', async (cidr, said) => {
  const { alice, cloud } = await worlds.open({ signedIn: ALICE });
  for (const line of [
    `network create backend --cidr ${cidr}`,
    `subnet create backup-net ${cidr}`,
    `nic attach web-1 --new-network backend --cidr ${cidr}`,
  ]) {
    expect([line, (await alice.asks(`/ecs ${line}`)).text]).toEqual([line, expect.stringContaining(said)]);
  }
  await alice.says('/ecs network create');
  await alice.seesModal('Address range');
  expect(await alice.submits({ Name: 'backend', 'Address range': cidr })).toMatchObject({
    cidr: expect.stringContaining(said) as string,
  });
  await alice.closesModal();
  await alice.says('/ecs subnet create');
  await alice.seesModal('Address range');
  expect(await alice.submits({ Network: 'backup-net', 'Address range': cidr })).toMatchObject({
    cidr: expect.stringContaining(said) as string,
  });
  expect(cloud.countCalls({ method: 'POST', path: /network|subnet|interface/ })).toBe(0);
});

it('checks the range in the form against what the network has, and says it there', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ALICE });
  await alice.says('/ecs subnet create');
  await alice.seesModal('Address range');
  await alice.submits({ Network: 'backup-net', 'Address range': '192.168.50.128/25' });
  await alice.seesModal('192.168.50.128/25 overlaps 192.168.50.0/24, which the network already has');
  expect(cloud.countCalls({ method: 'POST', path: /subnet/ })).toBe(0);
});

it('keeps the first NIC of a server where the cloud does', async () => {
  const world = await worlds.open(OTC);
  const { alice, cloud } = world;
  const [first] = portsOn(world, 'web-1').map(({ fixedIps }) => fixedIps[0]?.address);
  expect((await alice.asks(`/ecs nic detach web-1 ${first}`)).text).toContain(
    `${first} is the only NIC of web-1, and in this cloud a server keeps its first one.`,
  );
  expect(cloud.countCalls({ method: 'DELETE', path: /os-interface/ })).toBe(0);
  await alice.says('/ecs nic attach web-1 --network backup-net');
  await alice.seesOnCard('✅ Done');
  await alice.says(`/ecs nic detach web-1 ${first} --yes`);
  await alice.seesOnCard('❌ Failed');
  await alice.seesOnCard(
    /The cloud does not allow to detach NIC: “The primary port .* cannot be detached\.” Some clouds keep a server's first NIC/,
  );
  expect(portsOn(world, 'web-1')).toHaveLength(2);
});

it('does not plug into a network that has no addresses, nor into two ways at once', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ALICE });
  await alice.says('/ecs network create bare');
  await alice.seesOnCard('✅ Done');
  for (const line of ['nic attach web-1 --network bare', 'port create bare']) {
    expect((await alice.asks(`/ecs ${line}`)).text).toContain(
      'bare has no subnet, so there are no addresses in it: make one with “subnet create”.',
    );
  }
  for (const [line, said] of [
    [
      'nic attach web-1 --network bare --new-network x --cidr 10.1.0.0/24',
      'Say one of --port, --network and --new-network',
    ],
    ['nic attach web-1 --port x --ip 10.1.0.5', 'A port has its address already: leave out --ip.'],
    ['nic attach web-1 --new-network x', 'A new network needs an address range: add --cidr'],
    ['nic attach web-1 --network bare --cidr 10.1.0.0/24', 'An address range is for a new network'],
  ] as const) {
    expect((await alice.asks(`/ecs ${line}`)).text).toContain(said);
  }
  expect(cloud.countCalls(PLUG)).toBe(0);
});

it('says in a form that the network was deleted meanwhile', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ALICE });
  await alice.says('/ecs nic attach web-1');
  await alice.seesModal('Choose a network, or name a new one');
  const { networks } = cloud.world.stock;
  const gone = [...networks.values()].find(({ name }) => name === 'backup-net');
  networks.delete(gone?.id ?? '');
  await alice.submits({ Network: 'backup-net' });
  await alice.seesModal(`There is no network ${gone?.id} in this project.`);
  expect(cloud.countCalls(PLUG)).toBe(0);
});
