// Names for what people will make through the bot: whatever has that name after the test is taken away again.
import type { Cloud } from '../../../src/openstack/cloud.ts';
import { deleteKeyPair, listKeyPairs } from '../../../src/openstack/keypairs.ts';
import { deleteNetwork, listNetworks } from '../../../src/openstack/networks.ts';
import { deleteServer } from '../../../src/openstack/server-lifecycle.ts';
import { listServers } from '../../../src/openstack/servers.ts';
import { deleteVolume, listVolumes } from '../../../src/openstack/volumes.ts';
import { uniqueName } from './unique.ts';
import type { CloudHouse } from './use-cloud.ts';
import { removed } from './use-stock.ts';

/** What uses another thing is named after it: it is taken away first. */
export type Names = Record<'server' | 'disk' | 'network' | 'keyPair', () => string>;

export function useNames(house: CloudHouse): Names {
  const named = (remove: (cloud: Cloud, name: string) => Promise<unknown>) => (): string => {
    const name = uniqueName('talk');
    house.after(async () => {
      const cloud = await house.member();
      await removed(house, async () => void (await remove(cloud, name)));
    });
    return name;
  };
  return {
    server: named(async (cloud, name) => {
      for (const { id } of (await listServers(cloud, { name })).servers) await deleteServer(cloud, id);
    }),
    disk: named(async (cloud, name) => {
      for (const { id } of (await listVolumes(cloud, { name })).items) await deleteVolume(cloud, id);
    }),
    network: named(async (cloud, name) => {
      for (const { id } of (await listNetworks(cloud, { name })).items) await deleteNetwork(cloud, id);
    }),
    keyPair: named(async (cloud, name) => {
      const mine = (await listKeyPairs(cloud)).filter((keyPair) => keyPair.name === name);
      for (const keyPair of mine) await deleteKeyPair(cloud, keyPair.name);
    }),
  };
}
