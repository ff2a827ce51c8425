// What exactly is approved: server, flavors, project and disks as facts, with a hash that changes when any of them does.
import { createHash } from 'node:crypto';
import type { Server } from '../openstack/server.ts';
import { memoryWords } from '../slack/text.ts';
import type { FlavorFacts } from './request.ts';

export type Project = { id: string; name: string };

/** What of a server matters to a resize. */
export type ServerSeen = Pick<
  Server,
  'id' | 'name' | 'status' | 'vmState' | 'taskState' | 'flavor' | 'imageId' | 'volumeIds' | 'locked' | 'fault' | 'zone'
>;

/** `nova`: resized, looked at, then confirmed or reverted. `native`: one job, and the new flavor is final. */
export type Backend = 'nova' | 'native';

/** The flavor it has before. A disabled one is given to nobody any more. */
export type Former = FlavorFacts & { disabled?: boolean };

/** `disk`: the former flavor's is too small by then. `gone`: nobody gets the former flavor any more. */
export type WayBack = 'possible' | 'disk' | 'gone';

export type Plan = {
  hash: string;
  project: Project;
  /** The region the requester was in; null: the cloud's only one. Servers of other regions are not found in it. */
  region: string | null;
  server: { id: string; name: string };
  /** It ran when this was planned: it is stopped before, started after. */
  running: boolean;
  from: Former;
  to: FlavorFacts & { id: string };
  backend: Backend;
  /** Whether another resize could lead back, where nothing can be reverted. */
  wayBack: WayBack;
  /** Sorted. */
  volumeIds: string[];
};

export type PlanFacts = {
  project: Project;
  region: string | null;
  server: ServerSeen;
  from: Former;
  to: FlavorFacts & { id: string };
  /** Default: `nova`. */
  backend?: Backend;
};

export function makePlan({ project, region, server, from, to, backend = 'nova' }: PlanFacts): Plan {
  const facts = {
    project: { id: project.id, name: project.name },
    region,
    server: { id: server.id, name: server.name },
    running: server.status === 'ACTIVE',
    from: { ...flavorFacts(from), ...(from.disabled === true && { disabled: true }) },
    to: { ...flavorFacts(to), id: to.id },
    backend,
    wayBack: wayBackFrom(server, { from, to }),
    volumeIds: server.volumeIds.toSorted(),
  };
  return { hash: hashOf(facts), ...facts };
}

/** By the rules of the preflight, which the way back has to pass like every resize. */
function wayBackFrom({ imageId }: Pick<ServerSeen, 'imageId'>, { from, to }: Pick<PlanFacts, 'from' | 'to'>): WayBack {
  if (from.id === null || from.disabled === true) return 'gone';
  return imageId !== null && from.diskGiB < to.diskGiB ? 'disk' : 'possible';
}

/** What differs, as plain-text sentences for people; empty when the hash is the same. */
export function drift(approved: Plan, now: Plan): string[] {
  if (approved.hash === now.hash) return [];
  const changes = [
    approved.server.name !== now.server.name &&
      `The server was called ${approved.server.name} and is now called ${now.server.name}.`,
    approved.running !== now.running &&
      (now.running ? 'The server was shut off and is now running.' : 'The server was running and is now shut off.'),
    !sameFacts(approved.from, now.from) &&
      `Its flavor was ${describe(approved.from)} and is now ${describe(now.from)}.`,
    !sameFacts(approved.to, now.to) && `The target flavor was ${describe(approved.to)} and is now ${describe(now.to)}.`,
    approved.volumeIds.join() !== now.volumeIds.join() &&
      `It had ${disks(approved.volumeIds)} attached and now has ${describeDisks(approved.volumeIds, now.volumeIds)}.`,
    approved.backend !== now.backend &&
      (now.backend === 'native'
        ? 'The cloud is now told to resize without a step to confirm.'
        : 'The cloud is now told to resize with a step to confirm.'),
    approved.project.id !== now.project.id && `It is now in project ${now.project.name}.`,
  ];
  return changes.filter((change) => change !== false);
}

/** Does the server show this flavor? Ids are compared when the cloud gives one, else name and facts. */
export function hasFlavor(server: Pick<ServerSeen, 'flavor'>, flavor: FlavorFacts): boolean {
  const shown = server.flavor;
  if (!shown) return false;
  if ('id' in shown) return shown.id === flavor.id;
  return shown.name === flavor.name && shown.vcpus === flavor.vcpus && shown.ramMiB === flavor.ramMiB;
}

/** The flavor a server shows, with all its facts; null when only an id is shown that is none of `known`. */
export function flavorShown(server: Pick<ServerSeen, 'flavor'>, known: Former[]): Former | null {
  const match = known.find((flavor) => hasFlavor(server, flavor));
  if (match) return match;
  const shown = server.flavor;
  return shown && 'name' in shown ? { id: null, ...shown } : null;
}

/** `4 vCPU, 8 GiB` */
export function capacity(flavor: FlavorFacts): string {
  return `${flavor.vcpus} vCPU, ${memoryWords(flavor.ramMiB)}`;
}

/** Fewer processors or less memory than before: performance drops. */
export function shrinks(plan: Pick<Plan, 'from' | 'to'>): boolean {
  return plan.to.vcpus < plan.from.vcpus || plan.to.ramMiB < plan.from.ramMiB;
}

function flavorFacts({ id, name, vcpus, ramMiB, diskGiB }: FlavorFacts): FlavorFacts {
  return { id, name, vcpus, ramMiB, diskGiB };
}

/** The same person may approve through a cloud that shows flavors without ids: the id of `from` is not part of it. */
function hashOf(facts: Omit<Plan, 'hash'>): string {
  const { project, server, running, from, to, backend, volumeIds } = facts;
  const shown = [
    project.id,
    [server.id, server.name, running],
    [from.name, from.vcpus, from.ramMiB, from.diskGiB],
    [to.id, to.name, to.vcpus, to.ramMiB, to.diskGiB],
    volumeIds,
    backend,
  ];
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 16);
}

function sameFacts(one: FlavorFacts, other: FlavorFacts): boolean {
  return (
    one.name === other.name && one.vcpus === other.vcpus && one.ramMiB === other.ramMiB && one.diskGiB === other.diskGiB
  );
}

function describe(flavor: FlavorFacts): string {
  return `${flavor.name} (${capacity(flavor)}, ${flavor.diskGiB} GiB disk)`;
}

function disks(ids: string[]): string {
  return ids.length === 1 ? '1 disk' : `${ids.length} disks`;
}

function describeDisks(before: string[], now: string[]): string {
  const added = now.filter((id) => !before.includes(id)).length;
  const removed = before.filter((id) => !now.includes(id)).length;
  const parts = [added > 0 && `${added} added`, removed > 0 && `${removed} removed`].filter((part) => part !== false);
  return `${disks(now)} (${parts.join(', ')})`;
}
