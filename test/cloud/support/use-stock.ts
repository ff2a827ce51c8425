// Disks, networks, subnets, ports, keys and images for a test: each is there when it is handed over, and gone afterwards.
// What is made later is taken away earlier, so a server comes after the disks, ports and networks that it is to have.
import type { Cloud } from '../../../src/openstack/cloud.ts';
import { isCloudError } from '../../../src/openstack/errors.ts';
import { deleteKeyPair, importKeyPair, type KeyPair } from '../../../src/openstack/keypairs.ts';
import { createNetwork, deleteNetwork, type Network } from '../../../src/openstack/networks.ts';
import { createPort, deletePort, showPort, type NewPort, type Port } from '../../../src/openstack/ports.ts';
import {
  createServer,
  deleteServer,
  type CreatedServer,
  type NewServer,
} from '../../../src/openstack/server-lifecycle.ts';
import { createSubnet, type Subnet } from '../../../src/openstack/subnets.ts';
import { createVolume, deleteVolume, showVolume, type NewVolume, type Volume } from '../../../src/openstack/volumes.ts';
import type { NewImage } from './cloud-under-test.ts';
import { uniqueName } from './unique.ts';
import type { CloudHouse } from './use-cloud.ts';
import { gone } from './watching.ts';

/** Public, and nobody's: its private half was thrown away. */
export const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGuvuHCZ2VKBNVFVBAoYWRK2TiSbxvwOdcCC1aJ0xMOb nobody';

/** Each in the member's project, unless a connection to another is given. */
export type Stock = {
  /** What `createServer` needs, with what the test wants otherwise: on the project's network, from the usual image. */
  order(wanted?: Partial<NewServer>): NewServer;
  /** Ordered, and not waited for. */
  create(wanted?: Partial<NewServer>, cloud?: Cloud): Promise<CreatedServer & { name: string }>;
  /** `available`. */
  volume(wanted?: Partial<NewVolume>, cloud?: Cloud): Promise<Volume>;
  /** Until the volume has this status. */
  volumeIs(id: string, status: string): Promise<{ volume: Volume; statuses: string[] }>;
  /** Until the volume is not found any more. */
  volumeGone(id: string, cloud?: Cloud): Promise<void>;
  network(cloud?: Cloud): Promise<Network>;
  /** A network with one range. */
  range(cidr?: string, cloud?: Cloud): Promise<{ network: Network; subnet: Subnet }>;
  port(order: Partial<NewPort> & { networkId: string }, cloud?: Cloud): Promise<Port>;
  /** Until the port is as wanted: a server's NIC is ACTIVE, or free again, only after the call was answered. */
  portIs(id: string, wanted: Partial<Port>): Promise<Port>;
  keyPair(name?: string, cloud?: Cloud): Promise<KeyPair>;
  image(wanted?: Partial<NewImage>): Promise<string>;
  /** The id of a server that runs and is locked. */
  lockedServer(): Promise<string>;
};

export function useStock(house: CloudHouse): Stock {
  const { under, after } = house;
  const order = (wanted: Partial<NewServer> = {}): NewServer => ({
    name: uniqueName(),
    flavorId: under.flavors.small,
    imageId: under.image,
    bootDisk: null,
    nics: 'given' in under.network ? [{ networkId: under.network.given }] : [],
    keyName: null,
    zone: null,
    correlation: uniqueName('order'),
    ...wanted,
  });
  const network = async (cloud?: Cloud): Promise<Network> => {
    const owner = cloud ?? (await house.member());
    const made = await createNetwork(owner, uniqueName());
    after(async () => removed(house, async () => void (await deleteNetwork(owner, made.id))));
    return made;
  };
  return {
    order,
    network,
    async create(wanted, cloud) {
      const owner = cloud ?? (await house.member());
      const wish = order(wanted);
      const created = await createServer(owner, wish);
      after(async () => {
        await removed(house, async () => void (await deleteServer(owner, created.id)));
        await gone({ cloud: owner, under }, created.id);
      });
      return { ...created, name: wish.name };
    },
    async volume(wanted, cloud) {
      const owner = cloud ?? (await house.member());
      const made = await createVolume(owner, {
        name: uniqueName(),
        sizeGiB: 1,
        zone: null,
        type: null,
        correlation: uniqueName('order'),
        ...wanted,
      });
      after(async () => {
        await removed(house, async () => void (await deleteVolume(owner, made.id)));
        await volumeGone(house, owner, made.id);
      });
      return (await volumeIs(house, owner, { id: made.id, status: 'available' })).volume;
    },
    volumeGone: async (id, cloud) => volumeGone(house, cloud ?? (await house.member()), id),
    volumeIs: async (id, status) => volumeIs(house, await house.member(), { id, status }),
    async range(cidr = '10.88.0.0/24', cloud) {
      const owner = cloud ?? (await house.member());
      const made = await network(owner);
      const subnet = await createSubnet(owner, { networkId: made.id, name: uniqueName(), cidr });
      return { network: made, subnet };
    },
    async port(wanted, cloud) {
      const owner = cloud ?? (await house.member());
      const port = await createPort(owner, { name: uniqueName(), ...wanted });
      after(async () => removed(house, async () => void (await deletePort(owner, port.id))));
      return port;
    },
    async portIs(id, wanted) {
      const cloud = await house.member();
      const look = async (): Promise<Port | null> => {
        const port = await showPort(cloud, id);
        return Object.entries(wanted).every(([field, value]) => port[field as keyof Port] === value) ? port : null;
      };
      return house.until(look, `the port ${id} to be ${JSON.stringify(wanted)}`);
    },
    async keyPair(name = uniqueName(), cloud) {
      const owner = cloud ?? (await house.member());
      const keyPair = await importKeyPair(owner, { name, publicKey: PUBLIC_KEY });
      after(async () => removed(house, async () => void (await deleteKeyPair(owner, name))));
      return keyPair;
    },
    async image(wanted = {}) {
      const { id, remove } = await under.addImage({ name: uniqueName(), ...wanted });
      after(remove);
      return id;
    },
    async lockedServer() {
      const cloud = await house.member();
      const { id } = await house.server();
      const act = async (body: unknown): Promise<void> =>
        void (await cloud.call({ service: 'compute', method: 'POST', path: `/servers/${id}/action`, body }));
      await act({ lock: null });
      after(async () => act({ unlock: null }));
      return id;
    },
  };
}

/** Taken away, or gone already. A thing that is still in use is tried again: what uses it goes at its own pace. */
export async function removed(house: CloudHouse, remove: () => Promise<void>): Promise<void> {
  const look = async (): Promise<boolean> => {
    try {
      await remove();
      return true;
    } catch (error) {
      if (isCloudError(error, 'not_found')) return true;
      if (isCloudError(error, 'conflict') || isCloudError(error, 'bad_request')) return false;
      throw error;
    }
  };
  await house.until(look, 'what the test made to be no longer in use');
}

async function volumeGone(house: CloudHouse, cloud: Cloud, id: string): Promise<void> {
  const look = async (): Promise<boolean> =>
    showVolume(cloud, id).then(
      () => false,
      (error: unknown) => isCloudError(error, 'not_found'),
    );
  await house.until(look, `the volume ${id} to be gone`);
}

async function volumeIs(
  house: CloudHouse,
  cloud: Cloud,
  { id, status }: { id: string; status: string },
): Promise<{ volume: Volume; statuses: string[] }> {
  const statuses: string[] = [];
  const look = async (): Promise<Volume | null> => {
    const volume = await showVolume(cloud, id);
    if (statuses.at(-1) !== volume.status) statuses.push(volume.status);
    return volume.status === status ? volume : null;
  };
  const volume = await house.until(look, `the volume ${id} to be ${status}`);
  return { volume, statuses };
}
