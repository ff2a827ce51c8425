// Whether a resize could work at all, before anybody is asked to approve it, and again before it runs.
import { unreachable, type RefusalCode } from '../errors.ts';
import { isOnSale } from '../openstack/flavor-sale.ts';
import type { Flavor } from '../openstack/flavors.ts';
import type { Limits } from '../openstack/limits.ts';
import { memoryWords } from '../slack/text.ts';
import { capacity, shrinks, type Plan, type ServerSeen } from './plan.ts';

/** `warning`: allowed, but somebody should think about it. */
export type PreflightLine = { level: 'ok' | 'warning'; text: string };

export type PreflightFacts = {
  plan: Plan;
  server: ServerSeen;
  targetDisabled: boolean;
  limits: Limits;
  /** What the cloud itself says the server can become; null, or absent: it does not say. */
  offered?: readonly Flavor[] | null;
};

/** `objection`: the first reason why it cannot be, as a plain-text sentence; null when it can. */
export type Preflight = { objection: { code: RefusalCode; sentence: string } | null; lines: PreflightLine[] };

/** Pure. The rules are Nova's (reference B.8), told before it refuses. */
export function preflight(facts: PreflightFacts): Preflight {
  const objection =
    objectionToStatus(facts) ??
    objectionToFlavor(facts) ??
    objectionToOffer(facts) ??
    objectionToDisk(facts) ??
    objectionToQuota(facts);
  return { objection, lines: objection ? [] : preflightLines(facts) };
}

function objectionToStatus({ server }: PreflightFacts): Preflight['objection'] {
  if (server.status === 'ACTIVE' || server.status === 'SHUTOFF') return null;
  const advice =
    server.status === 'VERIFY_RESIZE'
      ? 'It has been resized already and waits for a confirmation or a revert; do that first.'
      : 'Bring it to one of these first, then ask again.';
  return {
    code: 'wrong_state',
    sentence: `${server.name} is ${server.status}; only an ACTIVE or SHUTOFF server can be resized. ${advice}`,
  };
}

function objectionToFlavor({ plan, targetDisabled }: PreflightFacts): Preflight['objection'] {
  const { from, to } = plan;
  if (from.id === to.id || (from.id === null && from.name === to.name)) {
    return { code: 'already_done', sentence: `${plan.server.name} already has flavor ${to.name}. Choose another one.` };
  }
  if (!targetDisabled) return null;
  return { code: 'unsupported', sentence: `Flavor ${to.name} is disabled in this cloud. Choose another one.` };
}

const MOST_NAMED = 5;

/** Families that do not go together, and what is sold out: only the cloud knows. */
function objectionToOffer({ plan, server, offered }: PreflightFacts): Preflight['objection'] {
  if (!offered) return null;
  const { name } = plan.server;
  const target = offered.find(({ id }) => id === plan.to.id);
  if (target && isOnSale(target, server.zone)) return null;
  if (target) {
    const where = server.zone === null ? '' : ` in zone ${server.zone}`;
    return {
      code: 'unsupported',
      sentence: `Flavor ${plan.to.name} is sold out${where}. Choose another one, or try again later.`,
    };
  }
  const others = offered.filter((flavor) => isOnSale(flavor, server.zone)).map((flavor) => flavor.name);
  const more = others.length > MOST_NAMED ? ', …' : '';
  const hint =
    others.length === 0
      ? 'It offers no other one just now.'
      : `Possible are ${others.slice(0, MOST_NAMED).join(', ')}${more}.`;
  return { code: 'unsupported', sentence: `The cloud does not resize ${name} to ${plan.to.name}. ${hint}` };
}

/** The root disk of a server that boots from a volume is the volume's: the flavor's disk does not matter. */
function objectionToDisk({ plan, server }: PreflightFacts): Preflight['objection'] {
  if (server.imageId === null || plan.to.diskGiB >= plan.from.diskGiB) return null;
  return {
    code: 'unsupported',
    sentence: `Flavor ${plan.to.name} has a disk of ${plan.to.diskGiB} GiB, but ${plan.server.name} has one of ${plan.from.diskGiB} GiB, and a disk cannot shrink. Choose a flavor with at least ${plan.from.diskGiB} GiB.`,
  };
}

/** Only what is added counts; a smaller flavor never meets the quota. */
function objectionToQuota({ plan, limits }: PreflightFacts): Preflight['objection'] {
  const cores = missing(plan.to.vcpus - plan.from.vcpus, limits.cores);
  const ram = missing(plan.to.ramMiB - plan.from.ramMiB, limits.ramMiB);
  const parts = [
    cores > 0 &&
      `${cores} more ${cores === 1 ? 'core' : 'cores'} (${limits.cores.used} of ${limits.cores.max} are used)`,
    ram > 0 &&
      `${memoryWords(ram)} more memory (${memoryWords(limits.ramMiB.used ?? 0)} of ${memoryWords(limits.ramMiB.max ?? 0)} are used)`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return null;
  return {
    code: 'quota',
    sentence: `The quota of project ${plan.project.name} is too small for ${plan.to.name}: it lacks ${parts.join(' and ')}. Free some, have the quota raised, or choose a smaller flavor.`,
  };
}

/** Unknown or unlimited (null): the cloud itself will say. */
function missing(delta: number, { used, max }: { used: number | null; max: number | null }): number {
  if (delta <= 0 || used === null || max === null) return 0;
  return Math.max(0, used + delta - max);
}

function finalSentence(plan: Plan): string {
  const final = 'This cloud has no step to confirm: the new flavor is final, and';
  const none = `${final} there is no way back to ${plan.from.name}:`;
  switch (plan.wayBack) {
    case 'possible':
      return `${final} going back is another resize`;
    case 'disk':
      return `${none} its disk is too small (${plan.from.diskGiB} GiB, not ${plan.to.diskGiB} GiB)`;
    case 'gone':
      return `${none} the cloud gives it to nobody any more`;
    default:
      return unreachable(plan.wayBack);
  }
}

/** What the card says about a plan that can work. */
export function preflightLines({ plan, server }: Pick<PreflightFacts, 'plan' | 'server'>): PreflightLine[] {
  const ok = (text: string): PreflightLine => ({ level: 'ok', text });
  const warning = (text: string): PreflightLine => ({ level: 'warning', text });
  const lines = [
    ok('Target flavor is allowed'),
    ok('Quota is enough'),
    plan.running
      ? warning('The server will be stopped, and started again at the end')
      : ok('The server is shut off and stays so'),
    server.imageId === null ? ok('Boots from a volume, the disk stays') : ok('The disk does not get smaller'),
  ];
  if (plan.backend === 'native') lines.push(warning(finalSentence(plan)));
  if (shrinks(plan)) {
    lines.push(
      warning(`The new flavor is smaller (${capacity(plan.from)} to ${capacity(plan.to)}): performance drops`),
    );
  }
  if (server.locked) lines.push(warning('The server is locked: nothing can be done until it is unlocked'));
  return lines;
}
