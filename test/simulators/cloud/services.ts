// The services behind the simulated cloud's one port, each below a path of its own.

import { computeService } from './compute/service.ts';
import type { Core } from './core.ts';
import { identityService } from './identity/service.ts';
import { imageService } from './image/service.ts';
import type { Service } from './listener.ts';
import { nativeService } from './native/service.ts';
import { networkService } from './network/service.ts';
import { volumeService } from './volume/service.ts';

export function servicesOf(core: Core): Service[] {
  const native = core.settings.mode === 'openstack' ? [] : [{ root: '/ecs', handle: nativeService(core) }];
  return [
    { root: '/identity', handle: async (exchange) => identityService(core, exchange) },
    { root: '/compute', handle: computeService(core) },
    { root: '/volume', handle: volumeService(core) },
    { root: '/image', handle: imageService(core) },
    { root: '/network', handle: networkService(core) },
    ...native,
  ];
}
