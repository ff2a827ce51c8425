// What the compute service says about its own versions, and which of them the bot speaks.
import { ATTACH_VERSION, ATTACHMENTS_VERSION } from './attachments.ts';
import type { Cloud } from './cloud.ts';
import { isCloudError } from './errors.ts';
import { FLAVOR_VERSION } from './flavors.ts';
import { isObject, object, text, list } from './json.ts';
import { KEY_PAIRS_VERSION } from './keypairs.ts';
import { ACTION_VERSION } from './server-actions.ts';
import { SERVER_VERSION } from './server.ts';
import { chooseMicroversion, parseMicroversion, readRange } from './versions.ts';

/** `max` null: a version without microversions. */
export type ApiVersion = { id: string; status: string; min: string | null; max: string | null };

/** Null: the service did not say, as behind gateways that know no such address. */
export type OfferedVersions = {
  /** GET / */
  all: ApiVersion[] | null;
  /** GET /v2.1/, or whatever version the catalog leads to. */
  own: ApiVersion | null;
};

/** GET / and GET /v2.1/ of the compute service (ecs-api B.1). Throws CloudError. */
export async function showVersions(cloud: Cloud): Promise<OfferedVersions> {
  const [root, own] = await Promise.all([ask(cloud, 'root'), ask(cloud, 'version')]);
  return { all: root, own: own?.at(0) ?? null };
}

async function ask(cloud: Cloud, below: 'root' | 'version'): Promise<ApiVersion[] | null> {
  try {
    const { body } = await cloud.call({ service: 'compute', method: 'GET', path: '/', below });
    return parseVersions(object(body));
  } catch (error) {
    const silent = (['not_found', 'forbidden', 'bad_request', 'unexpected'] as const).some((kind) =>
      isCloudError(error, kind),
    );
    if (silent) return null;
    throw error;
  }
}

/** One version's own document, the list of them, or the choice offered for an address without a version (300). */
function parseVersions(body: Record<string, unknown>): ApiVersion[] | null {
  const entries = isObject(body['version']) ? [body['version']] : [...list(body['versions']), ...list(body['choices'])];
  return entries.length === 0 ? null : entries.flatMap(parseVersion);
}

function parseVersion(value: unknown): ApiVersion[] {
  const wire = object(value);
  const id = text(wire['id']);
  if (id === null) return [];
  return [{ id, status: text(wire['status']) ?? '', min: text(wire['min_version']), max: text(wire['version']) }];
}

/** What decides how new the bot's calls are: see `usedVersion`. */
export type UsedVersion = {
  /** Sent with calls about servers; null: no header, which means the oldest. */
  version: string | null;
  because: 'no_microversions' | 'cloud_maximum' | 'operator_ceiling' | 'bot_maximum';
};

/** The microversion that calls about servers are made with, and what set it. Pure. */
export function usedVersion(own: ApiVersion | null, ceiling: string | null): UsedVersion {
  const range = readRange({ version: { version: own?.max, min_version: own?.min } }, '');
  const version = chooseMicroversion({ most: SERVER_VERSION }, range, ceiling);
  if (range === null) return { version, because: 'no_microversions' };
  if (version === null || version === parseMicroversion(ceiling)?.join('.')) {
    return { version, because: 'operator_ceiling' };
  }
  return { version, because: version === range.max.join('.') ? 'cloud_maximum' : 'bot_maximum' };
}

/** Calls that go with another version than those about servers, each the highest whose answers its parser reads. */
const OTHERS = [
  { what: 'flavors', most: FLAVOR_VERSION },
  { what: 'the record of a server', most: ACTION_VERSION },
  { what: 'its disks', most: ATTACHMENTS_VERSION },
  { what: 'attaching a disk', most: ATTACH_VERSION },
  { what: 'key pairs', most: KEY_PAIRS_VERSION },
];

/** Those of them that differ from the version used for servers here. Pure. */
export function otherVersions(own: ApiVersion | null, ceiling: string | null): { what: string; version: string }[] {
  const range = readRange({ version: { version: own?.max, min_version: own?.min } }, '');
  const { version: usual } = usedVersion(own, ceiling);
  return OTHERS.flatMap(({ what, most }) => {
    const version = chooseMicroversion({ most }, range, ceiling);
    return version === null || version === usual ? [] : [{ what, version }];
  });
}
