// The body of POST /servers, checked against Nova's schema and read into what to build.

import { isRecord } from '../exchange.ts';
import { requireBody, requireFields, requireName, requireUuid } from './bodies.ts';
import type { ComputeCall } from './caller.ts';
import { novaRefusal } from './errors.ts';
import { invalidField, missingProperty, plain, python, requireNoOthers } from './schema.ts';

export type BootDisk = { imageId: string; sizeGiB: number; type: string | null; deleteWithServer: boolean };

export type CreateOrder = {
  name: string;
  flavorId: string;
  /** Null with a boot disk. */
  imageId: string | null;
  bootDisk: BootDisk | null;
  /** Null: Nova chooses. */
  nics: ({ portId: string } | { networkId: string; address: string | null })[] | null;
  keyName: string | null;
  zone: string | null;
  groups: string[];
  metadata: Record<string, string>;
  description: string | null;
  reservation: boolean;
};

const FIELDS = [
  'name',
  'flavorRef',
  'imageRef',
  'networks',
  'block_device_mapping_v2',
  'key_name',
  'availability_zone',
  'security_groups',
  'metadata',
  'adminPass',
  'user_data',
  'min_count',
  'max_count',
  'return_reservation_id',
  'config_drive',
  'OS-DCF:diskConfig',
  'accessIPv4',
  'accessIPv6',
];

export function readOrder(call: ComputeCall): CreateOrder {
  const body = requireBody(call, 'server');
  const newer = [...(call.version >= 19 ? ['description'] : []), ...(call.version >= 52 ? ['tags'] : [])];
  requireFields('server', body, { required: ['name', 'flavorRef'], allowed: [...FIELDS, ...newer] });
  const needsNetworks = call.version >= 37 || call.core.settings.mode !== 'openstack';
  if (needsNetworks && body['networks'] === undefined) throw missingProperty('server', body, 'networks');
  const bootDisk = readBootDisk(call, body['block_device_mapping_v2']);
  return {
    name: requireName(body['name']),
    flavorId: lastPart(String(body['flavorRef'])),
    imageId: readImage(body['imageRef'], bootDisk !== null),
    bootDisk,
    nics: readNics(body['networks']),
    keyName: wordOrNull(body['key_name']),
    zone: wordOrNull(body['availability_zone']),
    groups: readGroups(body['security_groups']),
    metadata: readMetadata(body['metadata']),
    description: wordOrNull(body['description']),
    reservation: body['return_reservation_id'] === true,
  };
}

function wordOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** An address is as good as an id. */
function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function readImage(reference: unknown, hasBootDisk: boolean): string | null {
  if (hasBootDisk && (reference === undefined || reference === '')) return null;
  if (reference === undefined) throw novaRefusal(400, 'Missing imageRef attribute');
  const id = lastPart(plain(reference));
  if (/^[0-9a-f-]{36}$/i.test(id)) return id;
  throw invalidField('imageRef', reference, `${python(reference)} is not valid under any of the given schemas`);
}

const DEVICE_FIELDS = [
  'boot_index',
  'uuid',
  'source_type',
  'destination_type',
  'volume_size',
  'delete_on_termination',
  'device_name',
  'disk_bus',
  'device_type',
  'guest_format',
  'tag',
];

function readBootDisk(call: ComputeCall, devices: unknown): BootDisk | null {
  const all = Array.isArray(devices) ? devices.filter(isRecord) : [];
  const typed = call.version >= 67 || call.core.settings.mode !== 'openstack' ? ['volume_type'] : [];
  for (const [index, device] of all.entries()) requireNoOthers(String(index), device, [...DEVICE_FIELDS, ...typed]);
  const boots = all.filter((device) => Number(device['boot_index']) === 0);
  if (boots.length > 1)
    throw invalidMapping('Boot sequence for the instance and image/block device mapping combination is not valid.');
  const [boot] = boots;
  if (boot === undefined) return null;
  if (boot['source_type'] !== 'image' || boot['destination_type'] !== 'volume') {
    throw invalidMapping('the simulated cloud boots from volumes made of images only.');
  }
  return {
    imageId: requireUuid('uuid', boot['uuid']),
    sizeGiB: readSize(boot['volume_size']),
    type: wordOrNull(boot['volume_type']),
    // Words are as good as booleans, which the guide makes use of.
    deleteWithServer: String(boot['delete_on_termination']) === 'true',
  };
}

export function invalidMapping(reason: string): ReturnType<typeof novaRefusal> {
  return novaRefusal(400, `Block Device Mapping is Invalid: ${reason}`);
}

function readSize(size: unknown): number {
  if (size === undefined)
    throw invalidMapping("Images with destination_type 'volume' need to have a non-zero size specified.");
  if (!/^[0-9]+$/.test(plain(size))) {
    throw invalidField('volume_size', size, `${python(size)} is not of type 'integer', 'string'`);
  }
  return Number(size);
}

function readNics(networks: unknown): CreateOrder['nics'] {
  if (networks === undefined || networks === 'auto') return null;
  const wanted = Array.isArray(networks) ? networks.filter(isRecord) : [];
  return wanted.map((nic) => {
    if (typeof nic['port'] === 'string') return { portId: requireUuid('port', nic['port']) };
    return { networkId: requireUuid('uuid', nic['uuid']), address: wordOrNull(nic['fixed_ip']) };
  });
}

function readGroups(groups: unknown): string[] {
  return (Array.isArray(groups) ? groups.filter(isRecord) : []).map((group) => String(group['name']));
}

function readMetadata(metadata: unknown): Record<string, string> {
  if (!isRecord(metadata)) return {};
  for (const [key, value] of Object.entries(metadata)) {
    if (!/^[a-zA-Z0-9-_:. ]{1,255}$/.test(key)) {
      const pattern = '^[a-zA-Z0-9-_:. ]{1,255}$';
      throw invalidField('metadata', metadata, `${python(key)} does not match any of the regexes: '${pattern}'`);
    }
    if (typeof value !== 'string') throw invalidField(key, value, `${python(value)} is not of type 'string'`);
    if (value.length > 255) throw invalidField(key, value, `'${value}' is too long`);
  }
  return metadata as Record<string, string>;
}
