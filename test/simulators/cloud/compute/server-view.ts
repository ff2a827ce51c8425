// How a server looks on the wire, by microversion and by who looks.

import { createHash } from 'node:crypto';

import type { SimFlavor, SimServer } from '../model.ts';
import { macFrom } from '../stock/ids.ts';
import type { SimPort } from '../stock/model.ts';
import { isAdmin, seesHosts, type ComputeCall } from './caller.ts';
import { statusOf } from './status.ts';
import { naiveTime, zuluTime } from './times.ts';

const WITH_PROGRESS = new Set(['ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING']);

/** Not one of Nova's: the server's cell does not answer, and little is known of it. */
export const UNREACHABLE = 'unreachable';

export function serverSummary(call: ComputeCall, server: SimServer): Record<string, unknown> {
  return { id: server.id, name: server.name, links: links(call, `servers/${server.id}`) };
}

export function serverView(call: ComputeCall, server: SimServer): Record<string, unknown> {
  if (server.vmState === UNREACHABLE) return unreachableView(call, server);
  const status = statusOf(server.vmState, server.taskState);
  const gone = server.vmState === 'deleted';
  return {
    ...serverSummary(call, server),
    status,
    tenant_id: server.projectId,
    user_id: server.userId,
    metadata: gone ? {} : server.metadata,
    hostId: server.launchedAt === null ? '' : hostId(server),
    image: imageView(call, server),
    flavor: flavorOf(call, server),
    created: zuluTime(server.createdAt),
    updated: zuluTime(server.updatedAt),
    addresses: gone ? {} : addressesView(call, server),
    accessIPv4: '',
    accessIPv6: '',
    'OS-DCF:diskConfig': 'MANUAL',
    ...(WITH_PROGRESS.has(status) ? { progress: 0 } : {}),
    'OS-EXT-AZ:availability_zone': server.launchedAt === null ? '' : server.zone,
    config_drive: '',
    key_name: server.keyName,
    'OS-SRV-USG:launched_at': naiveTime(server.launchedAt),
    'OS-SRV-USG:terminated_at': naiveTime(server.terminatedAt),
    // Groups belong to ports: no network, no groups.
    ...(gone || Object.keys(server.addresses).length === 0 ? {} : { security_groups: [{ name: 'default' }] }),
    'OS-EXT-STS:task_state': server.taskState,
    'OS-EXT-STS:vm_state': server.vmState,
    'OS-EXT-STS:power_state': server.powerState,
    'os-extended-volumes:volumes_attached': gone ? [] : volumesView(call, server),
    ...faultView(call, server),
    ...versionedFields(call, server),
    ...hostFields(call, server),
  };
}

// Since 2.69 such a server is shown by what the API keeps itself; not even its name is known.
function unreachableView(call: ComputeCall, server: SimServer): Record<string, unknown> {
  return {
    id: server.id,
    status: 'UNKNOWN',
    tenant_id: server.projectId,
    created: zuluTime(server.createdAt),
    links: links(call, `servers/${server.id}`),
  };
}

function versionedFields({ version, core }: ComputeCall, server: SimServer): Record<string, unknown> {
  // OTC renders tags as `key=value`, upstream as bare words; both come as the seed wrote them.
  const tags =
    core.settings.mode === 'openstack' ? server.tags : server.tags.map((tag) => (tag.includes('=') ? tag : `${tag}=`));
  return {
    ...(version >= 9 ? { locked: server.lockedBy !== null } : {}),
    ...(version >= 19 ? { description: server.description } : {}),
    ...(version >= 26 ? { tags } : {}),
    ...(version >= 63 ? { trusted_image_certificates: null } : {}),
    ...(version >= 73 ? { locked_reason: server.lockedReason } : {}),
    ...(version >= 90 ? { 'OS-EXT-SRV-ATTR:hostname': server.name } : {}),
  };
}

function hostFields(call: ComputeCall, server: SimServer): Record<string, unknown> {
  if (!seesHosts(call)) return {};
  return {
    'OS-EXT-SRV-ATTR:host': server.host,
    'OS-EXT-SRV-ATTR:hypervisor_hostname': server.host,
    'OS-EXT-SRV-ATTR:instance_name': `instance-${server.id.slice(0, 8)}`,
    ...(call.version >= 3
      ? {
          'OS-EXT-SRV-ATTR:hostname': server.name,
          'OS-EXT-SRV-ATTR:reservation_id': server.reservationId,
          'OS-EXT-SRV-ATTR:launch_index': 0,
          'OS-EXT-SRV-ATTR:kernel_id': '',
          'OS-EXT-SRV-ATTR:ramdisk_id': '',
          'OS-EXT-SRV-ATTR:root_device_name': '/dev/vda',
          'OS-EXT-SRV-ATTR:user_data': null,
        }
      : {}),
    ...(call.version >= 16 ? { host_status: 'UP' } : {}),
  };
}

// Details of an inner error are for administrators.
function faultView(call: ComputeCall, server: SimServer): Record<string, unknown> {
  const shown = server.vmState === 'error' || server.vmState === 'deleted';
  if (server.fault === null || !shown) return {};
  const { code, createdAt, message } = server.fault;
  const details =
    isAdmin(call.caller) || code !== 500 ? { details: `Traceback (most recent call last):\n${message}\n` } : {};
  return { fault: { code, created: zuluTime(createdAt), message, ...details } };
}

// From 2.47 on a copy of the flavor without its id, before that the id without anything else.
function flavorOf(call: ComputeCall, server: SimServer): unknown {
  const flavor = call.core.world.flavor(server.flavorId);
  if (call.version < 47) {
    return { id: flavor.id, links: [{ rel: 'bookmark', href: `${call.bookmarkBase}/flavors/${flavor.id}` }] };
  }
  return embeddedFlavor(flavor);
}

function embeddedFlavor(flavor: SimFlavor): unknown {
  return {
    vcpus: flavor.vcpus,
    ram: flavor.ramMiB,
    disk: flavor.diskGiB,
    ephemeral: 0,
    swap: 0,
    original_name: flavor.name,
    extra_specs: flavor.extraSpecs,
  };
}

function imageView(call: ComputeCall, { imageId }: SimServer): unknown {
  if (imageId === null) return '';
  return { id: imageId, links: [{ rel: 'bookmark', href: `${call.bookmarkBase}/images/${imageId}` }] };
}

function addressesView({ core }: ComputeCall, server: SimServer): unknown {
  const ports = core.world.stock.portsOf(server.id);
  const portOf = (address: string): SimPort | undefined =>
    ports.find(({ fixedIps }) => fixedIps.some((ip) => ip.address === address));
  const networks = Object.entries(server.addresses).map(([network, addresses]) => [
    network,
    addresses.map((addr, index) => ({
      version: addr.includes(':') ? 6 : 4,
      addr,
      // By convention of the seeds the first address of a network is its fixed one.
      'OS-EXT-IPS:type': index === 0 || addr.includes(':') || portOf(addr) !== undefined ? 'fixed' : 'floating',
      'OS-EXT-IPS-MAC:mac_addr': portOf(addr)?.mac ?? macFrom(`${server.id} ${network}`),
    })),
  ]);
  return Object.fromEntries(networks);
}

function volumesView({ version, core }: ComputeCall, { volumeIds }: SimServer): unknown {
  const goesToo = (id: string): boolean => core.world.stock.volumes.get(id)?.deleteWithServer ?? false;
  return volumeIds.map((id) => (version >= 3 ? { id, delete_on_termination: goesToo(id) } : { id }));
}

export function links(call: ComputeCall, path: string): unknown {
  return [
    { rel: 'self', href: `${call.linkBase}/${path}` },
    { rel: 'bookmark', href: `${call.bookmarkBase}/${path}` },
  ];
}

export function hostId(server: SimServer): string {
  return createHash('sha224').update(`${server.projectId}${server.host}`).digest('hex');
}
