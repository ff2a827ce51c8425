// One look at the cloud for the step in hand, as the person whose step it is.
import { unreachable, UserError } from '../errors.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { isCloudError } from '../openstack/errors.ts';
import { showServer } from '../openstack/servers.ts';
import type { Person } from '../slack/reply.ts';
import { type CloudFor, isAway, isNoWayIn, whoIsAway } from '../workflow/way-in.ts';
import type { Errand, Step } from './errand.ts';
import { seeDisk, seeNewDisk, seeRemovedDisk } from './look-disks.ts';
import { seeCandidates, seeMade, seePort, seeRemovedPart } from './look-networks.ts';
import { known, orNull, type Seen } from './seen.ts';
import type { Sight } from './sight.ts';
import { whyNotSteady } from './steady.ts';
import { serverOf, type Thing } from './task.ts';
import { goneSentence, unseenSentence } from './words.ts';

export type LookDeps = { cloudFor: CloudFor; now: () => number };

/** What a cloud or a sign-in can do is a sight; only a bug, or Redis being away, is thrown. */
export async function lookAt(errand: Errand, step: Step, deps: LookDeps): Promise<Sight> {
  const at = deps.now();
  try {
    const cloud = await cloudOf(errand, step.by, deps.cloudFor);
    return { at, ...(await see(cloud, errand, step)) };
  } catch (error) {
    const said = hopeless(error);
    if (said !== null) return { at, kind: 'blocked', said };
    if (isNoWayIn(error)) return { at, kind: 'signed_out' };
    if (!isAway(error)) throw error;
    return { at, kind: 'away', away: whoIsAway(error), retryAfterMs: isCloudError(error) ? error.retryAfterMs : null };
  }
}

/** The cloud has no such service, or does not let this person look: asking again will not change that. */
function hopeless(error: unknown): string | null {
  if (error instanceof UserError) return error.code === 'unsupported' ? error.message : null;
  const refused = isCloudError(error, 'forbidden') || isCloudError(error, 'bad_request');
  return refused ? unseenSentence(error.serviceMessage.slice(0, 300)) : null;
}

/** Throws what `CloudFor` throws, and `not_allowed` for somebody who has chosen another region meanwhile. */
export async function cloudOf(errand: Errand, person: Person, cloudFor: CloudFor): Promise<Cloud> {
  const cloud = await cloudFor(person, errand.project.id);
  if (cloud.region === errand.region) return cloud;
  const wanted = errand.region ?? 'the default region';
  throw new UserError('not_allowed', `This is in ${wanted}: choose it with the region command, then try again.`);
}

async function see(cloud: Cloud, errand: Errand, step: Step): Promise<Seen> {
  const seen = await seeThing(cloud, errand, step);
  const server = serverOf(step.task);
  // Refused, and still not done: it is the server's state, or it is for good.
  if (seen.kind !== 'absent' || step.intention?.answer?.kind !== 'look' || !server) return seen;
  return (await seeServer(cloud, server)) ?? seen;
}

async function seeThing(cloud: Cloud, errand: Errand, step: Step): Promise<Seen> {
  const { task } = step;
  switch (task.kind) {
    case 'make_disk':
      return seeNewDisk(cloud, task, step.id);
    case 'attach_disk':
    case 'detach_disk':
      return seeDisk(cloud, errand, task);
    case 'make_network':
    case 'make_subnet':
    case 'make_port':
      return step.id === null ? seeCandidates(cloud, errand, { ...step, task }) : seeMade(cloud, task, step.id);
    case 'attach_port':
    case 'detach_port':
      return seePort(cloud, errand, task);
    case 'remove':
      return seeRemoved(cloud, task.thing, known(errand, task.it));
    default:
      return unreachable(task);
  }
}

function seeRemoved(cloud: Cloud, thing: Thing, id: string): Promise<Seen> {
  return thing === 'disk' ? seeRemovedDisk(cloud, id) : seeRemovedPart(cloud, thing, id);
}

/** Null: its state is no reason to refuse. */
async function seeServer(cloud: Cloud, { id, name }: { id: string; name: string }): Promise<Seen | null> {
  const server = await orNull(showServer(cloud, id));
  if (!server) return { kind: 'blocked', said: goneSentence('server', name) };
  if (server.taskState !== null) return { kind: 'busy', word: server.taskState };
  const said = whyNotSteady(name, server);
  return said === null ? null : { kind: 'blocked', said };
}
