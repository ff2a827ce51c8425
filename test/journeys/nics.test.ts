import { expect, it } from 'vitest';
import { MINUTE } from '../support/clock.ts';
import { until } from '../support/until.ts';
import { useWorlds, type World } from '../support/world.ts';

const worlds = useWorlds();
const ALICE: ['alice'] = ['alice'];
const OTC = { OS_CLOUD_PROFILE: 'otc', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'eu-de' };

function stock({ cloud }: World) {
  cloud.settle();
  const { networks, subnets, ports } = cloud.world.stock;
  return { networks: [...networks.values()], subnets: [...subnets.values()], ports: [...ports.values()] };
}

function portsOn(world: World, server: string) {
  const { id } = world.cloud.server(server);
  return stock(world).ports.filter(({ deviceId }) => deviceId === id);
}

it('makes a network, its subnet and a port, and attaches it, in one flow', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 10.1.0.0/24');
  const { text } = await alice.seesOnCard('✅ Done · Attach a NIC on the new network backend to web-1');
  for (const line of [
    'Created network backend',
    'Created subnet backend (10.1.0.0/24)',
    'Created port web-1-E-',
    'Attached NIC web-1-E-',
  ]) {
    expect(text.replaceAll('`', '')).toContain(`✅ ${line}`);
  }
  expect(stock(world).subnets.some(({ cidr }) => cidr === '10.1.0.0/24')).toBe(true);
  expect(portsOn(world, 'web-1').some(({ fixedIps }) => fixedIps[0]?.address.startsWith('10.1.0.'))).toBe(true);
  await alice.says('/ecs nic list web-1');
  await alice.seesPrivately(/2 NICs on[\s\S]*10\.1\.0\./);
});

it('takes it all back: Undo for the NIC, Remove for the network it came with', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  const before = stock(world);
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 10.1.0.0/24');
  await alice.seesOnCard('✅ Done');
  await alice.clicks('Undo');
  const { text } = await alice.seesOnCard('↩️ Undone');
  expect(text.replaceAll('`', '')).toContain('What it created is still there: network backend, subnet backend.');
  await alice.clicks('Remove');
  await alice.seesOnCard('🧹 Cleared away');
  expect(stock(world)).toEqual(before);
});

it('attaches a NIC on a network that is there, with the address that was asked for', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs nic attach web-1 --network backup-net --ip 192.168.50.77');
  const { text } = await alice.seesOnCard('✅ Done');
  expect(text).toContain('192.168.50.77');
  await alice.clicks('Undo');
  await alice.seesOnCard('↩️ Undone');
  expect(stock(world).ports.some(({ fixedIps }) => fixedIps[0]?.address === '192.168.50.77')).toBe(false);
});

it('keeps in the form of a port what was typed beside the network that was not', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs port create --subnet 10.9.9.0/24 --ip 10.0.0.44 --name spare');
  await alice.seesModal('Project demo.');
  await alice.submits({ Network: 'demo-net' });
  await alice.seesModal('There is no subnet 10.9.9.0/24');
  await alice.submits({ Subnet: '10.0.0.0/16' });
  await alice.seesOnCard('✅ Done · Create port spare on demo-net');
  const made = stock(world).ports.find(({ name }) => name === 'spare');
  expect(made?.fixedIps.map(({ address }) => address)).toEqual(['10.0.0.44']);
});

it('makes a port for later, and attaches it by its address', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs port create backup-net --ip 192.168.50.9 --name spare');
  await alice.seesOnCard('✅ Done · Create port spare on backup-net');
  await alice.says('/ecs nic attach web-2 --port 192.168.50.9');
  await alice.seesOnCard('✅ Done · Attach NIC spare to web-2');
  expect(portsOn(world, 'web-2').map(({ name }) => name)).toContain('spare');
  await alice.says('/ecs nic attach web-1 --port spare');
  await alice.seesPrivately('The port spare is in use by web-2: detach it there first');
});

it('detaches a NIC after asking once more, and warns when it is the only one', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs nic detach web-1');
  await alice.seesPrivately('1 NIC on');
  await alice.clicks('Detach');
  await alice.seesPrivately('It is the only one: after that the server cannot be reached over any network.');
  await alice.clicks('Detach it');
  await alice.seesOnCard('✅ Done · Detach NIC');
  expect(portsOn(world, 'web-1')).toEqual([]);
});

it('makes a network, gives it a range, and refuses one that overlaps', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  await alice.says('/ecs network create backend');
  await alice.seesOnCard('✅ Done · Create network backend');
  await alice.says('/ecs subnet create backend 10.1.0.0/24');
  await alice.seesOnCard('✅ Done · Create subnet 10.1.0.0/24 in backend');
  await alice.says('/ecs subnet create backend 10.1.0.128/25');
  await alice.seesPrivately('10.1.0.128/25 overlaps 10.1.0.0/24, which the network already has');
  await alice.clicks('Undo');
  await alice.seesOnCard('↩️ Undone · Create subnet');
  expect(stock(world).subnets.some(({ cidr }) => cidr === '10.1.0.0/24')).toBe(false);
  expect(cloud.countCalls({ method: 'POST', path: '/subnets' })).toBe(1);
});

it('checks the range before anything is made', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  const tries: [string, string][] = [
    ['10.1.0.7/24', 'begins in the middle of its range. Did you mean 10.1.0.0/24?'],
    ['10.1.0.0', 'is not an address range'],
    ['10.1.0.0/31', 'has no room for a server'],
  ];
  for (const [cidr, said] of tries) {
    await alice.says(`/ecs nic attach web-1 --new-network backend --cidr ${cidr}`);
    await alice.seesPrivately(said);
  }
  await alice.says('/ecs nic attach web-1 --network backup-net --ip 10.9.9.9');
  await alice.seesPrivately('10.9.9.9 is not an address of backup-net, whose range is 192.168.50.0/24.');
  await alice.says('/ecs nic attach web-1 --network backup --port x');
  await alice.seesPrivately('Say one of --port, --network and --new-network, not several.');
  expect(cloud.countCalls({ method: 'POST', path: /network|interface/ })).toBe(0);
});

it('refuses an address that no server can have, or that somebody has, before anything is made', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 10.1.0.0/24 --ip 10.1.0.0');
  await alice.seesPrivately('10.1.0.0 is the first one of 10.1.0.0/24, which stands for the range itself.');
  await alice.says('/ecs nic attach web-1 --network backup-net --ip 192.168.50.255');
  await alice.seesPrivately('192.168.50.255 is the last one of 192.168.50.0/24');
  await alice.says('/ecs nic attach web-2 --network demo-net --ip 10.0.0.10');
  await alice.seesPrivately('10.0.0.10 is taken: web-1 has it. Choose another address.');
  expect(cloud.countCalls({ method: 'POST', path: /network|interface/ })).toBe(0);
  await alice.says('/ecs port create backup-net --ip 192.168.50.9 --name spare');
  await alice.seesOnCard('✅ Done · Create port spare');
  await alice.says('/ecs port create backup-net --ip 192.168.50.9');
  await alice.seesPrivately(
    '192.168.50.9 is taken: the port spare has it. Attach that port, or choose another address.',
  );
});

it('knows the ranges that the Open Telekom Cloud takes', async () => {
  const world = await worlds.open({ signedIn: ALICE, cloud: { mode: 'otc' }, env: OTC });
  const { alice } = world;
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 100.64.0.0/24');
  await alice.seesPrivately('This cloud takes ranges inside 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 only.');
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 10.1.0.0/29');
  await alice.seesPrivately('A range of /29 is too small for this cloud. Use /28 or a smaller number.');
  await alice.says('/ecs subnet create backup-net 10.1.0.0/24');
  await alice.seesPrivately('in this cloud a network has only one');
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 10.1.0.0/28');
  await alice.seesOnCard('✅ Done');
});

it('names what it made when attaching is refused, and clears it away in the right order', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  const before = stock(world);
  cloud.failNext({
    match: { method: 'POST', path: /os-interface/ },
    with: { status: 409, body: { conflictingRequest: { code: 409, message: 'The host says no' } } },
    times: 2,
  });
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 10.1.0.0/24');
  const { text } = await alice.seesOnCard('❌ Failed');
  expect(text).toContain('The host says no');
  expect(text.replaceAll('`', '')).toMatch(/still there: network backend, subnet backend, port web-1-E-/);
  await alice.clicks('Remove');
  await alice.seesOnCard('🧹 Cleared away');
  expect(stock(world)).toEqual(before);
});

it('makes one network although the answer gets lost', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  cloud.failNext({ match: { method: 'POST', path: /\/networks$/ }, with: 'reset_after' });
  cloud.failNext({ match: { method: 'POST', path: /\/ports$/ }, with: 'reset_after' });
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 10.1.0.0/24');
  await alice.seesOnCard('✅ Done');
  expect(stock(world).networks.filter(({ name }) => name === 'backend')).toHaveLength(1);
  expect(portsOn(world, 'web-1')).toHaveLength(2);
});

it('leaves its mark on what it makes, so that everybody can see where it comes from', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 10.1.0.0/24');
  const { text } = await alice.seesOnCard('✅ Done');
  const description = `Made by ECS Flight Deck, ${/E-[A-Z0-9]{6} · asked/.exec(text)?.[0].slice(0, 8) ?? '?'}`;
  const { networks, subnets } = stock(world);
  expect(networks.find(({ name }) => name === 'backend')).toMatchObject({ description });
  expect(subnets.find(({ name }) => name === 'backend')).toMatchObject({ description });
  expect(portsOn(world, 'web-1').some((port) => port.description === description)).toBe(true);
});

it('says where a cloud keeps no marks that a network is known by its name alone, once its answer was lost', async () => {
  const world = await worlds.open({ signedIn: ALICE, cloud: { mode: 'otc' }, env: OTC });
  const { alice, cloud } = world;
  cloud.failNext({ match: { method: 'POST', path: /\/networks$/ }, with: 'reset_after' });
  cloud.failNext({ match: { method: 'POST', path: /\/ports$/ }, with: 'reset_after' });
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 10.1.0.0/24');
  const { text } = await alice.seesOnCard('✅ Done');
  expect(text).toMatch(/Created network backend \(the answer was lost: known by its name alone\)/);
  // Its name has the order in it.
  expect(text).toMatch(/Created port web-1-E-\w+ as/);
  await alice.clicks('Undo');
  await alice.seesOnCard('↩️ Undone');
  expect(await alice.isAskedBefore('Remove')).toContain('Look first whether network backend is the right one');
});

it('attaches once although the slow call is cut off', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud } = world;
  cloud.failNext({ match: { method: 'POST', path: /os-interface/ }, with: 'reset_after' });
  await alice.says('/ecs nic attach web-1 --network backup-net');
  await alice.seesOnCard('✅ Done');
  expect(cloud.countCalls({ method: 'POST', path: 'os-interface' })).toBe(1);
  expect(portsOn(world, 'web-1')).toHaveLength(2);
});

it('waits for a server that is busy with something else', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice, cloud, clock } = world;
  cloud.operator.set('web-1', { taskState: 'image_snapshot' });
  await alice.says('/ecs nic attach web-1 --network backup-net');
  await alice.seesOnCard('Something else is being done there');
  cloud.operator.set('web-1', { taskState: null });
  clock.advance(MINUTE);
  await alice.seesOnCard('✅ Done');
});

it('opens a form, and checks it at its fields', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs nic attach web-2');
  await alice.seesModal('Choose a network, or name a new one');
  expect(await alice.submits({})).toMatchObject({ network: 'Choose a network, or name a new one below.' });
  expect(
    await alice.submits({ 'New network': 'backend', 'Address range of the new network': '10.1.0.7/24' }),
  ).toMatchObject({
    cidr: expect.stringContaining('Did you mean 10.1.0.0/24?') as string,
  });
  await alice.submits({ 'New network': 'backend', 'Address range of the new network': '10.1.0.0/24' });
  await alice.seesOnCard('✅ Done · Attach a NIC on the new network backend to web-2');
});

it('keeps in the form what was typed: the network by its name', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs nic attach --network backup-net --ip 192.168.50.77');
  await alice.seesModal('Choose a network, or name a new one');
  await alice.submits({ Server: 'web-2' });
  await alice.seesOnCard('✅ Done · Attach a NIC on backup-net to web-2');
});

it('asks for the server alone where a port was named, and attaches that port', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs port create backup-net --name spare');
  await alice.seesOnCard('✅ Done · Create port spare');
  await alice.says('/ecs nic attach --port spare');
  await alice.seesPrivately('Which server?');
  await alice.picks('web-2', 'Choose a server');
  await alice.seesOnCard('✅ Done · Attach NIC spare to web-2');
});

it('says in the form, under the field, what only the cloud knows, and keeps what was typed', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs nic attach web-2');
  await alice.seesModal('Choose a network, or name a new one');
  await alice.submits({ Network: 'demo-net', Address: '10.0.0.10' });
  await alice.seesModal(/Address\n[\s\S]*⚠️ 10\.0\.0\.10 is taken: web-1 has it\.[\s\S]*New network/);
  await alice.submits({ Address: '10.0.0.77' });
  await alice.seesOnCard('✅ Done · Attach a NIC on demo-net to web-2');
});

it('does not touch a server while a resize runs on it', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob } = world;
  await alice.says('/ecs resize web-1 c1.large');
  await alice.seesOnCard('Awaiting approval');
  await bob.clicks('Approve');
  await alice.seesOnCard('Awaiting confirmation');
  await alice.says('/ecs nic attach web-1 --network backup-net');
  await alice.seesPrivately(/The resize R-\w+ runs on/);
});

it('is refused to somebody who may only look, in words', async () => {
  const world = await worlds.open({ signedIn: ['carol'] });
  const { carol } = world;
  await carol.says('/ecs network create backend');
  await carol.seesOnCard('❌ Failed');
  await carol.seesOnCard('Your role in the cloud does not allow to create network');
  await until(() => !carol.canClick('Remove'), 'no Remove button');
});
