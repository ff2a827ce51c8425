// Neutron's quota: what a project may have, and, where the extension is there, what it has.

import type { Answer } from '../exchange.ts';
import type { ServiceCall } from '../resource-service.ts';

const OTHERS = {
  subnetpool: -1,
  router: 10,
  floatingip: 50,
  rbac_policy: 10,
  security_group: 10,
  security_group_rule: 100,
};

/** GET /quotas/{project} */
export function getQuota({ core, projectId }: ServiceCall): Answer {
  const { networks, subnets, ports } = core.world.project(projectId).quota;
  return { status: 200, body: { quota: { network: networks, subnet: subnets, port: ports, ...OTHERS } } };
}

/** GET /quotas/{project}/details.json */
export function getQuotaDetails(call: ServiceCall): Answer {
  const { stock } = call.core.world;
  const quota = call.core.world.project(call.projectId).quota;
  const count = (things: Map<string, { projectId: string }>): number =>
    [...things.values()].filter(({ projectId }) => projectId === call.projectId).length;
  const detail = (limit: number, used: number): unknown => ({ limit, used, reserved: 0 });
  const others = Object.entries(OTHERS).map(([name, limit]) => [name, detail(limit, 0)]);
  return {
    status: 200,
    body: {
      quota: {
        network: detail(quota.networks, count(stock.networks)),
        subnet: detail(quota.subnets, count(stock.subnets)),
        port: detail(quota.ports, count(stock.ports)),
        ...Object.fromEntries(others),
      },
    },
  };
}
