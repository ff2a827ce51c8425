// What the cloud says no to after everything was approved: in its own words, with what they mean and what to do next.
import { describe, expect, it } from 'vitest';
import { CloudError, type CloudErrorKind } from '../../src/openstack/errors.ts';
import { sendAct } from '../../src/resize/act.ts';
import { advance } from '../../src/resize/advance.ts';
import type { ServerSeen } from '../../src/resize/plan.ts';
import { settle } from '../../src/resize/settle.ts';
import type { ActKind, ResizeRequest, ResizeState } from '../../src/resize/request.ts';
import { ALICE, PROJECT } from './house/house.ts';
import { createNova } from './house/nova.ts';
import { intention, LARGE, MINUTE, request, seen, shown, T0, VOTE } from './house/requests.ts';

type Said = { kind: CloudErrorKind; code?: string | null; said?: string };

/** The order is sent and refused; then the server is looked at. */
async function refused(act: ActKind, { kind, code = null, said = '' }: Said, looks: Partial<ServerSeen>) {
  const before = running(act);
  const facts = { method: 'POST', url: 'http://nova/action', status: 400, requestId: null, retryAfterMs: null };
  const error = new CloudError({ ...facts, kind, code, serviceMessage: said, unsent: false });
  const cloud = { ...createNova(() => T0).cloud(PROJECT.id), call: () => Promise.reject(error) };
  const outcome = await sendAct(
    before,
    { act, by: ALICE },
    { cloudFor: () => Promise.resolve(cloud), now: () => T0, stillMine: () => Promise.resolve(true) },
  );
  if (!outcome) throw new Error('not sent');
  const step = advance(settle(before, outcome, T0), seen(looks), T0 + 1);
  if (step.do === 'look') throw new Error('wants to see more');
  return step.request;
}

const STATES: Record<ActKind, ResizeState> = {
  stop: 'stopping',
  resize: 'resizing',
  confirm: 'confirming',
  revert: 'reverting',
  start: 'starting',
};

function running(act: ActKind): ResizeRequest {
  return request({
    state: STATES[act],
    approvals: [VOTE],
    intention: intention(act, { answer: null }),
    due: T0,
    ...(act === 'start' && { outcome: { state: 'succeeded', said: null } }),
  });
}

const OFF = { status: 'SHUTOFF' };
const RESIZED = { status: 'VERIFY_RESIZE', vmState: 'resized', flavor: shown(LARGE) };

describe('a resize that the cloud refuses', () => {
  it.each<[what: string, Said, sentence: string]>([
    [
      'the flavor it has',
      { kind: 'bad_request', code: 'badRequest', said: 'When resizing, instances must change flavor!' },
      'The cloud refused to resize the server. It said: “When resizing, instances must change flavor!” web-1 keeps flavor s2.small. Choose another flavor, or ask the cloud operators.',
    ],
    [
      'a flavor that was deleted or disabled meanwhile',
      { kind: 'bad_request', code: 'badRequest', said: 'Flavor 13 could not be found.' },
      'It said: “Flavor 13 could not be found.” web-1 keeps flavor s2.small. Choose another flavor',
    ],
    [
      'a flavor without a disk for a server that boots from an image',
      {
        kind: 'bad_request',
        said: 'Server disk was unable to be resized because: Resize to zero disk flavor is not allowed.',
      },
      'Resize to zero disk flavor is not allowed.” web-1 keeps flavor s2.small. Choose another flavor',
    ],
    [
      'a quota that was used up meanwhile',
      {
        kind: 'quota',
        said: 'Quota exceeded for cores, ram: Requested 4, 8192, but already used 18, 45056 of 20, 51200 cores, ram',
      },
      "of 20, 51200 cores, ram” web-1 keeps flavor s2.small. The project's quota is used up: free something, have it raised, or ask for a smaller flavor.",
    ],
    [
      'a role that was taken away',
      { kind: 'forbidden', said: "Policy doesn't allow os_compute_api:servers:resize to be performed." },
      'The role of whoever it was asked for does not allow it: have it granted, or let somebody do it who has it.',
    ],
    [
      'the flavor it has, by the native API',
      { kind: 'bad_request', code: 'Ecs.0810', said: 'The target flavor equals the current one.' },
      'The cloud refused to resize the server: it has that flavor already (Ecs.0810). It said: “The target flavor equals the current one.”',
    ],
    [
      'a flavor that was withdrawn, by the native API',
      { kind: 'bad_request', code: 'Ecs.0029', said: 'no' },
      'there is no such flavor any more (Ecs.0029)',
    ],
    [
      'a frozen server, by the native API',
      { kind: 'bad_request', code: 'Ecs.0030', said: 'no' },
      'the server is frozen (Ecs.0030)',
    ],
    [
      'a flavor without capacity, by the native API',
      { kind: 'bad_request', code: 'Ecs.0319', said: 'no' },
      'there is no room for this flavor (Ecs.0319)',
    ],
    [
      'an account that may not',
      { kind: 'forbidden', code: 'Ecs.0067', said: 'Insufficient balance.' },
      'The cloud refused to resize the server: the account is restricted, about which whoever manages it knows more (Ecs.0067). It said: “Insufficient balance.” web-1 keeps flavor s2.small.',
    ],
    ['and does not say why', { kind: 'bad_request' }, 'The cloud refused to resize the server. web-1 keeps flavor'],
  ])('because of %s', async (_what, said, sentence) => {
    const after = await refused('resize', said, OFF);
    expect(after.outcome?.said).toContain(sentence);
    // It ran before, so it is started again.
    expect(after).toMatchObject({ state: 'starting', outcome: { state: 'failed' } });
    expect(after.outcome?.said?.includes('The role of')).toBe(said.kind === 'forbidden' && said.code !== 'Ecs.0067');
  });
});

describe('the other orders', () => {
  it('a stop that is refused leaves the server running, and says whose role is missing', async () => {
    const after = await refused('stop', { kind: 'forbidden', said: "Policy doesn't allow stop." }, {});
    expect(after.state).toBe('failed');
    expect(after.events.at(-1)?.said).toBe(
      "The cloud refused to stop the server. It said: “Policy doesn't allow stop.” The role of whoever it was asked for does not allow it: have it granted, or let somebody do it who has it.",
    );
  });

  it.each(['confirm', 'revert'] as const)('a %s that is refused is asked for again', async (act) => {
    const after = await refused(act, { kind: 'forbidden', said: 'no role' }, RESIZED);
    expect(after).toMatchObject({ state: 'awaiting_confirmation', chosen: null, intention: null });
    expect(after.events.at(-1)).toMatchObject({ kind: 'not_taken' });
    expect(after.events.at(-1)?.said).toContain(`The cloud refused to ${act} the resize. It said: “no role”`);
  });

  it('a start that is refused says that the server is off, and that the resize stands', async () => {
    const after = await refused('start', { kind: 'forbidden', said: 'no role' }, { ...OFF, flavor: shown(LARGE) });
    expect(after.events.at(-1)?.said).toMatch(/^Resized to c1\.large\. The cloud refused to start the server\./);
    expect(after.events.at(-1)?.said).toContain('web-1 ran before and is not running now');
  });
});

describe('an order that the server’s state does not allow', () => {
  /** Refused with a 409 or the like at T0, again and again. */
  const conflict = (act: ActKind) =>
    request({
      state: STATES[act],
      approvals: [VOTE],
      intention: intention(act, { answer: { kind: 'conflict', at: T0, requestId: null, said: 'Cannot while busy' } }),
      due: T0,
    });
  const at = (ms: number, looks: Partial<ServerSeen>) => {
    return advance(conflict('resize'), { ...seen(looks, []), at: T0 + ms }, T0 + ms);
  };

  it.each<[string, Partial<ServerSeen>, note: object]>([
    ['is locked', { ...OFF, locked: true }, { kind: 'locked' }],
    ['has a task of somebody else', { ...OFF, taskState: 'image_snapshot' }, { kind: 'busy', task: 'image_snapshot' }],
    ['shows no reason', OFF, { kind: 'retrying', said: 'Cannot while busy' }],
  ])('waits, and says for what, while it %s', (_what, looks, note) => {
    expect(at(1_000, looks)).toMatchObject({ do: 'rest', request: { state: 'resizing', note } });
  });

  it.each<[string, Partial<ServerSeen>]>([
    ['the lock is gone', OFF],
    ['the server was started by somebody', {}],
  ])('is sent again after a while once %s', (_what, looks) => {
    expect(at(16_000, looks)).toMatchObject({ do: 'act', act: 'resize', request: { intention: { attempt: 2 } } });
  });

  it.each<[string, Partial<ServerSeen>, sentence: RegExp]>([
    [
      'was locked',
      { ...OFF, locked: true },
      /for ten minutes, because it is locked\. Have it unlocked, then ask again/,
    ],
    [
      'was busy',
      { ...OFF, taskState: 'image_snapshot' },
      /busy with something else \(image_snapshot\) for ten minutes/,
    ],
    [
      'was started by somebody where only what is shut off is resized',
      {},
      /somebody started it meanwhile, and this cloud resizes only a server that is shut off/,
    ],
    ['showed no reason', OFF, /the cloud did not allow it in its present state/],
  ])('is given up after ten minutes in which the server %s', (_what, looks, sentence) => {
    const step = at(11 * MINUTE, looks);
    const after = step.do === 'look' ? null : step.request;
    expect(after?.outcome?.said ?? after?.events.at(-1)?.said).toMatch(sentence);
  });

  it.each(['PAUSED', 'SUSPENDED', 'RESCUE'])('is given up when the server stays %s, with what to do', (status) => {
    const first = at(1_000, { status });
    if (first.do !== 'rest') throw new Error(first.do);
    expect(first.request).toMatchObject({ state: 'resizing', note: { kind: 'busy', task: status } });
    const later = advance(first.request, { ...seen({ status }), at: T0 + 12 * MINUTE }, T0 + 12 * MINUTE);
    expect(later).toMatchObject({ do: 'rest', request: { state: 'failed' } });
    expect(later.do === 'rest' && later.request.events.at(-1)?.said).toContain(
      `web-1 has been ${status} for ten minutes, which this request did not cause. Bring it back to ACTIVE or SHUTOFF`,
    );
  });
});

describe('a server in ERROR', () => {
  it.each([
    [
      { code: 500, message: 'No space left on host' },
      'web-1 is in status ERROR: No space left on host. It may be down.',
    ],
    [{ code: 500, message: 'Lost!' }, 'web-1 is in status ERROR: Lost! It may be down.'],
    [{ code: 500, message: '' }, 'web-1 is in status ERROR. It may be down.'],
    [null, 'web-1 is in status ERROR. It may be down. A hard reboot can help; otherwise ask the cloud operators'],
  ])('is told with the fault if there is one: %j', (fault, sentence) => {
    const step = advance(running('resize'), seen({ status: 'ERROR', fault }, []), T0 + 1);
    expect(step).toMatchObject({ do: 'rest', request: { state: 'failed' } });
    expect(step.do === 'rest' && step.request.events.at(-1)?.said).toContain(sentence);
  });
});
