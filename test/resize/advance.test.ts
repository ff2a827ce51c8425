// State × what the cloud shows → what is done next.
import { describe, expect, it } from 'vitest';
import { advance } from '../../src/resize/advance.ts';
import type { Observation } from '../../src/resize/observation.ts';
import { settle } from '../../src/resize/settle.ts';
import type { ResizeRequest } from '../../src/resize/request.ts';
import type { ServerSeen } from '../../src/resize/plan.ts';
import { BOB } from './house/house.ts';
import { intention, LARGE, MINUTE, plan, request, seen, server, shown, SMALL, T0, VOTE } from './house/requests.ts';

const NEW = { flavor: shown(LARGE) };
const VERIFY: Partial<ServerSeen> = { status: 'VERIFY_RESIZE', vmState: 'resized', ...NEW };
const chosen = { kind: 'confirm' as const, by: BOB, at: T0 };

const stopping = request({ state: 'stopping', approvals: [VOTE], intention: intention('stop'), due: null });
const resizing = request({ state: 'resizing', approvals: [VOTE], intention: intention('resize'), due: null });
const waiting = request({ state: 'awaiting_confirmation', confirmBy: T0 + 60 * MINUTE, due: T0 + 60 * MINUTE });
const confirming = request({ state: 'confirming', chosen, intention: intention('confirm', { by: BOB }), due: null });
const reverting = request({
  state: 'reverting',
  chosen: { ...chosen, kind: 'revert' },
  intention: intention('revert'),
});
const starting = request({
  state: 'starting',
  outcome: { state: 'succeeded', said: null },
  intention: intention('start'),
});

type Row = [name: string, before: ResizeRequest, seen: Observation | null, after: string];

/** `state`, and `+act` when a call is made; `look` when it wants to see more. */
function outcome(before: ResizeRequest, observation: Observation | null, now = T0 + 2): string {
  const step = advance(before, observation, now);
  if (step.do === 'look') return `look ${step.look.kind}`;
  return step.do === 'act' ? `${step.request.state} +${step.act}` : step.request.state;
}

const ROWS: Row[] = [
  ['a running server that stops', stopping, seen({ taskState: 'powering-off' }), 'stopping'],
  ['a server that has stopped', stopping, seen({ status: 'SHUTOFF' }), 'resizing +resize'],
  ['a server that still runs', stopping, seen({}), 'look server'],
  ['a server resized by others while it was stopped', stopping, seen({ status: 'SHUTOFF', ...NEW }), 'starting +start'],
  ['a resize under way', resizing, seen({ status: 'RESIZE', taskState: 'resize_migrating' }), 'resizing'],
  ['a finished resize', resizing, seen(VERIFY), 'awaiting_confirmation'],
  ['a resize that Nova has not begun yet', resizing, seen({ status: 'SHUTOFF' }), 'look server'],
  ['a resize the cloud confirmed at once', resizing, seen({ status: 'SHUTOFF', ...NEW }), 'starting +start'],
  ['a resize to another flavor by others', resizing, seen({ ...VERIFY, flavor: { id: '99' } }), 'failed'],
  ['a broken server', resizing, seen({ status: 'ERROR', fault: { code: 500, message: 'x' } }), 'failed'],
  ['a broken server that a list gives no reason for', resizing, seen({ status: 'ERROR', fault: null }), 'look server'],
  ['a broken server that gives no reason itself', resizing, seen({ status: 'ERROR', fault: null }, []), 'failed'],
  ['a deleted server', resizing, { kind: 'gone', at: T0 + 1 }, 'failed'],
  ['a server the list shows as deleted', resizing, seen({ status: 'DELETED' }), 'failed'],
  ['a server nobody can see just now', resizing, seen({ status: 'UNKNOWN', flavor: null }), 'resizing'],
  ['a resized server nobody has chosen about', waiting, seen(VERIFY), 'awaiting_confirmation'],
  ['a resized server the cloud confirmed', waiting, seen({ status: 'SHUTOFF', ...NEW }), 'starting +start'],
  [
    'a resized server somebody reverts by another way',
    waiting,
    seen({ status: 'REVERT_RESIZE' }),
    'awaiting_confirmation',
  ],
  [
    'a stopped server powering off at the end of such a revert',
    waiting,
    seen({ status: 'VERIFY_RESIZE', vmState: 'resized', taskState: 'powering-off' }),
    'awaiting_confirmation',
  ],
  ['a server that was reverted by another way', waiting, seen({ status: 'SHUTOFF' }), 'starting +start'],
  ['a confirmed server before Nova has done it', confirming, seen(VERIFY), 'look server'],
  ['a confirmed server, shut off', confirming, seen({ status: 'SHUTOFF', ...NEW }), 'starting +start'],
  ['a confirmed server, running already', confirming, seen({ status: 'ACTIVE', ...NEW }), 'succeeded'],
  ['a confirm that a revert was faster than', confirming, seen({ status: 'SHUTOFF' }), 'starting +start'],
  ['a revert under way', reverting, seen({ status: 'REVERT_RESIZE', taskState: 'resize_reverting' }), 'reverting'],
  ['a reverted server', reverting, seen({ status: 'SHUTOFF' }), 'starting +start'],
  ['a server that starts', starting, seen({ status: 'SHUTOFF', taskState: 'powering-on', ...NEW }), 'starting'],
  ['a started server', starting, seen({ status: 'ACTIVE', ...NEW }), 'succeeded'],
  ['nobody who could look', resizing, { kind: 'signed_out', at: T0 + 1, who: BOB }, 'needs_login'],
  ['a cloud that is away', resizing, { kind: 'away', at: T0 + 1, away: 'cloud', retryAfterMs: null }, 'resizing'],
];

describe('advance', () => {
  it.each(ROWS)('%s', (...row) => {
    const [, before, observation, after] = row;
    expect(outcome(before, observation)).toBe(after);
  });

  it('ignores a list that was asked for before its own last call was answered', () => {
    const late = { ...resizing, intention: intention('resize', { at: T0 + 5, answer: null }) };
    expect(outcome(late, seen({ status: 'SHUTOFF', ...NEW }))).toBe('resizing');
  });

  it('leaves what is over alone', () => {
    const over = request({ state: 'denied', due: null });
    expect(advance(over, seen({}), T0 + 999 * MINUTE)).toEqual({ do: 'rest', request: over });
  });
});

describe('a call whose answer nobody has', () => {
  const lost = (kind: 'lost' | 'error' | null) =>
    request({
      state: 'resizing',
      intention: intention('resize', { answer: kind && { kind, at: T0, requestId: null, said: null } }),
      due: T0,
    });
  const off = (...actions: { act: string; requestId: string; failed?: boolean }[]) =>
    seen({ status: 'SHUTOFF' }, [...actions, { act: 'create', requestId: 'req-0' }]);

  it.each([
    ['after a crash', null, 2_999, 'resizing'],
    ['after a crash', null, 3_000, 'resizing +resize'],
    ['after a timeout', 'lost', 59_999, 'resizing'],
    ['after a timeout', 'lost', 60_000, 'resizing +resize'],
    ['after a 500', 'error', 9_999, 'resizing'],
    ['after a 500', 'error', 10_000, 'resizing +resize'],
  ] as const)('is repeated %s (%s) only when nothing has shown it: %d ms → %s', (...row) => {
    const [, kind, ms, after] = row;
    expect(outcome(lost(kind), off(), T0 + ms)).toBe(after);
  });

  it.each([null, 'lost', 'error'] as const)('is taken as sent when the server has a new action (%s)', (kind) => {
    const step = advance(lost(kind), off({ act: 'resize', requestId: 'req-9' }), T0 + 90_000);
    expect(step).toMatchObject({
      do: 'rest',
      request: { state: 'resizing', intention: { answer: { kind: 'accepted', requestId: 'req-9' } } },
    });
  });

  it('is never repeated when the new action has failed', () => {
    const step = advance(lost(null), off({ act: 'resize', requestId: 'req-9', failed: true }), T0 + 90_000);
    expect(step).toMatchObject({
      do: 'act',
      act: 'start',
      request: { state: 'starting', outcome: { state: 'failed' } },
    });
  });

  it('errs on not repeating when the actions it remembers are gone from the list', () => {
    const purged = seen({ status: 'SHUTOFF' }, [{ act: 'resize', requestId: 'req-9' }]);
    expect(outcome(lost(null), purged, T0 + 90_000)).toBe('resizing');
  });

  it('is not looked into before the sender could have been dead for long enough', () => {
    expect(outcome(lost(null), null, T0 - 1)).toBe('resizing');
  });
});

describe.each([
  ['confirm', confirming],
  ['revert', reverting],
] as const)('a %s that was taken', (_act, before) => {
  it.each([2, 61_000, 20 * MINUTE])(
    'is waited for while nothing shows it, %d ms and longer, and not sent again',
    (ms) => {
      const step = advance(before, { ...seen(VERIFY, []), at: T0 + ms }, T0 + ms);
      expect(step).toMatchObject({ do: 'rest', request: { state: before.state, intention: { attempt: 1 } } });
      expect(step.do === 'rest' && step.request.note?.kind === 'slow').toBe(ms > 10 * MINUTE);
    },
  );
});

describe('before the run', () => {
  const approved = request({ state: 'approved', approvals: [VOTE], due: T0 });
  const look = (changes: Partial<ServerSeen>): Observation => ({
    kind: 'before_run',
    at: T0,
    server: server(changes),
    actions: [],
    plan: plan({ server: changes }),
    preflight: { objection: null, lines: [] },
  });

  it.each<[string, Partial<ServerSeen>, string]>([
    ['an unchanged server that runs', {}, 'stopping +stop'],
    ['a server with a new disk', { volumeIds: ['v1'] }, 'awaiting_approval'],
    ['a server that was shut off meanwhile', { status: 'SHUTOFF' }, 'awaiting_approval'],
    ['a server with another name', { name: 'web-2' }, 'awaiting_approval'],
    ['a busy server', { taskState: 'image_snapshot' }, 'approved'],
    ['a locked server', { locked: true }, 'approved'],
  ])('%s', (_name, changes, after) => {
    expect(outcome(approved, look(changes))).toBe(after);
  });

  it('ends with the reason when it has become impossible', () => {
    const objection = { code: 'quota' as const, sentence: 'It lacks 2 more cores.' };
    const step = advance(approved, { ...look({}), preflight: { objection, lines: [] } } as Observation, T0);
    expect(step).toMatchObject({ request: { state: 'failed', events: [{}, { said: 'It lacks 2 more cores.' }] } });
  });

  it('ends when the target flavor is gone', () => {
    expect(outcome(approved, { kind: 'target_gone', at: T0 })).toBe('failed');
  });
});

describe('an answer', () => {
  const sent = request({ state: 'stopping', intention: intention('stop', { answer: null }), approvals: [VOTE] });
  const answered = (kind: 'accepted' | 'conflict' | 'refused' | 'later' | 'error' | 'lost') =>
    settle(sent, { kind, at: T0, requestId: 'req-1', said: null, retryAfterMs: 20_000 }, T0);

  it.each([
    ['accepted', 15_000],
    ['conflict', 0],
    ['refused', 0],
    ['error', 0],
    ['lost', 0],
    ['later', 20_000],
  ] as const)('%s is followed by a look after %d ms', (kind, ms) => {
    expect((answered(kind).due ?? 0) - T0).toBe(ms);
  });

  it('of "signed out" on an untouched server has the approval checked again after the sign-in', () => {
    expect(settle(sent, { kind: 'signed_out' }, T0)).toMatchObject({
      state: 'needs_login',
      held: { state: 'approved' },
      intention: null,
    });
  });

  it('of "signed out" after the stop goes on with the resize', () => {
    const stopped = request({ state: 'resizing', intention: intention('resize', { answer: null }) });
    expect(settle(stopped, { kind: 'signed_out' }, T0)).toMatchObject({ held: { state: 'resizing' }, intention: null });
  });
});

it('knows flavors by id where a cloud shows only ids', () => {
  const before = { ...resizing, plan: plan({ from: SMALL }) };
  expect(outcome(before, seen({ status: 'VERIFY_RESIZE', vmState: 'resized', flavor: { id: LARGE.id } }))).toBe(
    'awaiting_confirmation',
  );
});

/** What only looks like a change costs a lease and a save for every request that waits. */
it.each([
  ['stopping', stopping, seen({ taskState: 'powering-off' })],
  ['resizing', resizing, seen({ status: 'RESIZE', taskState: 'resize_migrating' })],
  ['reverting', reverting, seen({ status: 'REVERT_RESIZE', taskState: 'resize_reverting' })],
  ['starting', starting, seen({ status: 'SHUTOFF', taskState: 'powering-on' })],
])('a server that is %s and looks as it did leaves the request itself as it is', (_state, before, observation) => {
  const once = advance(before, observation, T0 + 2);
  const known = once.do === 'rest' ? once.request : null;

  const again = known && advance(known, observation, T0 + 2);

  expect(known).not.toBeNull();
  expect(again?.do === 'rest' && again.request).toBe(known);
});
