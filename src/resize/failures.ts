// Why a request failed, in plain text: what happened, how the server stands, what can be done.
import { unreachable } from '../errors.ts';
import { isAboutAccount } from '../openstack/errors.ts';
import type { ActionSeen } from './observation.ts';
import type { Plan, ServerSeen } from './plan.ts';
import type { ActAnswer, ActKind } from './request.ts';

const DOING: Record<ActKind, string> = {
  stop: 'stop the server',
  resize: 'resize the server',
  confirm: 'confirm the resize',
  revert: 'revert the resize',
  start: 'start the server',
};

/** What the steps of Nova's that can fail do, by their event names (reference B.9). */
const NOVA_STEPS: Record<string, string> = {
  conductor_migrate_server: 'finding a host with enough room',
  cold_migrate: 'finding a host with enough room',
  compute_prep_resize: 'preparing the host',
  compute_resize_instance: 'moving the disks',
  compute_finish_resize: 'starting on the new host',
  compute_confirm_resize: 'confirming',
  compute_revert_resize: 'going back',
  compute_finish_revert_resize: 'going back',
  compute_stop_instance: 'stopping',
  compute_start_instance: 'starting',
};

/** Nova tried, gave up, and left the server as it was: only its record of actions tells. */
export function gaveUpSentence(plan: Plan, act: ActKind, action: ActionSeen): string {
  const step = action.failedEvent && NOVA_STEPS[action.failedEvent];
  const where = action.failedEvent ? ` while ${step ?? 'working'} (${action.failedEvent})` : '';
  const kept = act === 'resize' ? ` ${plan.server.name} keeps flavor ${plan.from.name}.` : '';
  const advice =
    act === 'resize'
      ? ' Most often no host has room for it: try again later, choose another flavor, or ask the cloud operators'
      : ' Try again, or ask the cloud operators';
  return `The cloud took the order to ${DOING[act]} and gave it up${where}.${kept}${advice} (their reference: ${action.requestId}).`;
}

/** What the native API's codes mean to people (reference C.7). */
const NATIVE_CODES: Record<string, string> = {
  'Ecs.0009': 'it has that flavor already',
  'Ecs.0810': 'it has that flavor already',
  'Ecs.0029': 'there is no such flavor any more',
  'Ecs.0030': 'the server is frozen',
  'Ecs.0207': 'it could not be resized',
  'Ecs.0209': 'the resize could not be completed',
  'Ecs.0319': 'there is no room for this flavor',
  'Ecs.0001': 'the quota is used up',
};

const RESTRICTED = 'the account is restricted, about which whoever manages it knows more';

function meaningOf(code: string | null | undefined): string | undefined {
  return isAboutAccount({ code: code ?? null }) ? RESTRICTED : NATIVE_CODES[code ?? ''];
}

/** `code` and `reason` are the cloud's, of the part of the job that failed. */
export function jobFailedSentence(
  plan: Plan,
  { code, reason }: { code: string | null; reason: string | null },
  flavor: 'old' | 'new' | 'unclear',
): string {
  const meaning = meaningOf(code);
  const said = reason === null ? '' : ` It said: “${reason.slice(0, 300)}”`;
  const why = meaning === undefined ? (code === null ? '' : ` (${code})`) : `: ${meaning} (${code})`;
  const now = {
    old: ` keeps flavor ${plan.from.name}`,
    new: ` has flavor ${plan.to.name} all the same`,
    unclear: ' is in between: look at it',
  };
  return `The cloud began to resize the server and gave it up${why}.${said} ${plan.server.name}${now[flavor]}. Try again later, choose another flavor, or ask the cloud operators.`;
}

export function nothingHappenedSentence(plan: Plan, act: ActKind, requestId: string | null): string {
  const reference = requestId ? ` (their reference: ${requestId})` : '';
  return `The cloud took the order to ${DOING[act]}, but ${plan.server.name} has not changed since. Try again, or ask the cloud operators${reference}.`;
}

/** What the cloud said is quoted: its own words differ with every reason, and its status does not. */
export function refusedSentence(
  plan: Plan,
  act: ActKind,
  { said, because, code }: Pick<ActAnswer, 'said' | 'because' | 'code'>,
): string {
  const meaning = meaningOf(code);
  const why = meaning === undefined ? '' : `: ${meaning} (${code})`;
  const quote = said === null ? '' : ` It said: “${said.slice(0, 250)}”`;
  const kept = act === 'resize' ? ` ${plan.server.name} keeps flavor ${plan.from.name}.` : '';
  return `The cloud refused to ${DOING[act]}${why}.${quote}${kept}${adviceOn(act, because)}`;
}

function adviceOn(act: ActKind, because: ActAnswer['because']): string {
  switch (because) {
    case 'quota':
      return " The project's quota is used up: free something, have it raised, or ask for a smaller flavor.";
    case 'forbidden':
      return ' The role of whoever it was asked for does not allow it: have it granted, or let somebody do it who has it.';
    case 'bad_request':
      return act === 'resize' ? ' Choose another flavor, or ask the cloud operators.' : ' Look at the server first.';
    case undefined:
      return '';
    default:
      return unreachable(because);
  }
}

export function triedOftenSentence(act: ActKind, said: string | null): string {
  return `The cloud could not ${DOING[act]}, although it was asked several times${said ? `: ${said}` : '.'} Try again later, or ask the cloud operators.`;
}

export function blockedSentence(
  plan: Plan,
  act: ActKind,
  server: Pick<ServerSeen, 'locked' | 'taskState' | 'status'>,
): string {
  const why = whyBlocked(act, server);
  return `Could not ${DOING[act]} ${plan.server.name} for ten minutes, because ${why}, then ask again.`;
}

function whyBlocked(act: ActKind, { locked, taskState, status }: Pick<ServerSeen, 'locked' | 'taskState' | 'status'>) {
  if (locked) return 'it is locked. Have it unlocked';
  if (taskState) return `it is busy with something else (${taskState}). Wait until that is over`;
  // Some clouds resize only what is shut off, and we had shut it off.
  if (act === 'resize' && status === 'ACTIVE')
    return 'somebody started it meanwhile, and this cloud resizes only a server that is shut off. See that it stays off';
  return 'the cloud did not allow it in its present state. Look at what else is being done to it';
}

/** `fault` is the cloud's own text. */
export function errorSentence(plan: Plan, fault: ServerSeen['fault']): string {
  const said = fault?.message ? `: ${fault.message}` : '';
  return `${plan.server.name} is in status ERROR${said}${/[.!?]$/.test(said) ? '' : '.'} It may be down. A hard reboot can help; otherwise ask the cloud operators before anything else is tried.`;
}

export function goneSentence(plan: Plan): string {
  return `${plan.server.name} no longer exists in project ${plan.project.name}: it was deleted meanwhile.`;
}

export function elsewhereSentence(plan: Plan, server: ServerSeen): string {
  const waits = server.status === 'VERIFY_RESIZE' ? ' It waits for a confirmation or a revert there.' : '';
  return `Somebody resized ${plan.server.name} by another way at the same time; this request leaves it alone.${waits} Look at the server, then ask again if it is still needed.`;
}

export function unusualSentence(plan: Plan, status: string): string {
  return `${plan.server.name} has been ${status} for ten minutes, which this request did not cause. Bring it back to ACTIVE or SHUTOFF, then look at its flavor.`;
}

export function targetGoneSentence(plan: Plan): string {
  return `Flavor ${plan.to.name} no longer exists. Ask again with another one.`;
}

/** Added when the server ran before and could not be started again. */
export function stillOffSentence(plan: Plan): string {
  return `${plan.server.name} ran before and is not running now: start it with the start command.`;
}
