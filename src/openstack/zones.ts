// Availability zones: where servers and disks can be.
import type { Cloud } from './cloud.ts';
import { boolean, object, text } from './json.ts';
import { readList } from './read.ts';

export type Zone = { name: string; available: boolean };

/** GET /os-availability-zone (ecs-api B.12). Throws CloudError. */
export async function listZones(cloud: Cloud): Promise<Zone[]> {
  return zonesOf(cloud, 'compute');
}

/** Those of disks, which need not be the same. GET /os-availability-zone of Cinder. Throws CloudError. */
export async function listVolumeZones(cloud: Cloud): Promise<Zone[]> {
  return zonesOf(cloud, 'volume');
}

async function zonesOf(cloud: Cloud, service: 'compute' | 'volume'): Promise<Zone[]> {
  const answer = await cloud.call({ service, method: 'GET', path: '/os-availability-zone' });
  return readList(object(answer.body)['availabilityZoneInfo'], parseZone);
}

function parseZone(value: unknown): Zone | null {
  const wire = object(value);
  const name = text(wire['zoneName']);
  return name === null ? null : { name, available: boolean(object(wire['zoneState'])['available']) ?? true };
}
