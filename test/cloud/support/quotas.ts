// Quotas of a real cloud, changed for the length of a test: each service keeps its own.
import type { Cloud, Service } from '../../../src/openstack/cloud.ts';
import { object } from '../../../src/openstack/json.ts';
import type { Account, Quota } from './cloud-under-test.ts';
import type { Connector } from './people.ts';

/** Where a service keeps its quota, as what it answers, and what it calls each part. */
type Book = {
  service: Service;
  path(administrator: Cloud, project: string): string;
  wrapper: string;
  words: Partial<Record<keyof Quota, string>>;
  /** Fields without which the service refuses less than is used. */
  also?: Record<string, unknown>;
};

const BOOKS: Book[] = [
  {
    service: 'compute',
    path: (_administrator, project) => `/os-quota-sets/${project}`,
    wrapper: 'quota_set',
    words: { instances: 'instances', cores: 'cores', ramMiB: 'ram', keyPairs: 'key_pairs' },
    also: { force: true },
  },
  {
    service: 'volume',
    path: (_administrator, project) => `/os-quota-sets/${project}`,
    wrapper: 'quota_set',
    words: { volumes: 'volumes', gigabytes: 'gigabytes' },
  },
  {
    service: 'network',
    path: (_administrator, project) => `/quotas/${project}`,
    wrapper: 'quota',
    words: { networks: 'network', subnets: 'subnet', ports: 'port' },
  },
];

/** As an administrator; the answer puts back what was there. */
export function quotaSetter(connect: Connector, administrator: Account) {
  return async (project: string, quota: Quota): Promise<() => Promise<void>> => {
    const cloud = await connect(administrator);
    const undo: (() => Promise<void>)[] = [];
    for (const book of BOOKS) undo.push(await change(cloud, book, { project, quota }));
    return async () => {
      for (const back of undo) await back();
    };
  };
}

async function change(
  cloud: Cloud,
  { service, path: pathOf, wrapper, words, also }: Book,
  { project, quota }: { project: string; quota: Quota },
): Promise<() => Promise<void>> {
  const wanted = Object.entries(words).flatMap(([part, word]): [string, number][] => {
    const limit = quota[part as keyof Quota];
    return limit === undefined ? [] : [[word, limit]];
  });
  if (wanted.length === 0) return async () => undefined;
  const path = pathOf(cloud, project);
  const before = object(object((await cloud.call({ service, method: 'GET', path })).body)[wrapper]);
  const put = async (limits: Record<string, unknown>): Promise<void> =>
    void (await cloud.call({ service, method: 'PUT', path, body: { [wrapper]: { ...limits, ...also } } }));
  await put(Object.fromEntries(wanted));
  return async () => put(Object.fromEntries(wanted.map(([word]) => [word, before[word]])));
}
