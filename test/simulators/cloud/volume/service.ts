// The volume service: Cinder v3 as far as disks for servers need it.

import type { Core } from '../core.ts';
import type { Answer, Exchange, Route } from '../exchange.ts';
import { resourceService, type ServiceCall } from '../resource-service.ts';
import { cinderRefusal } from './errors.ts';
import { volumeUsageOf } from './usage.ts';
import { deleteVolume, getVolume, getVolumes, postVolume } from './volumes.ts';

const ROUTES: Route<ServiceCall>[] = [
  { method: 'GET', path: '/volumes/detail', handle: getVolumes },
  { method: 'POST', path: '/volumes', handle: postVolume },
  { method: 'GET', path: '/volumes/{id}', handle: (call, { id = '' }) => getVolume(call, id) },
  { method: 'DELETE', path: '/volumes/{id}', handle: (call, { id = '' }) => deleteVolume(call, id) },
  { method: 'GET', path: '/types', handle: getTypes },
  { method: 'GET', path: '/limits', handle: getLimits },
  { method: 'GET', path: '/os-availability-zone', handle: getZones },
];

export function volumeService(core: Core): (exchange: Exchange) => Promise<Answer> {
  return resourceService(core, { routes: ROUTES, locate, headers });
}

function locate(path: string, { projectId }: ServiceCall): string | null {
  const [, named, rest] = /^\/v3\/([^/]+)(\/.*)$/.exec(path) ?? [];
  if (named === undefined || rest === undefined) return null;
  if (named !== projectId) throw cinderRefusal(400, 'Malformed request url');
  return rest;
}

function headers(exchange: Exchange): Record<string, string> {
  return {
    'X-Compute-Request-Id': exchange.requestId,
    'Openstack-Api-Version': 'volume 3.0',
    Vary: 'OpenStack-API-Version',
  };
}

function getTypes({ core }: ServiceCall): Answer {
  const volume_types = core.world.stock.volumeTypes.map(({ id, name, zones }) => ({
    id,
    name,
    is_public: true,
    description: null,
    extra_specs: zones === null ? {} : { 'RESKEY:availability_zones': zones.join(',') },
    'os-volume-type-access:is_public': true,
  }));
  return { status: 200, body: { volume_types } };
}

function getLimits(call: ServiceCall): Answer {
  const { quota } = call.core.world.project(call.projectId);
  const used = volumeUsageOf(call.core, call.projectId);
  const absolute = {
    maxTotalVolumes: quota.volumes,
    maxTotalSnapshots: 10,
    maxTotalVolumeGigabytes: quota.gigabytes,
    maxTotalBackups: 10,
    maxTotalBackupGigabytes: 1000,
    totalVolumesUsed: used.volumes,
    totalGigabytesUsed: used.gigabytes,
    totalSnapshotsUsed: 0,
    totalBackupsUsed: 0,
    totalBackupGigabytesUsed: 0,
  };
  return { status: 200, body: { limits: { rate: [], absolute } } };
}

function getZones({ core }: ServiceCall): Answer {
  const availabilityZoneInfo = core.world.stock.zones.map((zoneName) => ({ zoneName, zoneState: { available: true } }));
  return { status: 200, body: { availabilityZoneInfo } };
}
