// Ports going into servers and out of them again, with what the server then shows as its addresses.

import type { Core } from '../core.ts';
import type { SimServer } from '../model.ts';
import type { SimPort } from '../stock/model.ts';

/** Not yet `ACTIVE`: the host has to wire it first. */
export function plug({ world }: Pick<Core, 'world'>, server: SimServer, port: SimPort): void {
  world.stock.seat(port, server.id, `compute:${server.zone}`);
  port.status = 'DOWN';
  const name = world.stock.networks.get(port.networkId)?.name ?? '';
  const present = server.addresses[name] ?? [];
  const addresses = [...present, ...port.fixedIps.map(({ address }) => address)];
  server.addresses = { ...server.addresses, [name]: addresses };
}

/** The server shows its addresses no more; the port itself stays as it is. */
export function unplug({ world }: Pick<Core, 'world'>, port: SimPort): void {
  const server = world.servers.get(port.deviceId);
  if (server === undefined) return;
  const gone = new Set(port.fixedIps.map(({ address }) => address));
  const kept = Object.entries(server.addresses).map(
    ([name, addresses]) => [name, addresses.filter((address) => !gone.has(address))] as const,
  );
  server.addresses = Object.fromEntries(kept.filter(([, addresses]) => addresses.length > 0));
}
