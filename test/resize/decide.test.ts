// Every click in every state: done, or a refusal that says by whom, since when, by which rule, what next.
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { decide } from '../../src/resize/decide.ts';
import { fourEyes } from '../../src/resize/policy.ts';
import { newRequestId, parseRequestId } from '../../src/resize/request-id.ts';
import type { DecisionKind, EventKind, ResizeRequest, ResizeState } from '../../src/resize/request.ts';
import type { Person } from '../../src/slack/reply.ts';
import { ALICE, BOB, CAROL } from './house/house.ts';
import { MINUTE, request, T0, VOTE } from './house/requests.ts';

const NOW = T0 + 5 * MINUTE;

function click(before: ResizeRequest, kind: DecisionKind, by: Person): string {
  try {
    const { request: after, refusal } = decide(before, { kind, by }, { now: NOW, policy: fourEyes, seen: null });
    return refusal ? refusal.code : after.state;
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
}

/** A request that came to this state the usual way. */
function inState(state: ResizeState): ResizeRequest {
  const story: Partial<Record<ResizeState, EventKind[]>> = {
    denied: ['denied'],
    cancelled: ['cancelled'],
    expired: ['expired'],
    confirming: ['approved', 'resized', 'confirming'],
    reverting: ['approved', 'resized', 'reverting'],
    succeeded: ['approved', 'resized', 'confirming', 'succeeded'],
    reverted: ['approved', 'resized', 'reverting', 'reverted'],
  };
  const events = (story[state] ?? (state === 'awaiting_approval' ? [] : (['approved'] as const))).map(
    (kind, index) => ({
      kind,
      at: T0 + index,
      by: BOB,
    }),
  );
  const approvals = state === 'awaiting_approval' || state === 'expired' ? [] : [VOTE];
  const held = state === 'needs_login' ? { held: { state: 'resizing' as const, for: ALICE } } : {};
  return request({ state, approvals, events: [{ kind: 'asked', at: T0, by: ALICE }, ...events], ...held });
}

describe('a click', () => {
  it.each<[ResizeState, Partial<Record<DecisionKind, string>>]>([
    ['awaiting_approval', { approve: 'approved', deny: 'denied', cancel: 'cancelled', confirm: 'wrong_state' }],
    ['approved', { approve: 'already_done', deny: 'already_done', cancel: 'cancelled', confirm: 'wrong_state' }],
    ['stopping', { approve: 'already_done', cancel: 'wrong_state', confirm: 'wrong_state', revert: 'wrong_state' }],
    ['resizing', { approve: 'already_done', cancel: 'wrong_state', confirm: 'wrong_state', revert: 'wrong_state' }],
    ['awaiting_confirmation', { approve: 'already_done', confirm: 'confirming', revert: 'reverting' }],
    ['confirming', { confirm: 'already_done', revert: 'already_done', cancel: 'wrong_state' }],
    ['reverting', { confirm: 'already_done', revert: 'already_done' }],
    ['needs_login', { approve: 'already_done', confirm: 'wrong_state', cancel: 'wrong_state' }],
    ['succeeded', { approve: 'already_done', confirm: 'already_done', revert: 'already_done', cancel: 'wrong_state' }],
    ['denied', { approve: 'already_done', deny: 'already_done', cancel: 'already_done', confirm: 'already_done' }],
    ['cancelled', { approve: 'already_done', cancel: 'already_done', revert: 'already_done' }],
    ['expired', { approve: 'expired', deny: 'expired', cancel: 'wrong_state', confirm: 'wrong_state' }],
    ['failed', { approve: 'already_done', confirm: 'wrong_state', revert: 'wrong_state' }],
  ])('on a request that is %s', (state, outcomes) => {
    const who = { approve: CAROL, deny: CAROL, cancel: ALICE, confirm: ALICE, revert: ALICE };
    const found = Object.fromEntries(
      (Object.keys(outcomes) as DecisionKind[]).map((kind) => [kind, click(inState(state), kind, who[kind])]),
    );
    expect(found).toEqual(outcomes);
  });

  it('names who was first and when, for people and for logs', () => {
    expect.assertions(2);
    try {
      decide(inState('denied'), { kind: 'approve', by: CAROL }, { now: NOW, policy: fourEyes, seen: null });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(error.message).toBe('Request R-7KQ2 was already denied by user UBOB at 2026-11-21 12:00 UTC.');
      expect(error.mrkdwn).toContain('already denied by <@UBOB> at <!date^');
    }
  });

  it('counts one person’s vote once where two are needed', () => {
    const two = { ...fourEyes, approvalsNeeded: () => 2 };
    const first = decide(request(), { kind: 'approve', by: BOB }, { now: NOW, policy: two, seen: null }).request;
    expect(first.state).toBe('awaiting_approval');
    expect(() => decide(first, { kind: 'approve', by: BOB }, { now: NOW, policy: two, seen: null })).toThrow(
      'You already approved R-7KQ2',
    );
    const second = decide(first, { kind: 'approve', by: CAROL }, { now: NOW, policy: two, seen: null }).request;
    expect(second.state).toBe('approved');
  });

  it('keeps the reason of a denial', () => {
    const decision = { kind: 'deny' as const, by: BOB, reason: ' not this week ' };
    const { request: after } = decide(request(), decision, { now: NOW, policy: fourEyes, seen: null });
    expect(after.events.at(-1)).toEqual({ kind: 'denied', at: NOW, by: BOB, said: 'not this week' });
  });

  it('changes nothing it was given', () => {
    const before = request();
    const copy = structuredClone(before);
    decide(before, { kind: 'approve', by: BOB }, { now: NOW, policy: fourEyes, seen: null });
    expect(before).toEqual(copy);
  });
});

describe('a request id', () => {
  it('has no letters or digits that look alike', () => {
    const ids = Array.from({ length: 31 }, (_, index) => newRequestId((below) => index % below)).join('');
    expect(ids.replaceAll('R-', '')).not.toMatch(/[01ILO]/);
  });

  it.each([
    ['R-7KQ2', 'R-7KQ2'],
    [' r-7kq2 ', 'R-7KQ2'],
    ['7kq2', 'R-7KQ2'],
    ['r7kq2', 'R-7KQ2'],
    ['web-1', null],
    ['', null],
    ['R-7KQ2X', null],
  ])('is understood as people type it: %s', (typed, id) => {
    expect(parseRequestId(typed)).toBe(id);
  });
});
