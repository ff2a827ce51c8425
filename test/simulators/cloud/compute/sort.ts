// The order of server lists: several keys with their directions, and the id to break ties.

import type { SimServer } from '../model.ts';
import { isAdmin, type ComputeCall } from './caller.ts';
import { novaRefusal, policyRefusal } from './errors.ts';
import { invalidQuery, python } from './schema.ts';

type Value = string | number;

const KEYS: Record<string, (server: SimServer) => Value> = {
  availability_zone: (server) => server.zone,
  created_at: (server) => server.createdAt,
  display_name: (server) => server.name,
  host: (server) => server.host,
  image_ref: (server) => server.imageId ?? '',
  instance_type_id: (server) => server.flavorId,
  key_name: (server) => server.keyName ?? '',
  launched_at: (server) => server.launchedAt ?? 0,
  node: (server) => server.host,
  power_state: (server) => server.powerState,
  project_id: (server) => server.projectId,
  task_state: (server) => server.taskState ?? '',
  terminated_at: (server) => server.terminatedAt ?? 0,
  updated_at: (server) => server.updatedAt,
  user_id: (server) => server.userId,
  uuid: (server) => server.id,
  vm_state: (server) => server.vmState,
};

/** Refuses unknown keys with 400, and keys that tell about hosts with 403. */
export function sortServers(call: ComputeCall, servers: SimServer[]): SimServer[] {
  const directions = directionsOf(call);
  const asked = call.exchange.query.getAll('sort_key');
  const keys = asked.length === 0 ? ['created_at'] : asked;
  const last = directions.at(-1) ?? 'desc';
  const orders = keys.map((key, index) => ({
    pick: keyOf(call, key),
    descends: (directions[index] ?? last) === 'desc',
  }));
  // As the database does it, the tie is broken in the direction of the last key.
  orders.push({ pick: (server) => server.id, descends: orders.at(-1)?.descends ?? true });
  return servers.toSorted((one, other) => {
    for (const { pick, descends } of orders) {
      const difference = compare(pick(one), pick(other));
      if (difference !== 0) return descends ? -difference : difference;
    }
    return 0;
  });
}

function directionsOf({ exchange }: ComputeCall): string[] {
  const directions = exchange.query.getAll('sort_dir');
  const wrong = directions.find((direction) => direction !== 'asc' && direction !== 'desc');
  if (wrong !== undefined) throw novaRefusal(400, `Unknown sort direction, must be one of: asc, desc`);
  return directions;
}

function keyOf({ caller }: ComputeCall, key: string): (server: SimServer) => Value {
  const pick = KEYS[key];
  if (pick === undefined)
    throw invalidQuery('sort_key', key, `${python(key)} is not one of ${python(Object.keys(KEYS))}`);
  if ((key === 'host' || key === 'node') && !isAdmin(caller)) throw policyRefusal('servers:detail:host');
  return pick;
}

function compare(one: Value, other: Value): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
