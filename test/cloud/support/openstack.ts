// Any OpenStack as the contract tests see it: the people, flavors, projects and faults that its environment names.
import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findEndpoint } from '../../../src/openstack/catalog.ts';
import { listAllFlavors } from '../../../src/openstack/flavors.ts';
import { createHttp } from '../../../src/openstack/http.ts';
import { listProjects, type ListedProject } from '../../../src/openstack/identity.ts';
import { profiles } from '../../../src/openstack/profile.ts';
import { createTransport, type Transport } from '../../../src/openstack/transport.ts';
import type { Account, CloudUnderTest, Flavors, Offer } from './cloud-under-test.ts';
import { createCredentials } from './credentials.ts';
import { readEnvironment, type CloudEnvironment, type Login, type Variables } from './environment.ts';
import { createConnector, scopedToken, unscopedToken, type Access, type Connector } from './people.ts';
import { diskFates } from './disk-fates.ts';
import { createImages } from './images.ts';
import { quotaSetter } from './quotas.ts';
import { createServers } from './servers.ts';

/** A slow cloud takes minutes for what takes the simulated one milliseconds. */
const PATIENCE_MS = 180_000;

/** People who are signed in to a cloud, and how. */
export type Entry = {
  env: CloudEnvironment;
  transport: Transport;
  access: Access;
  people: CloudUnderTest['people'];
  close(): Promise<void>;
};

/** Throws when the variables do not name a cloud that the member can sign in to. */
export async function enterOpenStack(variables: Variables): Promise<Entry> {
  const env = readEnvironment(variables);
  const transport = createTransport({ caCertificate: env.caCertificate });
  const access = accessTo(env, transport);
  const people = await findPeople(env, access);
  return { env, transport, access, people, close: async () => transport.close() };
}

/** Throws as `enterOpenStack`, and when the cloud lacks what no test can do without. */
export async function openOpenStack(variables: Variables): Promise<CloudUnderTest> {
  const { env, transport, access, people, close } = await enterOpenStack(variables);
  const { member, administrator } = people;
  const connect = createConnector(access);
  const others = await projectsOf(env, access, env.member);
  const servers = await createServers({ env, connect, member });
  return {
    ...access,
    name: `the OpenStack at ${env.authUrl}`,
    pollMs: 200,
    patienceMs: PATIENCE_MS,
    people,
    otherProject: offer(
      others.find((project) => project.id !== member.project)?.id ?? null,
      'the member has only one project',
    ),
    flavors: await findFlavors(env, connect, member),
    legacyCompute: await findLegacyCompute(access, connect, member),
    remembersTokens: offer(
      env.remembersTokens ? true : null,
      'whether Nova remembers tokens is not told (CLOUD_TEST_REMEMBERS_TOKENS=1)',
    ),
    ...servers,
    ...createImages({ access, transport, connect, member }),
    ...diskFates({ env, connect, member, image: servers.image }),
    ...createCredentials(access),
    setQuota: 'given' in administrator ? { given: quotaSetter(connect, administrator.given) } : administrator,
    breakDown:
      env.outages === null
        ? { missing: 'no program takes parts of it down (CLOUD_TEST_OUTAGES)' }
        : { given: breaker(env.outages) },
    close,
  };
}

function offer<T>(value: T | null, missing: string): Offer<T> {
  return value === null ? { missing } : { given: value };
}

function accessTo(env: CloudEnvironment, transport: Transport): Access {
  const http = createHttp({
    fetch: transport.fetch,
    now: Date.now,
    random: Math.random,
    delay: async (ms) => pause(ms),
    allowHttp: env.allowHttp,
  });
  const identity = { http, authUrl: env.authUrl };
  return { identity, profile: profiles.openstack, region: env.region, interface: env.interface };
}

async function findPeople(env: CloudEnvironment, access: Access): Promise<CloudUnderTest['people']> {
  const account = async (login: Login, projectName = env.projectName): Promise<Account> => {
    const project = (await projectsOf(env, access, login)).find(({ name }) => name === projectName);
    if (project === undefined) throw new Error(`${login.name} has no project ${projectName}`);
    return { ...login, domain: env.userDomain, project: project.id };
  };
  const perhaps = async (login: Login | null, variable: string, projectName?: string): Promise<Offer<Account>> =>
    login === null ? { missing: `nobody is named by ${variable}` } : { given: await account(login, projectName) };
  return {
    member: await account(env.member),
    colleague: await perhaps(env.colleague, 'CLOUD_TEST_COLLEAGUE'),
    reader: await perhaps(env.reader, 'CLOUD_TEST_READER'),
    administrator: await perhaps(env.administrator, 'CLOUD_TEST_ADMINISTRATOR', env.administrator?.projectName),
  };
}

async function projectsOf(env: CloudEnvironment, { identity }: Access, login: Login): Promise<ListedProject[]> {
  return listProjects(identity, await unscopedToken(identity, { ...login, domain: env.userDomain }));
}

/** The two smallest with a disk, so that tests stay cheap and any image can be booted. */
async function findFlavors(env: CloudEnvironment, connect: Connector, member: Account): Promise<Flavors> {
  const all = (await listAllFlavors(await connect(member))).filter((flavor) => flavor.diskGiB > 0);
  const bySize = all.toSorted((one, other) => one.ramMiB - other.ramMiB || one.vcpus - other.vcpus);
  const [small, medium] = (env.flavors ?? bySize.slice(0, 2).map((flavor) => flavor.id)).map(
    (wanted) => all.find((flavor) => flavor.id === wanted || flavor.name === wanted)?.id,
  );
  if (small === undefined || medium === undefined) throw new Error('two flavors with a disk are needed');
  return {
    small,
    medium,
    disabled: offer(env.flavorDisabled, 'no disabled flavor is named (CLOUD_TEST_FLAVOR_DISABLED)'),
    fitsNoHost: offer(
      env.flavorFitsNoHost,
      'no flavor too big for every host is named (CLOUD_TEST_FLAVOR_FITS_NO_HOST)',
    ),
    failsOnHost: offer(
      env.flavorFailsOnHost,
      'no flavor that fails on its host is named (CLOUD_TEST_FLAVOR_FAILS_ON_HOST)',
    ),
  };
}

/** Beside `/v2.1` where there is one, which is not said anywhere: tried. */
async function findLegacyCompute(access: Access, connect: Connector, member: Account): Promise<Offer<string>> {
  const { catalog } = await scopedToken(access, member);
  const { version } = findEndpoint(catalog, 'compute', {
    projectId: member.project,
    region: access.region,
    interface: access.interface,
    overrides: {},
    projectInPath: false,
  });
  const address = version.replace(/\/v2\.1$/, '/v2');
  const cloud = await connect(member, { overrides: { compute: address } });
  const works = await cloud.call({ service: 'compute', method: 'GET', path: '/limits' }).then(
    () => true,
    () => false,
  );
  return offer(works ? address : null, 'it has no API without microversions');
}

function breaker(program: string) {
  const run = promisify(execFile);
  return async (part: string): Promise<() => Promise<void>> => {
    await run(program, ['down', part]);
    return async () => void (await run(program, ['up', part]));
  };
}
