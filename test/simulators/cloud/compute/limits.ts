// GET /limits, and the zones: small things about the project's room.

import type { Answer } from '../exchange.ts';
import { requireRole, type ComputeCall } from './caller.ts';

/** GET /limits. Fields about networks end with 2.36, about images with 2.39, about injected files with 2.57. */
export function getLimits(call: ComputeCall): Answer {
  requireRole(call, 'reader', 'limits');
  const { core, caller, version } = call;
  const project = core.world.project(caller.projectId ?? '');
  const used = core.world.usage(project.id);
  const absolute = {
    maxTotalInstances: project.quota.instances,
    maxTotalCores: project.quota.cores,
    maxTotalRAMSize: project.quota.ramMiB,
    maxServerMeta: 128,
    ...(version < 39 ? { maxImageMeta: 128 } : {}),
    ...(version < 57 ? { maxPersonality: 5, maxPersonalitySize: 10240 } : {}),
    maxTotalKeypairs: project.quota.keyPairs,
    maxServerGroups: 10,
    maxServerGroupMembers: 10,
    ...(version < 36 ? { maxTotalFloatingIps: -1, maxSecurityGroups: -1, maxSecurityGroupRules: -1 } : {}),
    totalRAMUsed: used.ramMiB,
    totalCoresUsed: used.cores,
    totalInstancesUsed: used.instances,
    ...(version < 36 ? { totalFloatingIpsUsed: 0, totalSecurityGroupsUsed: 0 } : {}),
    totalServerGroupsUsed: 0,
  };
  return { status: 200, body: { limits: { rate: [], absolute } } };
}

/** GET /os-availability-zone */
export function getZones(call: ComputeCall): Answer {
  const { servers, stock } = call.core.world;
  const names = [...new Set([...stock.zones, ...[...servers.values()].map(({ zone }) => zone)])].toSorted();
  return {
    status: 200,
    body: {
      availabilityZoneInfo: names.map((zoneName) => ({ zoneName, zoneState: { available: true }, hosts: null })),
    },
  };
}
