// Answers about disks, images, networks, NICs, keys and new servers have the shape of those of a real cloud, key by key.

import { readFileSync } from 'node:fs';

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from './cloud-simulator.ts';
import { person, send, type Person, type Seen } from './testing/person.ts';
import { shapeOf } from './testing/recorded.ts';

type Stage = { cloud: CloudSimulator; alice: Person; project: string; server: string; volume: string; network: string };

let cloud: CloudSimulator | null = null;

afterEach(async () => {
  await cloud?.close();
  cloud = null;
});

/** A server with a disk in use and one NIC. */
async function setStage(): Promise<Stage> {
  const sim = await CloudSimulator.start({ pace: 'manual' });
  cloud = sim;
  const alice = await person(sim, 'alice', 'demo');
  const { stock } = sim.world;
  const stage = {
    cloud: sim,
    alice,
    project: sim.world.project('demo').id,
    server: sim.server('web-1').id,
    volume: stock.volume('archive').id,
    network: stock.network('backup-net').id,
  };
  stock.volumes.delete(stock.volume('scratch').id);
  await post(stage, `/servers/${stage.server}/os-volume_attachments`, { volumeAttachment: { volumeId: stage.volume } });
  sim.finish('archive');
  return stage;
}

async function post({ alice }: Stage, path: string, body: unknown): Promise<Seen> {
  return alice.ask(path, { method: 'POST', body });
}

async function elsewhere({ cloud: sim, alice }: Stage, path: string, body?: unknown): Promise<Seen> {
  const headers = { 'X-Auth-Token': alice.token };
  return send(sim, path, { method: body === undefined ? 'GET' : 'POST', body, headers });
}

const ROWS: [file: string, status: number, ask: (stage: Stage) => Promise<Seen>][] = [
  ['volumes-detail', 200, async (stage) => elsewhere(stage, `/volume/v3/${stage.project}/volumes/detail`)],
  [
    'volume-create',
    202,
    async (stage) => elsewhere(stage, `/volume/v3/${stage.project}/volumes`, { volume: { name: 'x', size: 1 } }),
  ],
  ['cinder-limits', 200, async (stage) => elsewhere(stage, `/volume/v3/${stage.project}/limits`)],
  ['images', 200, async (stage) => elsewhere(stage, '/image/v2/images')],
  ['network-create', 201, async (stage) => elsewhere(stage, '/network/v2.0/networks', { network: { name: 'x' } })],
  [
    'subnet-create',
    201,
    async (stage) => {
      const subnet = { network_id: stage.network, ip_version: 4, cidr: '10.9.0.0/24' };
      return elsewhere(stage, '/network/v2.0/subnets', { subnet });
    },
  ],
  [
    'port-create',
    201,
    async (stage) => elsewhere(stage, '/network/v2.0/ports', { port: { network_id: stage.network, name: 'x' } }),
  ],
  ['neutron-quotas', 200, async (stage) => elsewhere(stage, `/network/v2.0/quotas/${stage.project}`)],
  ['os-interface', 200, async ({ alice, server }) => alice.ask(`/servers/${server}/os-interface`)],
  [
    'interface-attach',
    200,
    async (stage) =>
      post(stage, `/servers/${stage.server}/os-interface`, { interfaceAttachment: { net_id: stage.network } }),
  ],
  ['os-volume_attachments', 200, async ({ alice, server }) => alice.ask(`/servers/${server}/os-volume_attachments`)],
  [
    'os-volume_attachments-max',
    200,
    async ({ alice, server }) => alice.ask(`/servers/${server}/os-volume_attachments`, { version: '2.93' }),
  ],
  [
    'volume-attach',
    200,
    async (stage) => {
      const { id } = stage.cloud.world.stock.addVolume({ name: 'y', project: 'demo', sizeGiB: 1 });
      return post(stage, `/servers/${stage.server}/os-volume_attachments`, { volumeAttachment: { volumeId: id } });
    },
  ],
  ['os-keypairs', 200, async ({ alice }) => alice.ask('/os-keypairs')],
  ['os-keypairs-create', 200, async (stage) => post(stage, '/os-keypairs', { keypair: { name: 'check-key' } })],
  [
    'server-create',
    202,
    async (stage) => {
      const imageRef = stage.cloud.world.stock.image('debian-12').id;
      const server = { name: 'x', flavorRef: '11', imageRef, networks: [{ uuid: stage.network }] };
      return post(stage, '/servers', { server });
    },
  ],
];

test.each(ROWS)('%s', async (file, status, ask) => {
  const seen = await ask(await setStage());
  expect(seen.status).toBe(status);
  expect(withoutExtras(shapeOf(seen.body))).toEqual(withoutExtras(shapeOf(recorded(file))));
});

function recorded(file: string): unknown {
  const folder = new URL('../../fixtures/openstack/edge/', import.meta.url);
  return JSON.parse(readFileSync(new URL(`${file}.json`, folder), 'utf8'));
}

/** What depends on the image's and the installation's own settings. */
const EXTRAS = new Set(['os_hash_algo', 'os_hash_value', 'stores', 'os-vol-tenant-attr:tenant_id']);

function withoutExtras(shape: unknown): unknown {
  return JSON.parse(JSON.stringify(shape), (key, value: unknown) => (EXTRAS.has(key) ? undefined : value));
}
