// Which messages a creation shows now: its card, and at the end a word to the requester alone. Pure.
import type { ActionsBlockElement, KnownBlock } from '@slack/types';
import { unreachable } from '../errors.ts';
import type { SecretRef } from '../secrets/secrets.ts';
import { actions, context, fields, header, section } from '../slack/blocks.ts';
import { LIMITS, truncate } from '../slack/limits.ts';
import type { Outgoing } from '../slack/reply.ts';
import { code, dateTime, escapeMrkdwn, memoryWords, mention, safeName } from '../slack/text.ts';
import { awaySentence } from '../workflow/way-in.ts';
import { type Creation, type CreationState, isOver, type Note } from './creation.ts';
import { isSentence } from './words.ts';

export type CardOptions = {
  /** The slash command of this deployment, e.g. `/ecs`. */
  slash: string;
  /** What can be done with the server now; they run as whoever clicks. */
  buttons(creation: Creation): ActionsBlockElement[];
};

const TITLES: Record<CreationState, string> = {
  ordering: '⏳ Ordering',
  building: '⏳ Building',
  active: '✅ Ready',
  error: '❌ Error',
  failed: '❌ Not created',
};

const NAME_SHOWN = 60;
const SAID_SHOWN = 600;
const ADDRESSES_SHOWN = 6;

/** Put again, each of them edits what is there. */
export function cards(creation: Creation, options: CardOptions): Outgoing[] {
  return [card(creation, options), ...(isOver(creation) ? [farewell(creation, options)] : [])];
}

/** Where the first password is kept until the requester has been told. */
export function passwordRef({ requester, id }: Creation): SecretRef {
  return { person: requester, id: `password:${id}` };
}

export function cardKey(creationId: string): string {
  return `creation:${creationId}:card`;
}

function card(creation: Creation, options: CardOptions): Outgoing {
  const { requester, channelId, said } = creation;
  const buttons = options.buttons(creation);
  const blocks: (KnownBlock | null)[] = [
    header(`${TITLES[creation.state]} · ${shortName(creation)}`),
    section(orderWords(creation)),
    fields(factsOf(creation)),
    said === null && creation.state !== 'error' ? null : section(endWords(creation)),
    creation.note ? context(`🕒 ${noteWords(creation, creation.note, options)}`) : null,
    context(footer(creation)),
    buttons.length > 0 ? actions(buttons) : null,
  ];
  return {
    key: cardKey(creation.id),
    teamId: requester.teamId,
    to: channelId === null ? { userId: requester.userId } : { channelId },
    text: summary(creation),
    blocks: blocks.filter((block) => block !== null),
  };
}

/** The whole card in one line, for notifications and screen readers. */
export function summary(creation: Creation): string {
  const end = isOver(creation) && creation.state !== 'active' ? ` ${endWords(creation)}` : '';
  const text = `${TITLES[creation.state]}: server ${name(creation)}, ${statusWords(creation)}, asked for by ${mention(creation.requester.userId)}.${end}`;
  return truncate(text, LIMITS.messageText);
}

function orderWords({ spec }: Creation): string {
  const { flavor, image } = spec;
  return `Create ${code(cut(spec.name))}: ${code(cut(flavor.name))} (${flavor.vcpus} vCPU, ${memoryWords(flavor.ramMiB)}) from ${code(cut(image.name))}`;
}

function factsOf(creation: Creation): string[] {
  const { spec, project, requester, createdAt, server } = creation;
  const facts: [label: string, value: string | null][] = [
    ['Status', statusWords(creation)],
    ['Requested by', `${mention(requester.userId)}, ${dateTime(createdAt)}`],
    ['Project', code(cut(project.name))],
    ['Network', spec.network && code(cut(spec.network.name || spec.network.id))],
    ['Key pair', spec.keyName && code(cut(spec.keyName))],
    ['Zone', spec.zone && code(cut(spec.zone))],
    ['Disk', spec.disk ? diskWords(spec.disk) : 'the flavor’s own, goes when the server goes'],
    ['Addresses', server && server.addresses.length > 0 ? addressWords(server.addresses) : null],
  ];
  return facts.flatMap(([label, value]) => (value ? [`*${label}*\n${value}`] : []));
}

/** Nova's own words: `BUILD (spawning)`, `ACTIVE`, `ERROR`. */
function statusWords({ server, state }: Creation): string {
  if (!server) return state === 'failed' ? 'no server was made' : 'not there yet';
  const task = server.task === null ? '' : ` (${server.task})`;
  return escapeMrkdwn(`${server.status}${task}`);
}

function diskWords({ sizeGiB, type }: NonNullable<Creation['spec']['disk']>): string {
  return `${sizeGiB} GiB${type === null ? '' : ` ${escapeMrkdwn(cut(type))}`}, goes when the server goes`;
}

function addressWords(addresses: readonly string[]): string {
  const more = addresses.length > ADDRESSES_SHOWN ? ` +${addresses.length - ADDRESSES_SHOWN}` : '';
  return escapeMrkdwn(addresses.slice(0, ADDRESSES_SHOWN).join(', ')) + more;
}

function endWords({ state, said }: Creation): string {
  const words = said === null ? null : escapeMrkdwn(truncate(said, SAID_SHOWN));
  if (state !== 'error') return words ?? '';
  const why = words === null ? ' and does not say why.' : `. It says: “${words}”${isSentence(words) ? '' : '.'}`;
  return `The cloud could not build it${why} The server stays in ERROR and counts against the quota until somebody deletes it.`;
}

function noteWords(creation: Creation, note: Note, { slash }: CardOptions): string {
  const since = `since ${dateTime(note.since)}`;
  const who = mention(creation.requester.userId);
  switch (note.kind) {
    case 'signed_out':
      return `${who}: sign in with \`${slash} login\`, with access to project ${code(cut(creation.project.name))}; it goes on by itself after that.`;
    case 'other_region':
      return `${who}: it belongs to ${code(creation.region ?? 'the default region')}, and you work in another one. Choose it with \`${slash} region\`; it goes on by itself after that.`;
    case 'cloud_away':
      return awaySentence(dateTime(note.since), note.away);
    case 'uncertain':
      return `It is uncertain whether the cloud took the order: looking for the server, ${since}, before anything is repeated.`;
    case 'retrying':
      return `The cloud is not ready to take the order, ${since}; it is asked again.${note.said ? ` It said: ${escapeMrkdwn(truncate(note.said, SAID_SHOWN))}` : ''}`;
    case 'slow':
      return `Still building ${since}: the cloud takes its time and has not failed.`;
    default:
      return unreachable(note);
  }
}

function footer({ id, server, state, endedAt }: Creation): string {
  const end = state === 'active' ? 'ready' : 'ended';
  const parts = [id, server && code(server.id), endedAt === null ? null : `${end} ${dateTime(endedAt)}`];
  return parts.filter((part) => part !== null).join(' · ');
}

/** To the requester alone, with the first password if the cloud gave one. */
function farewell(creation: Creation, { slash }: CardOptions): Outgoing {
  const { requester, state, hasPassword } = creation;
  const secret = state === 'active' && hasPassword ? { secret: passwordRef(creation).id } : {};
  return {
    key: `creation:${creation.id}:dm`,
    teamId: requester.teamId,
    to: { userId: requester.userId },
    text: state === 'active' ? readyWords(creation, slash) : summary(creation),
    ...secret,
  };
}

function readyWords(creation: Creation, slash: string): string {
  const { spec, server, hasPassword } = creation;
  const at = server && server.addresses.length > 0 ? ` at ${addressWords(server.addresses)}` : '';
  const key = spec.keyName === null ? '' : ` Sign in to it with the key pair ${code(cut(spec.keyName))}.`;
  const ready = `✅ Your server ${name(creation)} is ${statusWords(creation)}${at}.${key}`;
  if (hasPassword) return `${ready} Its first password, told to you alone and only here; change it soon:`;
  if (spec.keyName !== null) return ready;
  return `${ready} The cloud told no password and it has no key pair: look at it with \`${slash} show\`, and use the cloud's console to get in.`;
}

function name({ spec }: Creation): string {
  return code(cut(spec.name));
}

/** For plain text, where the rest of the sentence must not be pushed out of the limit. */
function shortName({ spec }: Creation): string {
  return cut(spec.name);
}

function cut(text: string): string {
  return truncate(safeName(text), NAME_SHOWN);
}
