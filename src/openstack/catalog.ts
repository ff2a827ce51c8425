// Which address serves what: the service catalog of a token, and the rules for picking from it (ecs-api A.1). Pure.
import { UserError } from '../errors.ts';
import type { Service } from './cloud.ts';
import { list, object, text } from './json.ts';

export type CatalogEndpoint = { interface: string; region: string | null; url: string };

export type CatalogService = { type: string; endpoints: CatalogEndpoint[] };

/** Kept as small as it can be: it is stored with every token. */
export type Catalog = CatalogService[];

/** What to look for. `overrides` are full URLs by catalog type (`volumev3`) or service (`volume`); they win. */
export type CatalogQuery = {
  projectId: string;
  region: string | null;
  /** `public`, `internal` or `admin`. */
  interface: string;
  overrides: Record<string, string>;
  projectInPath: boolean;
  /** Native ECS stands beside Nova, also where the catalog does not name it. */
  nativeApi?: boolean;
};

/** `version` is where discovery asks: the address up to and with the version. `base` is where calls go. */
export type Endpoint = { version: string; base: string };

/** Names a service goes by in catalogs, best first. */
const ALIASES: Record<Service, string[]> = {
  compute: ['compute'],
  volume: ['volumev3', 'block-storage', 'block-store', 'volumev2', 'volume'],
  image: ['image'],
  network: ['network'],
  identity: ['identity'],
  ecs: ['ecs'],
};

/** The version to add where an address has none, and whether the project id follows it. */
const PATHS: Record<Service, { version: string; project: 'always' | 'never' | 'profile' }> = {
  compute: { version: 'v2.1', project: 'profile' },
  volume: { version: 'v3', project: 'always' },
  image: { version: 'v2', project: 'never' },
  network: { version: 'v2.0', project: 'never' },
  identity: { version: 'v3', project: 'never' },
  ecs: { version: 'v1', project: 'always' },
};

/** Throws `UserError` (`unsupported`) when the cloud does not offer the service, in this region. */
export function findEndpoint(catalog: Catalog, service: Service, query: CatalogQuery): Endpoint {
  const url =
    findOverride(service, query.overrides) ?? findUrl(catalog, service, query) ?? besideNova(catalog, service, query);
  if (url === null) {
    const where = query.region === null ? '' : ` in region ${query.region}`;
    throw new UserError(
      'unsupported',
      `This cloud's catalog has no ${service} service${where}. Ask the operator to check the region, or to set an endpoint override.`,
    );
  }
  return normalise(url, service, query);
}

/** Reads the `catalog` of a token or of GET /v3/auth/catalog; null when there is none. */
export function parseCatalog(value: unknown): Catalog | null {
  if (!Array.isArray(value)) return null;
  return value.map((entry) => {
    const wire = object(entry);
    return { type: text(wire['type']) ?? '', endpoints: list(wire['endpoints']).flatMap(parseEndpoint) };
  });
}

/** Where the catalog has servers, by name; empty where it names no regions. */
export function regionsOf(catalog: Catalog): string[] {
  const endpoints = catalog.filter(({ type }) => ALIASES.compute.includes(type)).flatMap((entry) => entry.endpoints);
  const named = endpoints.flatMap(({ region }) => (region === null || region === '*' ? [] : [region]));
  return [...new Set(named)].toSorted();
}

/** The region that a project's name begins with, as `eu-de_web` does; null: none that the catalog knows. */
export function regionNamedBy(project: string, catalog: Catalog): string | null {
  const [region] = project.split('_');
  return regionsOf(catalog).find((known) => known === region) ?? null;
}

function parseEndpoint(value: unknown): CatalogEndpoint[] {
  const wire = object(value);
  const url = text(wire['url']);
  if (url === null || !URL.canParse(url)) return [];
  const region = text(wire['region_id']) ?? text(wire['region']);
  return [{ interface: text(wire['interface']) ?? 'public', region, url }];
}

function findOverride(service: Service, overrides: Record<string, string>): string | null {
  const names = [...ALIASES[service], service];
  // Names of environment variables have no hyphens.
  const found = names.map((name) => overrides[name.replaceAll('-', '_')]).find((url) => url !== undefined);
  return found ?? null;
}

function findUrl(catalog: Catalog, service: Service, query: CatalogQuery): string | null {
  for (const type of ALIASES[service]) {
    const endpoints = catalog
      .filter((entry) => entry.type === type)
      .flatMap((entry) => entry.endpoints)
      .filter((endpoint) => endpoint.interface === query.interface);
    const found = inRegion(endpoints, query.region);
    if (found !== undefined) return found.url;
  }
  return null;
}

/** Not every catalog of Huawei and OTC names the native API, which is at Nova's address under a version of its own. */
function besideNova(catalog: Catalog, service: Service, query: CatalogQuery): string | null {
  if (service !== 'ecs' || query.nativeApi !== true) return null;
  const nova = findOverride('compute', query.overrides) ?? findUrl(catalog, 'compute', query);
  if (nova === null) return null;
  const { version } = normalise(nova, 'compute', query);
  return version.slice(0, version.lastIndexOf('/'));
}

/** The region itself, then endpoints for all regions, then those that name none. No region wanted: the first will do. */
function inRegion(endpoints: CatalogEndpoint[], region: string | null): CatalogEndpoint | undefined {
  if (region === null) return endpoints[0];
  return (
    endpoints.find((endpoint) => endpoint.region === region) ??
    endpoints.find((endpoint) => endpoint.region === '*') ??
    endpoints.find((endpoint) => endpoint.region === null)
  );
}

/** Catalogs write the same address with or without version, project id, template and slash. */
function normalise(address: string, service: Service, query: CatalogQuery): Endpoint {
  const url = new URL(address.replaceAll(/[$%]\((?:tenant|project)_id\)s/g, query.projectId));
  const segments = url.pathname.split('/').filter((part) => part !== '');
  const at = segments.findIndex((part) => /^v\d+(?:\.\d+)?$/.test(part));
  const prefix = at === -1 ? segments : segments.slice(0, at);
  const version = at === -1 ? PATHS[service].version : (segments[at] ?? PATHS[service].version);
  const root = [url.origin, ...prefix, version].join('/');
  const found = at !== -1 && segments.length > at + 1;
  return { version: root, base: hasProject(service, query, found) ? `${root}/${query.projectId}` : root };
}

/** A found one is replaced by ours: another project's would be refused. */
function hasProject(service: Service, query: CatalogQuery, found: boolean): boolean {
  const { project } = PATHS[service];
  return project === 'always' || (project === 'profile' && (found || query.projectInPath));
}
