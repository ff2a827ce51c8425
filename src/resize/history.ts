// What happened, one line per event: the progress on the card and the log in its thread.
import { unreachable } from '../errors.ts';
import { lookers } from './observation.ts';
import { samePerson, type ResizeEvent, type ResizeRequest } from './request.ts';
import type { Voice } from './voice.ts';

/** Without the time. */
export function eventLine(request: ResizeRequest, event: ResizeEvent, voice: Voice): string {
  const by = event.by ? ` by ${voice.person(event.by)}` : '';
  const said = event.said ? `: ${voice.text(event.said)}` : '';
  const { plan } = request;
  switch (event.kind) {
    case 'asked':
      return `Asked for${by}`;
    case 'approved':
      return `Approved${by}`;
    case 'denied':
      return `Denied${by}${said}`;
    case 'cancelled':
      return `Cancelled${by}${said}`;
    case 'expired':
      return 'Expired, because nobody had approved it in time';
    case 'drifted':
      return `Votes are void, because the server has changed${said} Approve the new plan if it is right`;
    case 'stopping':
      return 'Stopping the server';
    case 'resizing':
      return `Resizing to ${voice.name(plan.to.name)}`;
    case 'resized':
      return `Resized to ${voice.name(plan.to.name)}, to be confirmed or reverted`;
    case 'confirming':
      return `Confirm chosen${by}`;
    case 'auto_confirming':
      return 'Confirmed automatically, because the deadline has passed';
    case 'cloud_confirmed':
      return `The cloud confirmed it by itself, or somebody did by another way${late(request, event, 'revert')}`;
    case 'reverting':
      return `Revert chosen${by}`;
    case 'cloud_reverted':
      return `Reverted by another way than this card${late(request, event, 'confirm')}`;
    case 'not_taken':
      return `Not done${said}`;
    case 'starting':
      return 'Starting the server again';
    case 'succeeded':
      return `Done: ${voice.name(plan.server.name)} has flavor ${voice.name(plan.to.name)} and is ${plan.running ? 'running' : 'shut off, as before'}`;
    case 'reverted':
      return `Done: ${voice.name(plan.server.name)} is back on flavor ${voice.name(plan.from.name)} and is ${plan.running ? 'running' : 'shut off, as before'}`;
    case 'failed':
      return `Failed${said}`;
    case 'needs_login':
      return event.by ? `Waiting until ${voice.person(event.by)} signs in` : 'Waiting for a sign-in';
    case 'resumed':
      return event.by ? `${voice.person(event.by)} is signed in again, going on` : 'Going on';
    default:
      return unreachable(event.kind);
  }
}

/** Whoever chose the other on the card just before is told what became of it. */
function late({ events }: ResizeRequest, event: ResizeEvent, other: 'confirm' | 'revert'): string {
  const before = events.slice(0, events.indexOf(event));
  const choice = before.findLast(({ kind }) => CHOICES[kind] !== undefined);
  return choice && CHOICES[choice.kind] === other ? `: the ${other} came too late` : '';
}

const CHOICES: Partial<Record<ResizeEvent['kind'], 'confirm' | 'revert' | 'none'>> = {
  confirming: 'confirm',
  auto_confirming: 'confirm',
  reverting: 'revert',
  not_taken: 'none',
};

/** The line for the thread; null for the steps in between, which the card itself shows with their times. */
export function logLine(request: ResizeRequest, event: ResizeEvent, voice: Voice): string | null {
  const line = eventLine(request, event, voice);
  switch (event.kind) {
    case 'asked':
    case 'stopping':
    case 'resizing':
    case 'starting':
      return null;
    case 'resized':
      return `${line}. ${choosers(request, voice)}: look at the server, then press Confirm or Revert on the card.`;
    case 'drifted':
    case 'failed':
    case 'not_taken':
      return `${voice.person(request.requester)} ${line}`;
    default:
      return /[.!?]$/.test(line) ? line : `${line}.`;
  }
}

/** Who may choose between confirm and revert, each once: a card that is only edited notifies nobody. */
function choosers(request: ResizeRequest, voice: Voice): string {
  const people = lookers(request);
  const once = people.filter((person, index) => people.findIndex((other) => samePerson(other, person)) === index);
  return once.map((person) => voice.person(person)).join(' ');
}
