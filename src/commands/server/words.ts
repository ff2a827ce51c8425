// How servers look in an answer. Pure; everything a cloud or a person named is escaped and cut here.
import type { Server } from '../../openstack/server.ts';
import type { Flavor } from '../../openstack/flavors.ts';
import { truncate } from '../../slack/limits.ts';
import { code, escapeMrkdwn, memoryWords, safeName } from '../../slack/text.ts';
import { flavorOf } from '../find/flavor.ts';

/** Long names keep fifty servers within one message. */
const NAME_LENGTH = 60;

/** A word beside it always says the same: colour alone tells not everybody something. */
const LIGHTS: Record<string, string> = {
  ACTIVE: '🟢',
  SHUTOFF: '⚪',
  ERROR: '🔴',
  VERIFY_RESIZE: '🟠',
  UNKNOWN: '❔',
  DELETED: '🗑️',
  SOFT_DELETED: '🗑️',
};

export function light(status: string): string {
  return LIGHTS[status] ?? '🟡';
}

/** As mrkdwn. */
export function nameCode(name: string): string {
  return code(shortName(name));
}

/** As plain text, for buttons and menus. A server without a name is called by its id. */
export function plainName(server: Pick<Server, 'id' | 'name'>): string {
  return shortName(server.name) || server.id;
}

/** Which of them have their name in common: only the id tells these apart. */
export function twinsAmong(
  servers: readonly Pick<Server, 'id' | 'name'>[],
): (server: Pick<Server, 'id' | 'name'>) => boolean {
  const names = servers.map(plainName);
  return (server) => names.indexOf(plainName(server)) !== names.lastIndexOf(plainName(server));
}

export function shortName(name: string): string {
  return truncate(safeName(name), NAME_LENGTH);
}

/** ``🟢 `web-1` ACTIVE · s3.large.2 (2 vCPU, 4 GiB) · 10.0.0.5 · eu-de-01``, as mrkdwn. */
export function serverLine(server: Server, flavors: readonly Flavor[]): string {
  const parts = [
    `${light(server.status)} ${nameCode(plainName(server))} ${statusWords(server)}`,
    flavorWords(server, flavors),
    addressWords(server, 2),
    server.zone ? escapeMrkdwn(shortName(server.zone)) : null,
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}

/** `ACTIVE`, or `ACTIVE (powering-off)` while something is being done to it. */
export function statusWords(server: Pick<Server, 'status' | 'taskState'>): string {
  const task = server.taskState === null ? '' : ` (${server.taskState})`;
  return escapeMrkdwn(`${server.status}${task}`);
}

/** As mrkdwn; null when the cloud does not say. */
export function flavorWords(server: Server, flavors: readonly Flavor[]): string | null {
  const flavor = flavorOf(server, flavors);
  if (flavor) return `${escapeMrkdwn(shortName(flavor.name))} (${sizeWords(flavor)})`;
  return server.flavor && 'id' in server.flavor ? escapeMrkdwn(`flavor ${shortName(server.flavor.id)}`) : null;
}

/** `2 vCPU, 4 GiB`. */
export function sizeWords({ vcpus, ramMiB }: Pick<Flavor, 'vcpus' | 'ramMiB'>): string {
  return `${vcpus} vCPU, ${memoryWords(ramMiB)}`;
}

/** Floating addresses first, at most `most`. As mrkdwn. */
export function addressWords(server: Server, most: number): string {
  const all = server.addresses.toSorted((a, b) => Number(b.type === 'floating') - Number(a.type === 'floating'));
  const shown = all.slice(0, most).map(({ address }) => address);
  const more = all.length > most ? ` +${all.length - most}` : '';
  return escapeMrkdwn(shown.join(', ')) + more;
}
