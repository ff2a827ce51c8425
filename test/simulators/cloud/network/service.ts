// The network service: Neutron v2.0 as far as NICs of servers need it.

import type { Core } from '../core.ts';
import type { Answer, Exchange, Route } from '../exchange.ts';
import { resourceService, type ServiceCall } from '../resource-service.ts';
import { deleteNetwork, getNetwork, getNetworks, postNetwork } from './networks.ts';
import { deletePort, getPort, getPorts, postPort } from './ports.ts';
import { getQuota, getQuotaDetails } from './quotas.ts';
import { deleteSubnet, getSubnet, getSubnets, postSubnet } from './subnets.ts';

const ROUTES: Route<ServiceCall>[] = [
  { method: 'GET', path: '/networks', handle: getNetworks },
  { method: 'POST', path: '/networks', handle: postNetwork },
  { method: 'GET', path: '/networks/{id}', handle: (call, { id = '' }) => getNetwork(call, id) },
  { method: 'DELETE', path: '/networks/{id}', handle: (call, { id = '' }) => deleteNetwork(call, id) },
  { method: 'GET', path: '/subnets', handle: getSubnets },
  { method: 'POST', path: '/subnets', handle: postSubnet },
  { method: 'GET', path: '/subnets/{id}', handle: (call, { id = '' }) => getSubnet(call, id) },
  { method: 'DELETE', path: '/subnets/{id}', handle: (call, { id = '' }) => deleteSubnet(call, id) },
  { method: 'GET', path: '/ports', handle: getPorts },
  { method: 'POST', path: '/ports', handle: postPort },
  { method: 'GET', path: '/ports/{id}', handle: (call, { id = '' }) => getPort(call, id) },
  { method: 'DELETE', path: '/ports/{id}', handle: (call, { id = '' }) => deletePort(call, id) },
  { method: 'GET', path: '/quotas/{project}', handle: getQuota },
  { method: 'GET', path: '/quotas/{project}/details.json', handle: getQuotaDetails },
];

export function networkService(core: Core): (exchange: Exchange) => Promise<Answer> {
  return resourceService(core, { routes: ROUTES, locate });
}

function locate(path: string): string | null {
  return /^\/v2\.0(\/.*)$/.exec(path)?.[1] ?? null;
}
