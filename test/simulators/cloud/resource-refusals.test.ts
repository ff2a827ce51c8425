// Every refusal about disks, images, networks, keys, NICs and new servers that was heard from a real cloud, word for word.

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from './cloud-simulator.ts';
import { isRecord } from './exchange.ts';
import { person, send, type Asking, type Person, type Seen } from './testing/person.ts';
import { masked, read } from './testing/recorded.ts';

type Refused = { status: number; retryAfter?: string; body: unknown };

const HEARD = JSON.parse(read('resource-refusals.json')) as Record<string, Refused>;

const NOWHERE = '11111111-2222-3333-4444-555555555555';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGuvuHCZ2VKBNVFVBAoYWRK2TiSbxvwOdcCC1aJ0xMOb a@b';

/** A network with a small subnet and one port, which a server has; a server that has a disk; a server being built. */
type Stage = {
  cloud: CloudSimulator;
  alice: Person;
  carol: Person;
  project: string;
  server: string;
  building: string;
  /** In use. */
  volume: string;
  network: string;
  subnet: string;
  port: string;
  /** The port's. */
  address: string;
  image: string;
};

let cloud: CloudSimulator | null = null;

afterEach(async () => {
  await cloud?.close();
  cloud = null;
});

async function setStage(): Promise<Stage> {
  const sim = await CloudSimulator.start({ pace: 'manual' });
  cloud = sim;
  const alice = await person(sim, 'alice', 'demo');
  const carol = await person(sim, 'carol', 'demo');
  const { stock } = sim.world;
  const stage = {
    cloud: sim,
    alice,
    carol,
    project: sim.world.project('demo').id,
    server: sim.server('web-1').id,
    volume: stock.volume('archive').id,
    image: stock.image('debian-12').id,
  };
  const network = await idOf(ask(stage, '/network/networks', { body: { network: { name: 'probe-net' } } }), 'network');
  const range = { network_id: network, ip_version: 4, cidr: '10.77.0.0/29' };
  const subnet = await idOf(ask(stage, '/network/subnets', { body: { subnet: range } }), 'subnet');
  const port = await idOf(ask(stage, '/network/ports', { body: { port: { network_id: network } } }), 'port');
  const nic = { interfaceAttachment: { port_id: port } };
  await alice.ask(`/servers/${stage.server}/os-interface`, { method: 'POST', body: nic });
  const order = { name: 'being-built', flavorRef: '11', imageRef: stage.image, networks: [{ uuid: network }] };
  const building = await idOf(alice.ask('/servers', { method: 'POST', body: { server: order } }), 'server');
  await attach(stage, stage.volume);
  sim.finish('archive');
  const address = stock.ports.get(port)?.fixedIps[0]?.address ?? '';
  return { ...stage, network, subnet, port, building, address };
}

async function idOf(answer: Promise<Seen>, name: string): Promise<string> {
  const { body, text } = await answer;
  const thing = isRecord(body) ? body[name] : null;
  if (!isRecord(thing) || typeof thing['id'] !== 'string') throw new Error(`no ${name} in the answer: ${text}`);
  return thing['id'];
}

/** `path` begins with the service's name. POST where there is a body. */
async function ask(
  { cloud: sim, alice, project }: Pick<Stage, 'cloud' | 'alice' | 'project'>,
  path: string,
  asking: Asking = {},
): Promise<Seen> {
  const whole = path
    .replace(/^\/volume/, `/volume/v3/${project}`)
    .replace(/^\/image/, '/image/v2')
    .replace(/^\/network/, '/network/v2.0');
  const headers = { 'X-Auth-Token': alice.token, ...asking.headers };
  return send(sim, whole, { method: asking.body === undefined ? 'GET' : 'POST', ...asking, headers });
}

const volume = (fields: unknown) => async (stage: Stage) => ask(stage, '/volume/volumes', { body: { volume: fields } });

const subnet = (fields: Record<string, unknown>) => async (stage: Stage) => {
  const whole = { network_id: stage.network, ip_version: 4, ...fields };
  return ask(stage, '/network/subnets', { body: { subnet: whole } });
};

const port = (fields: (stage: Stage) => Record<string, unknown>) => async (stage: Stage) =>
  ask(stage, '/network/ports', { body: { port: { network_id: stage.network, ...fields(stage) } } });

const keyPair =
  (fields: unknown, version?: string) =>
  async ({ alice }: Stage) =>
    alice.ask('/os-keypairs', { method: 'POST', body: { keypair: fields }, ...(version !== undefined && { version }) });

const bare =
  (fields: unknown, version?: string) =>
  async ({ alice }: Stage) =>
    alice.ask('/servers', { method: 'POST', body: { server: fields }, ...(version !== undefined && { version }) });

/** An order that would be fine but for these fields. */
const server = (fields: (stage: Stage) => Record<string, unknown>, version?: string) => async (stage: Stage) => {
  const fine = { name: 'probe-srv', flavorRef: '11', networks: [{ uuid: stage.network }] };
  return bare({ ...fine, ...fields(stage) }, version)(stage);
};

const fromImage = (fields: Record<string, unknown>) => server(({ image }) => ({ ...fields, imageRef: image }));

const bootDisk = ({ image }: Stage, fields: Record<string, unknown> = {}) => ({
  boot_index: 0,
  source_type: 'image',
  uuid: image,
  destination_type: 'volume',
  volume_size: 1,
  delete_on_termination: true,
  ...fields,
});

const onDisk = (fields: Record<string, unknown>, version?: string) =>
  server((stage) => ({ block_device_mapping_v2: [bootDisk(stage, fields)] }), version);

const attaching =
  (fields: (stage: Stage) => unknown) =>
  async ({ alice, ...stage }: Stage) =>
    alice.ask(`/servers/${stage.server}/os-volume_attachments`, {
      method: 'POST',
      body: { volumeAttachment: fields({ alice, ...stage }) },
    });

async function attach({ alice, server: id }: Pick<Stage, 'alice' | 'server'>, volumeId: string): Promise<Seen> {
  const body = { volumeAttachment: { volumeId } };
  return alice.ask(`/servers/${id}/os-volume_attachments`, { method: 'POST', body });
}

async function detach({ alice, server: id }: Stage, volumeId: string): Promise<Seen> {
  return alice.ask(`/servers/${id}/os-volume_attachments/${volumeId}`, { method: 'DELETE' });
}

const nic = (fields: (stage: Stage) => unknown) => async (stage: Stage) =>
  stage.alice.ask(`/servers/${stage.server}/os-interface`, {
    method: 'POST',
    body: { interfaceAttachment: fields(stage) },
  });

const ROWS: Record<string, (stage: Stage) => Promise<Seen>> = {
  'a volume without a size': volume({ name: 'x' }),
  'a volume of size 0': volume({ name: 'x', size: 0 }),
  'a volume whose size is a word': volume({ name: 'x', size: 'abc' }),
  'a volume of an unknown type': volume({ name: 'x', size: 1, volume_type: 'nosuch' }),
  'a volume in an unknown zone': volume({ name: 'x', size: 1, availability_zone: 'nowhere' }),
  'a volume beyond the quota': async (stage) => {
    stage.cloud.world.stock.volumes.clear();
    stage.cloud.world.stock.addVolume({ name: 'one', project: 'demo', sizeGiB: 1 });
    return volume({ name: 'x', size: 5000 })(stage);
  },
  'an unknown volume': async (stage) => ask(stage, `/volume/volumes/${NOWHERE}`),
  'deleting an unknown volume': async (stage) => ask(stage, `/volume/volumes/${NOWHERE}`, { method: 'DELETE' }),
  'volumes after an unknown marker': async (stage) => ask(stage, `/volume/volumes/detail?marker=${NOWHERE}`),
  'volumes with a limit that is a word': async (stage) => ask(stage, '/volume/volumes/detail?limit=abc'),
  'an unknown address of the volume service': async (stage) => ask(stage, '/volume/nosuch'),
  "another project's volumes": async (stage) =>
    ask({ ...stage, project: stage.cloud.world.project('ops').id }, '/volume/volumes/detail'),
  'a volume made by a reader': async (stage) => volume({ name: 'x', size: 1 })({ ...stage, alice: stage.carol }),
  'deleting a volume in use': async (stage) => ask(stage, `/volume/volumes/${stage.volume}`, { method: 'DELETE' }),

  'images after an unknown marker': async (stage) => ask(stage, `/image/images?marker=${NOWHERE}`),
  'images with a limit that is a word': async (stage) => ask(stage, '/image/images?limit=abc'),
  'images of an unknown visibility': async (stage) => ask(stage, '/image/images?visibility=nosuch'),
  'an unknown image': async (stage) => ask(stage, `/image/images/${NOWHERE}`),
  'an unknown address of the image service': async (stage) => ask(stage, '/image/nosuch'),

  'networks with a limit that is a word': async (stage) => ask(stage, '/network/networks?limit=abc'),
  'an unknown network': async (stage) => ask(stage, `/network/networks/${NOWHERE}`),
  'a network without a body': async (stage) => ask(stage, '/network/networks', { body: {} }),
  'a network with an unknown attribute': async (stage) =>
    ask(stage, '/network/networks', { body: { network: { nosuch: 1 } } }),
  'a network with a name too long': async (stage) =>
    ask(stage, '/network/networks', { body: { network: { name: 'x'.repeat(256) } } }),
  'deleting a network in use': async (stage) => ask(stage, `/network/networks/${stage.network}`, { method: 'DELETE' }),

  'a subnet without a range': subnet({}),
  'a subnet whose range is a word': subnet({ cidr: 'abc' }),
  'a subnet of one address': subnet({ cidr: '10.77.0.0' }),
  'a subnet with a prefix of 33': subnet({ cidr: '10.77.0.0/33' }),
  'a subnet of everything': subnet({ cidr: '0.0.0.0/0' }),
  'a subnet of an unknown network': subnet({ network_id: NOWHERE, cidr: '10.77.0.0/24' }),
  'a subnet of the wrong version': subnet({ ip_version: 6, cidr: '10.77.0.0/24' }),
  'a subnet with a name server that is none': subnet({ cidr: '10.77.0.0/24', dns_nameservers: ['x y'] }),
  'a subnet without a version': async (stage) =>
    ask(stage, '/network/subnets', { body: { subnet: { network_id: stage.network, cidr: '10.79.0.0/24' } } }),
  'a subnet that overlaps': subnet({ cidr: '10.77.0.0/24' }),
  'deleting a subnet in use': async (stage) => ask(stage, `/network/subnets/${stage.subnet}`, { method: 'DELETE' }),

  'a port with an address in use': port(({ address }) => ({ fixed_ips: [{ ip_address: address }] })),
  'a port with an address outside': port(() => ({ fixed_ips: [{ ip_address: '10.99.0.1' }] })),
  'a port with an address that is none': port(() => ({ fixed_ips: [{ ip_address: 'abc' }] })),
  'a port on an unknown subnet': port(() => ({ fixed_ips: [{ subnet_id: NOWHERE }] })),
  'a port on an unknown network': port(() => ({ network_id: NOWHERE })),
  'a port with an unknown security group': port(() => ({ security_groups: [NOWHERE] })),
  'an unknown port': async (stage) => ask(stage, `/network/ports/${NOWHERE}`),
  'a port where no address is left': async (stage) => {
    for (let taken = 0; taken < 4; taken += 1) expect((await port(() => ({}))(stage)).status).toBe(201);
    return port(() => ({}))(stage);
  },

  'a key pair of a name in use': async (stage) => {
    await keyPair({ name: 'probe-key', public_key: KEY })(stage);
    return keyPair({ name: 'probe-key' })(stage);
  },
  'a key pair named with @ below 2.92': keyPair({ name: 'probe@key', public_key: KEY }),
  'a key pair from nonsense': keyPair({ name: 'probe-bad', public_key: 'ssh-rsa nonsense' }),
  'a key pair with a type at 2.1': keyPair({ name: 'probe-type', type: 'ssh', public_key: KEY }),
  'a key pair named with a slash': keyPair({ name: 'a/b' }),
  'a key pair with an empty name': keyPair({ name: '' }),
  'a key pair named with blanks around': keyPair({ name: ' x ' }),
  'a key pair without a name': keyPair({}),
  'generating a key pair at 2.92': keyPair({ name: 'probe-key' }, '2.92'),
  'a key pair named with a slash at 2.92': keyPair({ name: 'a/b', public_key: KEY }, '2.92'),
  'an unknown key pair': async ({ alice }) => alice.ask('/os-keypairs/nosuch'),
  'deleting an unknown key pair': async ({ alice }) => alice.ask('/os-keypairs/nosuch', { method: 'DELETE' }),
  'key pairs after an unknown marker': async ({ alice }) =>
    alice.ask('/os-keypairs?marker=nosuch', { version: '2.35' }),

  'a server without a name': bare({ flavorRef: '11' }),
  'a server without a flavor': bare({ name: 'x' }),
  'a server of an unknown flavor': fromImage({ flavorRef: 'nosuch' }),
  'a server from an unknown image': server(() => ({ imageRef: NOWHERE })),
  'a boot disk from an unknown image': onDisk({ uuid: NOWHERE }),
  'a server from an image that is no id': server(() => ({ imageRef: 'abc' })),
  'a server with an unknown key': fromImage({ key_name: 'nosuch' }),
  'a server on an unknown network': fromImage({ networks: [{ uuid: NOWHERE }] }),
  'a server in an unknown zone': fromImage({ availability_zone: 'nowhere' }),
  'a server with an unknown field': server(({ image }) => ({ imageRef: image, wrong: 1 })),
  'a boot disk with a type below 2.67': onDisk({ volume_type: 'fake' }),
  'a boot disk of an unknown type': onDisk({ volume_type: 'nosuch' }, '2.67'),
  'a boot disk without a size': onDisk({ volume_size: null }),
  'a server with an unknown port': fromImage({ networks: [{ port: NOWHERE }] }),
  'a server from nothing': server(() => ({})),
  'a server with a blank name': fromImage({ name: '   ' }),
  'a server with an empty name': fromImage({ name: '' }),
  'a server in an unknown security group': fromImage({ security_groups: [{ name: 'nosuch' }] }),
  'a server without networks at 2.60': async (stage) =>
    bare({ name: 'x', flavorRef: '11', imageRef: stage.image }, '2.60')(stage),
  'a server with two boot disks': server((stage) => ({ block_device_mapping_v2: [bootDisk(stage), bootDisk(stage)] })),
  'a server with a bad metadata key': fromImage({ metadata: { 'a/b': 'x' } }),
  'a server made by a reader': async (stage) => fromImage({})({ ...stage, alice: stage.carol }),
  'renaming a server to a blank': async ({ alice, server: id }) =>
    alice.ask(`/servers/${id}`, { method: 'PUT', body: { server: { name: ' ' } } }),

  'attaching to a server being built': async (stage) => attach({ ...stage, server: stage.building }, NOWHERE),
  'attaching an unknown volume': attaching(() => ({ volumeId: NOWHERE })),
  'attaching a volume that is no id': attaching(() => ({ volumeId: 'abc' })),
  'attaching nothing': attaching(() => ({})),
  'attaching under a bad device name': attaching((stage) => ({ volumeId: stage.volume, device: 'sdb b' })),
  'attaching with a choice at 2.1': attaching((stage) => ({ volumeId: stage.volume, delete_on_termination: true })),
  'attaching twice': async (stage) => attach(stage, stage.volume),
  'detaching an unknown volume': async (stage) => detach(stage, NOWHERE),
  'detaching twice': async (stage) => {
    await detach(stage, stage.volume);
    return detach(stage, stage.volume);
  },

  'a NIC for a server being built': async (stage) =>
    nic(({ port: id }) => ({ port_id: id }))({ ...stage, server: stage.building }),
  'a NIC with port and network': nic((stage) => ({ port_id: stage.port, net_id: stage.network })),
  'a NIC with an address and no network': nic(({ address }) => ({ fixed_ips: [{ ip_address: address }] })),
  'a NIC with an unknown port': nic(() => ({ port_id: NOWHERE })),
  'a NIC on an unknown network': nic(() => ({ net_id: NOWHERE })),
  'a NIC with a port in use': nic(({ port: id }) => ({ port_id: id })),
  'a NIC with an address in use': nic((stage) => ({
    net_id: stage.network,
    fixed_ips: [{ ip_address: stage.address }],
  })),
  'a NIC with an address outside': nic((stage) => ({
    net_id: stage.network,
    fixed_ips: [{ ip_address: '10.99.9.9' }],
  })),
  'an unknown NIC': async ({ alice, server: id }) => alice.ask(`/servers/${id}/os-interface/${NOWHERE}`),
};

test('nothing that was heard is left out', () => {
  expect(Object.keys(ROWS).toSorted()).toEqual(Object.keys(HEARD).toSorted());
});

test.each(Object.entries(ROWS))('%s', async (name, provoke) => {
  const stage = await setStage();
  const { status, headers, body } = await provoke(stage);
  const retryAfter = headers.get('retry-after');
  const seen = { status, ...(retryAfter !== null && { retryAfter }), body: plainer(body, stage) };
  expect(seen).toEqual(masked(HEARD[name]));
});

/** Ids, the one address, the key and request ids, by what they are. */
function plainer(body: unknown, { address }: Stage): unknown {
  const text = JSON.stringify(masked(body));
  return JSON.parse(text.replaceAll(address, 'ADDRESS').replaceAll(`'${KEY}'`, "'KEY'"));
}
