// A server as Nova shows it, in our words.
import { boolean, instant, isObject, list, number, object, stringMap, text, texts } from './json.ts';

/**
 * 2.60 is the highest that every cloud we serve offers (OTC's ceiling), and has all we show: `locked` 2.9, `description`
 * 2.19, `tags` 2.26, and from 2.47 the flavor's name and size inside the server, which saves a call for every list.
 */
export const SERVER_VERSION = '2.60';

/** Before microversion 2.47 Nova names the flavor by id only, from then on it embeds it without the id. */
export type ServerFlavor = { id: string } | { name: string; vcpus: number; ramMiB: number; diskGiB: number };

export type Address = {
  network: string;
  address: string;
  version: number | null;
  /** `fixed` or `floating`. */
  type: string | null;
  mac: string | null;
};

/**
 * `status` is Nova's word as on the wire and may be one we do not know. A record of an unreachable cell has status
 * `UNKNOWN` and little else, so nearly everything can be null. Times are ms since the epoch.
 */
export type Server = {
  id: string;
  /** '' only where the cloud did not say. */
  name: string;
  status: string;
  /** Lower case, e.g. `active`, `stopped`, `resized`. */
  vmState: string | null;
  /** What Nova is doing to it right now; null: nothing. */
  taskState: string | null;
  /** 1 running, 4 shut down; see ecs-api B.3 for the rest. */
  powerState: number | null;
  /** Null when the cloud did not say, as for some deleted servers. */
  flavor: ServerFlavor | null;
  /** Null when it boots from a volume. */
  imageId: string | null;
  volumeIds: string[];
  addresses: Address[];
  createdAt: number | null;
  updatedAt: number | null;
  launchedAt: number | null;
  /** Only while the status is ERROR or DELETED. */
  fault: { code: number; message: string } | null;
  keyName: string | null;
  zone: string | null;
  /** Null below microversion 2.9. */
  locked: boolean | null;
  projectId: string | null;
  userId: string | null;
  description: string | null;
  securityGroups: string[];
  metadata: Record<string, string>;
  tags: string[];
};

/** Null only for a record without an id, which nothing could be done with. */
export function parseServer(value: unknown): Server | null {
  const wire = object(value);
  const id = text(wire['id']);
  if (id === null) return null;
  return {
    id,
    name: text(wire['name']) ?? '',
    status: text(wire['status'])?.toUpperCase() ?? 'UNKNOWN',
    vmState: text(wire['OS-EXT-STS:vm_state'])?.toLowerCase() ?? null,
    taskState: text(wire['OS-EXT-STS:task_state'])?.toLowerCase() ?? null,
    powerState: number(wire['OS-EXT-STS:power_state']),
    flavor: parseServerFlavor(wire['flavor']),
    imageId: text(wire['image']) ?? text(object(wire['image'])['id']),
    volumeIds: texts(list(wire['os-extended-volumes:volumes_attached']).map((volume) => object(volume)['id'])),
    addresses: parseAddresses(wire['addresses']),
    createdAt: instant(wire['created']),
    updatedAt: instant(wire['updated']),
    launchedAt: instant(wire['OS-SRV-USG:launched_at']),
    fault: parseFault(wire['fault']),
    keyName: text(wire['key_name']),
    zone: text(wire['OS-EXT-AZ:availability_zone']),
    locked: boolean(wire['locked']),
    projectId: text(wire['tenant_id']),
    userId: text(wire['user_id']),
    description: text(wire['description']),
    securityGroups: parseGroupNames(wire['security_groups']),
    metadata: stringMap(wire['metadata']),
    tags: texts(wire['tags']),
  };
}

function parseServerFlavor(value: unknown): ServerFlavor | null {
  const wire = object(value);
  const name = text(wire['original_name']);
  const [vcpus, ramMiB, diskGiB] = [number(wire['vcpus']), number(wire['ram']), number(wire['disk'])];
  if (name !== null && vcpus !== null && ramMiB !== null) return { name, vcpus, ramMiB, diskGiB: diskGiB ?? 0 };
  const id = text(wire['id']);
  return id === null ? null : { id };
}

function parseAddresses(value: unknown): Address[] {
  return Object.entries(object(value)).flatMap(([network, entries]) =>
    list(entries).flatMap((entry) => {
      const wire = object(entry);
      const address = text(wire['addr']);
      if (address === null) return [];
      const [type, mac] = [text(wire['OS-EXT-IPS:type']), text(wire['OS-EXT-IPS-MAC:mac_addr'])];
      return [{ network, address, version: number(wire['version']), type, mac }];
    }),
  );
}

function parseFault(value: unknown): Server['fault'] {
  if (!isObject(value)) return null;
  return { code: number(value['code']) ?? 0, message: text(value['message']) ?? '' };
}

/** Nova lists a group once per port, so names repeat. */
function parseGroupNames(value: unknown): string[] {
  return [...new Set(texts(list(value).map((group) => object(group)['name'])))];
}
