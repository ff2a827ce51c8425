// The service catalog, in whichever of the ways that clouds write it.

import { createHash } from 'node:crypto';

import type { Core } from '../core.ts';

/** `path` takes the project's id; `always` means that the id is in the address whatever the catalog's shape. */
type Service = {
  type: string;
  name: string;
  root: string;
  projectId: 'by_shape' | 'always' | 'never';
  modes: 'all' | 'huawei';
};

// A service that has no routes yet may still stand here: a real catalog, too, lists what may be down.
const SERVICES: Service[] = [
  { type: 'identity', name: 'keystone', root: '/identity/v3', projectId: 'never', modes: 'all' },
  { type: 'compute', name: 'nova', root: '/compute/v2.1', projectId: 'by_shape', modes: 'all' },
  { type: 'volumev3', name: 'cinderv3', root: '/volume/v3', projectId: 'always', modes: 'all' },
  { type: 'image', name: 'glance', root: '/image', projectId: 'never', modes: 'all' },
  { type: 'network', name: 'neutron', root: '/network', projectId: 'never', modes: 'all' },
  { type: 'ecs', name: 'ecs', root: '/ecs/v1', projectId: 'always', modes: 'huawei' },
];

/** The catalog of a project-scoped token. */
export function catalogFor(core: Core, projectId: string): unknown[] {
  const { catalog: shape, mode } = core.settings;
  return SERVICES.filter((service) => service.modes === 'all' || mode !== 'openstack')
    .filter((service) => !shape.without.includes(service.type))
    .map((service) => ({
      id: stableId(service.type),
      type: service.type,
      name: service.name,
      endpoints: endpointsOf(core, service, projectId),
    }));
}

function endpointsOf(core: Core, service: Service, projectId: string): unknown[] {
  const { catalog: shape, mode } = core.settings;
  const withId = service.projectId === 'always' || (service.projectId === 'by_shape' && shape.projectIdInPath);
  const root = service.type === 'compute' ? computeRoot(core) : service.root;
  const path = `${root}${withId ? `/${projectId}` : ''}${shape.trailingSlash ? '/' : ''}`;
  // IAM is one for all regions on the commercial clouds.
  const isGlobal = service.type === 'identity' && mode !== 'openstack';
  const here = endpointsIn(core, { type: service.type, region: isGlobal ? '*' : shape.region, path });
  if (isGlobal) return here;
  const there = shape.moreRegions.map((region) =>
    endpointsIn(core, { type: service.type, region, path: `/r/${region}${path}` }),
  );
  return [...there.flat(), ...here];
}

/** A cloud without microversions has the old API alone. */
function computeRoot({ settings }: Core): string {
  if (settings.catalog.withoutVersions) return '/compute';
  return settings.maxMicroversion === null ? '/compute/v2' : '/compute/v2.1';
}

// Resolvers must not fall for the first endpoint: only `public` may be reached from outside.
function endpointsIn(
  core: Core,
  { type, region, path }: { type: string; region: string | null; path: string },
): unknown[] {
  const interfaces = core.settings.mode === 'openstack' ? ['internal', 'public', 'admin'] : ['public'];
  const origin = core.baseUrl();
  return interfaces.map((name) => ({
    id: stableId(`${type}:${region}:${name}`),
    interface: name,
    region_id: region,
    url: `${name === 'public' ? origin : origin.replace('127.0.0.1', `${name}.cloud.invalid`)}${path}`,
    region,
  }));
}

function stableId(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
