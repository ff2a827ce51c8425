// resize_flavors: what a server can become, as the commercial clouds tell it on one of two addresses.

import type { Core } from '../core.ts';
import type { Answer } from '../exchange.ts';
import type { SimFlavor } from '../model.ts';
import { requireRole, requireServer, type ComputeCall } from './caller.ts';
import { gatewayRefusal } from './errors.ts';

/** GET /resize_flavors of Nova's API. */
export function getResizeFlavors(call: ComputeCall): Answer {
  if (call.core.settings.resizeFlavors !== 'v2.1') throw gatewayRefusal(call.exchange, '0101');
  requireRole(call, 'reader', 'flavors:list');
  const server = requireServer(call, call.exchange.query.get('instance_uuid') ?? '');
  return { status: 200, body: { flavors: resizeTargets(call.core, server.flavorId).map(resizeFlavorView) } };
}

/** All but its own, and none that is retired. */
export function resizeTargets({ world }: Pick<Core, 'world'>, flavorId: string): SimFlavor[] {
  return [...world.flavors.values()].filter(({ id, disabled, isPublic }) => id !== flavorId && !disabled && isPublic);
}

/** With some numbers as words. */
export function resizeFlavorView(flavor: SimFlavor): Record<string, unknown> {
  return {
    id: flavor.id,
    name: flavor.name,
    vcpus: String(flavor.vcpus),
    ram: flavor.ramMiB,
    disk: String(flavor.diskGiB),
    swap: '',
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'OS-FLV-DISABLED:disabled': flavor.disabled,
    'os-flavor-access:is_public': flavor.isPublic,
    rxtx_factor: 1,
    extra_specs: flavor.extraSpecs,
    links: [],
  };
}
