// What people should see now, rendered from the request alone: the card, the log in its thread, the DM at the end.
import type { ContextBlock, KnownBlock } from '@slack/types';
import { unreachable } from '../errors.ts';
import { context, fields, header, section } from '../slack/blocks.ts';
import { LIMITS, truncate } from '../slack/limits.ts';
import type { Outgoing } from '../slack/reply.ts';
import { memoryWords } from '../slack/text.ts';
import { buttons, shortName } from './card-buttons.ts';
import { awaySentence } from '../workflow/way-in.ts';
import { eventLine, logLine } from './history.ts';
import { capacity } from './plan.ts';
import { isFinal, type ActKind, type Note, type ResizeRequest, type ResizeState } from './request.ts';
import { slackVoice as voice } from './voice.ts';
import { STATE_WORDS } from './words.ts';

/** Beside the word, never instead of it. */
const EMOJI: Record<ResizeState, string> = {
  awaiting_approval: '🟡',
  approved: '🟢',
  scheduled: '🗓️',
  stopping: '⏳',
  resizing: '⏳',
  awaiting_confirmation: '🟠',
  confirming: '⏳',
  reverting: '↩️',
  starting: '⏳',
  succeeded: '✅',
  reverted: '↩️',
  denied: '⛔',
  expired: '⌛',
  cancelled: '🚫',
  failed: '❌',
  needs_login: '🔑',
};

/** Characters; a block takes 3,000, the whole card 13,000. */
const PROGRESS_SHOWN = 2_900;
const EVENT_SHOWN = 600;
const REASON_SHOWN = 500;

export type CardOptions = {
  /** The slash command of this deployment, e.g. `/ecs`. */
  slash: string;
  /** Index of the first event that has no line in the thread yet. */
  logFrom: number;
};

/** Pure. Put again, each of them edits what is there. */
export function cards(request: ResizeRequest, options: CardOptions): Outgoing[] {
  return [card(request, options), ...log(request, options), ...(isFinal(request.state) ? [farewell(request)] : [])];
}

export function cardKey(requestId: string): string {
  return `resize:${requestId}:card`;
}

function card(request: ResizeRequest, options: CardOptions): Outgoing {
  const { state } = request;
  const blocks: (KnownBlock | null)[] = [
    header(`${EMOJI[state]} ${STATE_WORDS[state]} · ${shortName(request)}`),
    section(change(request)),
    partsOf(request),
    context(...preflightLines(request)),
    section(progress(request)),
    noteBlock(request, options),
    context(footer(request, options)),
    buttons(request),
  ];
  return {
    key: cardKey(request.id),
    teamId: request.requester.teamId,
    to: { channelId: request.channelId },
    text: summary(request),
    blocks: blocks.filter((block) => block !== null),
  };
}

/** The whole card in one line, for notifications and screen readers. */
export function summary(request: ResizeRequest): string {
  const { plan, state } = request;
  const reason = request.reason ? ` Reason: ${voice.text(truncate(request.reason, REASON_SHOWN))}.` : '';
  const last = request.events.at(-1);
  const news = last && last.kind !== 'asked' ? ` ${eventLine(request, last, voice)} (${voice.time(last.at)}).` : '';
  const text = `${EMOJI[state]} ${STATE_WORDS[state]}: resize of ${voice.name(plan.server.name)} from ${flavor(plan.from)} to ${flavor(plan.to)}, requested by ${voice.person(request.requester)} (${request.id}).${reason}${news}${deadline(request)}`;
  return truncate(text, LIMITS.messageText);
}

function change({ plan }: ResizeRequest): string {
  const { from, to } = plan;
  const cpu = `${from.vcpus} → ${to.vcpus} vCPU`;
  const ram = `${memoryWords(from.ramMiB)} → ${memoryWords(to.ramMiB)} RAM`;
  return `Resize ${voice.name(plan.server.name)}: ${voice.name(from.name)} → ${voice.name(to.name)}\n${cpu}, ${ram}`;
}

function partsOf(request: ResizeRequest): KnownBlock {
  const votes = request.approvals.map((vote) => `${voice.person(vote.by)}, ${voice.time(vote.at)}`);
  const nobody = isFinal(request.state) ? 'nobody' : 'nobody yet';
  return fields([
    `*Requested by*\n${voice.person(request.requester)}, ${voice.time(request.createdAt)}`,
    `*Approved by*\n${votes.join('\n') || nobody}`,
    `*Project*\n${voice.name(request.plan.project.name)}`,
    `*Reason*\n${request.reason ? voice.text(truncate(request.reason, REASON_SHOWN)) : 'none given'}`,
  ]);
}

function preflightLines(request: ResizeRequest): string[] {
  return request.preflight.map(({ level, text }) => `${level === 'ok' ? '✅ OK:' : '⚠️ Note:'} ${voice.text(text)}`);
}

/** The newest events that fit: what was cut off the end would be what matters most. */
function progress(request: ResizeRequest): string {
  const lines: string[] = [];
  let room = PROGRESS_SHOWN;
  for (const event of request.events.toReversed()) {
    const line = `${voice.time(event.at)}  ${truncate(eventLine(request, event, voice), EVENT_SHOWN)}`;
    room -= line.length + 1;
    if (room < 0) break;
    lines.unshift(line);
  }
  const left = request.events.length - lines.length;
  return [...(left > 0 ? [`… ${left} earlier`] : []), ...lines].join('\n');
}

function noteBlock(request: ResizeRequest, { slash }: CardOptions): ContextBlock | null {
  if (request.held) {
    const waiting = voice.person(request.held.for);
    return context(
      `🔑 ${waiting}: sign in with \`${slash} login\`, with access to project ${voice.name(request.plan.project.name)}; it goes on by itself after that.`,
    );
  }
  return request.note ? context(`🕒 ${noteText(request, request.note)}`) : null;
}

const TRYING: Record<ActKind, string> = {
  stop: 'stopping',
  resize: 'resizing',
  confirm: 'confirming',
  revert: 'reverting',
  start: 'starting',
};

function noteText(request: ResizeRequest, note: Note): string {
  const since = `since ${voice.time(note.since)}`;
  const server = voice.name(request.plan.server.name);
  switch (note.kind) {
    case 'slow':
      return `Still ${STATE_WORDS[request.state].toLowerCase()} ${since}: the cloud takes its time and has not failed.`;
    case 'locked':
      return `${server} is locked, ${since}. It goes on when somebody unlocks it, or fails after ten minutes.`;
    case 'busy':
      return `${server} is busy with something else (${voice.name(note.task)}), ${since}. It goes on after that.`;
    case 'cloud_away':
      return awaySentence(voice.time(note.since), note.away);
    case 'uncertain':
      return `It is uncertain whether the cloud is ${TRYING[note.act]} the server: looking, ${since}, before anything is repeated.`;
    case 'retrying':
      return `The cloud is not ready for ${TRYING[note.act]} it, ${since}; it is asked again.${note.said ? ` It said: ${voice.text(truncate(note.said, 300))}` : ''}`;
    default:
      return unreachable(note);
  }
}

function footer(request: ResizeRequest, { slash }: CardOptions): string {
  const typed = { awaiting_approval: 'approve', awaiting_confirmation: 'confirm' }[request.state as string];
  return `Request ${request.id}.${deadline(request)}${typed ? ` Or type \`${slash} ${typed} ${request.id}\`` : ''}`;
}

/** When, and what happens then. */
function deadline(request: ResizeRequest): string {
  if (request.state === 'awaiting_approval') return ` Expires ${voice.time(request.approveBy)} unless approved before.`;
  if (request.state !== 'awaiting_confirmation' || request.confirmBy === null) return '';
  return ` Confirmed automatically ${voice.time(request.confirmBy)} unless reverted before.`;
}

function log(request: ResizeRequest, { logFrom }: CardOptions): Outgoing[] {
  return request.events.flatMap((event, index) => {
    const text = index < logFrom ? null : logLine(request, event, voice);
    return text === null ? [] : [logMessage(request, index, text)];
  });
}

function logMessage(request: ResizeRequest, index: number, text: string): Outgoing {
  return {
    key: `resize:${request.id}:log:${index}`,
    teamId: request.requester.teamId,
    to: { channelId: request.channelId },
    under: cardKey(request.id),
    text: truncate(text, LIMITS.messageText),
  };
}

/** To the requester alone, when it is over. */
function farewell(request: ResizeRequest): Outgoing {
  return {
    key: `resize:${request.id}:dm`,
    teamId: request.requester.teamId,
    to: { userId: request.requester.userId },
    text: summary(request),
  };
}

function flavor(facts: ResizeRequest['plan']['from']): string {
  return `${voice.name(facts.name)} (${capacity(facts)})`;
}
