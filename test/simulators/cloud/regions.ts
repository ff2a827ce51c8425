// On the commercial clouds every project is of one region, and the gateways of the others take no token for it.

import { gatewayRefusal } from './compute/errors.ts';
import type { Core } from './core.ts';
import type { Exchange } from './exchange.ts';

/** Refuses with 401 where a project that is named after a region, as `eu-de_web` is, comes to another. */
export function requireRegion(core: Core, exchange: Exchange): void {
  const { mode, catalog } = core.settings;
  const token = exchange.headers['x-auth-token'];
  if (mode === 'openstack' || token === undefined) return;
  const project = core.world.projects.get(core.tokens.find(token)?.projectId ?? '');
  const region = project?.name.split('_')[0] ?? '';
  const here = /^\/r\/([^/]+)/.exec(exchange.path)?.[1] ?? catalog.region;
  if (region !== here && [catalog.region, ...catalog.moreRegions].includes(region))
    throw gatewayRefusal(exchange, '0307');
}
