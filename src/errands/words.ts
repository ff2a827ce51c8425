// How the steps of an errand are called, and why they do not work: plain text, one function per moment.
import { unreachable } from '../errors.ts';
import type { Task, Thing } from './task.ts';

/** `Create disk`, `Creating disk`, `Created disk`; the names follow. */
export type Verb = { todo: string; doing: string; done: string };

const VERBS: Record<Exclude<Task['kind'], 'remove'>, Verb> = {
  make_disk: { todo: 'Create disk', doing: 'Creating disk', done: 'Created disk' },
  attach_disk: { todo: 'Attach disk', doing: 'Attaching disk', done: 'Attached disk' },
  detach_disk: { todo: 'Detach disk', doing: 'Detaching disk', done: 'Detached disk' },
  make_network: { todo: 'Create network', doing: 'Creating network', done: 'Created network' },
  make_subnet: { todo: 'Create subnet', doing: 'Creating subnet', done: 'Created subnet' },
  make_port: { todo: 'Create port', doing: 'Creating port', done: 'Created port' },
  attach_port: { todo: 'Attach NIC', doing: 'Attaching NIC', done: 'Attached NIC' },
  detach_port: { todo: 'Detach NIC', doing: 'Detaching NIC', done: 'Detached NIC' },
};

export function verbOf(task: Task): Verb {
  if (task.kind !== 'remove') return VERBS[task.kind];
  return { todo: `Remove ${task.thing}`, doing: `Removing ${task.thing}`, done: `Removed ${task.thing}` };
}

/** What follows the name, e.g. ` to web-1`; `name` quotes names. */
export function placeOf(task: Task, name: (text: string) => string): string {
  switch (task.kind) {
    case 'attach_disk':
    case 'attach_port':
      return ` to ${name(task.server.name)}`;
    case 'detach_disk':
    case 'detach_port':
      return ` from ${name(task.server.name)}`;
    case 'make_disk':
      return ` (${[`${task.sizeGiB} GiB`, ...[task.type, task.zone].flatMap((part) => (part === null ? [] : [name(part)]))].join(', ')})`;
    case 'make_subnet':
      return ` (${task.cidr})`;
    case 'make_port':
      return task.address === null ? '' : ` (${task.address})`;
    case 'make_network':
    case 'remove':
      return '';
    default:
      return unreachable(task);
  }
}

type Object = Thing | 'NIC' | 'server';

export function goneSentence(what: Object, name: string): string {
  return `The ${what} ${name} is gone: somebody deleted it meanwhile.`;
}

/** Of what was made just now, with nothing in it yet. `word` is the cloud's. */
export function brokenSentence(what: Object, name: string, word: string): string {
  return `The ${what} ${name} is in state ${word}, and the cloud does not say why. Remove it and try again, or ask the cloud operators.`;
}

/** Of a disk that was there before. `word` is the cloud's. */
export function brokenDiskSentence(name: string, word: string): string {
  return `The disk ${name} is in state ${word}, and the cloud does not say why. What is on it may still be intact: ask the cloud operators before anything else is done with it.`;
}

export function notDeletedSentence(name: string, word: string): string {
  return `The cloud could not delete the disk ${name}: it is in state ${word}. Ask the cloud operators for it.`;
}

export function elsewhereSentence(what: 'disk' | 'port', name: string): string {
  return `The ${what} ${name} is in use by another server by now. Detach it there first, or choose another one.`;
}

export function lockedSentence(server: string): string {
  return `${server} is locked, so nothing can be attached or detached. Have it unlocked, then try again.`;
}

export function stateSentence(server: string, status: string): string {
  const advice =
    status === 'VERIFY_RESIZE' ? 'Confirm or revert its resize first.' : 'Bring it to ACTIVE or SHUTOFF first.';
  return `${server} is ${status}, and in that state the cloud attaches and detaches nothing. ${advice}`;
}

/** `said` is the cloud's own text. */
export function unseenSentence(said: string): string {
  return `The cloud does not let you look at how it goes${said ? `: “${said}”` : '.'} Ask somebody whose role allows it.`;
}

export function unclearSentence(name: string, ids: string[]): string {
  return `The cloud did not answer, and now shows several new ones called ${name} (${ids.join(', ')}): I cannot tell which is mine. Look at them, remove what is too much, and go on with the id.`;
}

/** `said` is the cloud's own text. */
export function refusedSentence(task: Task, said: string | null): string {
  return `The cloud refused to ${lower(verbOf(task).todo)}${said ? `: “${said}”` : '.'} ${adviceOn(task)}`;
}

function adviceOn({ kind }: Task): string {
  switch (kind) {
    case 'make_disk':
      return 'Look at its type and zone, then try again.';
    case 'make_network':
      return 'Take another name, or ask the cloud operators.';
    case 'make_subnet':
      return 'Take another address range.';
    case 'make_port':
      return 'Take another address, or leave it to the cloud.';
    case 'attach_disk':
    case 'detach_disk':
      return 'Look at the disk and the server, then try again.';
    case 'attach_port':
    case 'detach_port':
      return 'Look at the NICs of the server, then try again.';
    case 'remove':
      return 'Something may still use it: look at it, then try again.';
    default:
      return unreachable(kind);
  }
}

export function quotaSentence(task: Task, said: string | null): string {
  return `The project's quota does not allow to ${lower(verbOf(task).todo)}${said ? `: “${said}”` : '.'} Free something, or have the quota raised.`;
}

export function forbiddenSentence(task: Task, said: string | null): string {
  const what = `allow to ${lower(verbOf(task).todo)}${said ? `: “${said}”` : '.'}`;
  // The same status where no role would help.
  if (task.kind === 'detach_port')
    return `The cloud does not ${what} Some clouds keep a server's first NIC; if it is your role, ask somebody who has it.`;
  return `Your role in the cloud does not ${what} Ask somebody who has it.`;
}

export function accountSentence(task: Task, said: string | null): string {
  return `The account in the cloud is restricted, so it does not let you ${lower(verbOf(task).todo)}${said ? `: “${said}”` : '.'} Ask whoever manages the account.`;
}

export function stuckSentence(task: Task, word: string | null, minutes: number): string {
  const seen = word === null ? '' : ` (the cloud says ${word})`;
  return `${verbOf(task).doing} has not come to an end in ${minutes} minutes${seen}. It may still do so; look at it, or ask the cloud operators.`;
}

export function nothingHappenedSentence(task: Task, requestId: string | null): string {
  const reference = requestId ? ` (their reference: ${requestId})` : '';
  return `The cloud took the order to ${lower(verbOf(task).todo)}, but nothing came of it. Try again, or ask the cloud operators${reference}.`;
}

export function triedOftenSentence(task: Task, said: string | null): string {
  return `The cloud could not ${lower(verbOf(task).todo)}, although it was asked several times${said ? `: “${said}”` : '.'} Try again later.`;
}

export function busySentence(task: Task, word: string, minutes: number): string {
  return `Could not ${lower(verbOf(task).todo)} for ${minutes} minutes, because something else is being done there (${word}). Try again after that.`;
}

/** For the middle of a sentence; `NIC` stays what it is. */
export function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
