// The cloud that a file of contract tests runs against, its people, and servers that are gone after each test.
import { afterAll, afterEach, vi, type TestContext } from 'vitest';
import type { Connection } from '../../../src/openstack/client.ts';
import type { Cloud } from '../../../src/openstack/cloud.ts';
import { isCloudError } from '../../../src/openstack/errors.ts';
import { showFlavor } from '../../../src/openstack/flavors.ts';
import { showLimits } from '../../../src/openstack/limits.ts';
import { deleteServer } from '../../../src/openstack/server-lifecycle.ts';
import { listServers, stopServer } from '../../../src/openstack/servers.ts';
import type { CloudUnderTest, NewServer, Offer, Part, Role } from './cloud-under-test.ts';
import { openOpenStack } from './openstack.ts';
import { createConnector } from './people.ts';
import { openSimulatedCloud } from './simulated.ts';
import { uniqueName } from './unique.ts';
import { gone, settled, until, type Watcher } from './watching.ts';

export type TestServer = { id: string; name: string; reservationId: string };

export type CloudHouse = {
  under: CloudUnderTest;
  /** The member's connection to their project. */
  member(to?: Partial<Connection>): Promise<Cloud>;
  /** Somebody else's. Skips the test, saying why, where this cloud has no such person. */
  connect(context: TestContext, role: Exclude<Role, 'member'>): Promise<Cloud>;
  /** The member, in another project of theirs; skips as `connect`. */
  elsewhere(context: TestContext): Promise<Cloud>;
  /** Looks with the member's eyes. */
  watcher(): Promise<Watcher>;
  /** A server that is ACTIVE and will be deleted after the test; its name is made unique unless given. */
  server(wanted?: Partial<NewServer>): Promise<TestServer>;
  /** The same, SHUTOFF. */
  stoppedServer(wanted?: Partial<NewServer>): Promise<TestServer>;
  /** A flavor's name, by its id. */
  nameOf(flavor: string): Promise<string>;
  /** A flavor that fits no host, with the quota for it. Skips as `connect`. */
  roomlessFlavor(context: TestContext): Promise<string>;
  /** Deletes a server within a test, and waits until it is gone; the states it was seen in meanwhile. */
  remove(id: string): Promise<string[]>;
  /** A moment by the cloud's own clock, once the second has ended in which everything before happened; in ms. */
  nextSecond(): Promise<number>;
  /** Looks until there is something to see; `what` completes "waited … ms for". */
  until<T>(look: () => Promise<T>, what: string): Promise<Exclude<T, null | undefined | false>>;
  /** Runs after the test, also when it failed; last registered, first run. */
  after(work: () => Promise<void>): void;
  /** A part of the cloud is down until the answer is called, or the test has ended. Skips as `connect`. */
  without(context: TestContext, part: Part): Promise<() => Promise<void>>;
};

/** Set by `npm run test:cloud`; else the simulated cloud is tested. */
export const REAL = process.env.CLOUD_UNDER_TEST === 'openstack';

/** `given`: one that is open already, and is closed after the tests all the same. */
export async function useCloud(given?: CloudUnderTest): Promise<CloudHouse> {
  const under = given ?? (REAL ? await openOpenStack(process.env) : await openSimulatedCloud());
  vi.setConfig({ testTimeout: under.patienceMs * 6, hookTimeout: under.patienceMs * 3 });
  const after = cleaningUp(under);
  const connector = createConnector(under);
  const { member } = under.people;
  const watcherOf = async (project: string): Promise<Watcher> => ({
    cloud: await connector(member, { project }),
    under,
  });
  const server = async (wanted: Partial<NewServer> = {}): Promise<TestServer> => {
    const name = wanted.name ?? uniqueName();
    const added = { flavor: under.flavors.small, project: member.project, tags: [], ...wanted, name };
    const watcher = await watcherOf(added.project);
    const { id, reservationId } = await under.addServer(added);
    after(async () => void (await removed(watcher, id)));
    await settled(watcher, id, 'ACTIVE');
    return { id, name, reservationId };
  };
  return {
    under,
    after,
    server,
    async stoppedServer(wanted) {
      const added = await server(wanted);
      await stopServer(await connector(member), added.id, { hard: false });
      await settled(await watcherOf(member.project), added.id, 'SHUTOFF');
      return added;
    },
    nameOf: async (flavor) => (await showFlavor(await connector(member), flavor)).name,
    async roomlessFlavor(context) {
      const flavor = needs(context, under.flavors.fitsNoHost);
      const cloud = await connector(member);
      const [{ ramMiB }, limits] = await Promise.all([showFlavor(cloud, flavor), showLimits(cloud)]);
      const room = (limits.ramMiB.max ?? Infinity) - (limits.ramMiB.used ?? 0);
      // The quota must not be what refuses it.
      if (ramMiB > room) after(await needs(context, under.setQuota)(cloud.projectId, { ramMiB: 2 * ramMiB }));
      return flavor;
    },
    async without(context, part) {
      const mend = await needs(context, under.breakDown)(part);
      let isDown = true;
      const once = async (): Promise<void> => {
        if (isDown) await mend();
        isDown = false;
      };
      after(once);
      return once;
    },
    remove: async (id) => removed(await watcherOf(member.project), id),
    async nextSecond() {
      const cloud = await connector(member);
      const clock = async (): Promise<number> => (await listServers(cloud, { limit: 1 })).at;
      const before = await clock();
      return until(under, {
        look: async () => {
          const now = await clock();
          return now > before && now;
        },
        what: () => 'the next second of the cloud',
      });
    },
    until: async (look, what) => until(under, { look, what: () => what }),
    member: async (to) => connector(member, to),
    connect: async (context, role) => connector(needs(context, under.people[role])),
    elsewhere: async (context) => connector(member, { project: needs(context, under.otherProject) }),
    watcher: async () => watcherOf(member.project),
  };
}

/** Deleted, whatever its state, and gone; the states seen meanwhile. */
async function removed(watcher: Watcher, id: string): Promise<string[]> {
  await deleteServer(watcher.cloud, id).catch((error: unknown) => {
    if (!isCloudError(error, 'not_found')) throw error;
  });
  return gone(watcher, id);
}

function cleaningUp(under: CloudUnderTest): CloudHouse['after'] {
  const works: (() => Promise<void>)[] = [];
  afterEach(async () => {
    const failures: unknown[] = [];
    for (const work of works.splice(0).toReversed()) await work().catch((error: unknown) => failures.push(error));
    // Whatever went wrong with one of them, the others are done.
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be cleaned up');
  });
  afterAll(async () => under.close());
  return (work) => void works.push(work);
}

/** Skips the test, saying why, where the cloud does not have it. */
export function needs<T>(context: TestContext, offer: Offer<T>): T {
  return 'given' in offer ? offer.given : context.skip(offer.missing);
}
