// What servers have of the stock: NICs and disks of the seeded ones, and what becomes of them when a server goes.

import type { Now } from '../../../../src/clock.ts';
import type { SimServer } from '../model.ts';
import { macFrom, uuidFrom } from './ids.ts';
import type { Stock } from './stock.ts';

/** A seeded server's NICs on networks that exist, and disks for the ids it names. */
export function equip(stock: Stock, server: SimServer, now: Now): void {
  for (const [name, [address]] of Object.entries(server.addresses)) {
    const network = [...stock.networks.values()].find((one) => one.name === name);
    const [subnet] = network === undefined ? [] : stock.subnetsOf(network.id);
    if (network === undefined || subnet === undefined || address === undefined) continue;
    stock.addPort({
      id: uuidFrom(`port:${server.id}:${name}`),
      networkId: network.id,
      projectId: server.projectId,
      fixedIps: [{ subnetId: subnet.id, address }],
      mac: macFrom(`${server.id} ${name}`),
      status: 'ACTIVE',
      deviceId: server.id,
      deviceOwner: `compute:${server.zone}`,
      madeByNova: true,
    });
  }
  for (const [index, id] of server.volumeIds.entries()) {
    const volume = stock.volumes.get(id) ?? stock.addVolume({ id, name: '', project: server.projectId, sizeGiB: 10 });
    const device = `/dev/vd${String.fromCodePoint(98 + index)}`;
    const attachment = { id: uuidFrom(`attachment:${id}`), serverId: server.id, device, at: now(), isRoot: false };
    Object.assign(volume, { status: 'in-use', zone: server.zone, attachment });
  }
}

/** Some things go with a deleted server, the others are free again. */
export function releaseFrom(stock: Stock, server: SimServer, now: Now): void {
  for (const volume of stock.volumesOf(server.id)) {
    if (volume.deleteWithServer) stock.volumes.delete(volume.id);
    else Object.assign(volume, { status: 'available', attachment: null, updatedAt: now() });
  }
  for (const port of stock.portsOf(server.id)) stock.releasePort(port);
}
