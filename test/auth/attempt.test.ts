// The moves of a sign-in on its way: each stage ends by the clock, whatever Redis still holds.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asLink,
  awaitCode,
  comeHome,
  judgeCode,
  leave,
  newLink,
  showCode,
  type Attempt,
} from '../../src/auth/attempt.ts';
import type { SessionRecord } from '../../src/auth/record.ts';

const END = 1_000_000;
const BEFORE = END - 1;
const TRIP = { state: 'the-state', nonce: 'n', verifier: 'v' };
const RECORD: SessionRecord = {
  signInId: 's',
  cloudUser: { id: 'u', name: 'alice' },
  method: 'oidc',
  credential: null,
  unscoped: null,
  scoped: {},
  projects: [],
  projectId: null,
  region: null,
  onlyRole: null,
};

const link = newLink({ ticket: 'the-ticket', names: null, expiresAt: END });
const away = leave(link, { browser: 'the-browser', trip: TRIP, expiresAt: END });
const home = { state: 'the-state', browser: 'the-browser' };

function waitingFor(code: string): Attempt {
  const back = comeHome(away, home, BEFORE);
  if (back.kind !== 'go_on') throw new Error(`expected to go on, not ${back.kind}`);
  return awaitCode(back.next, { code, record: RECORD, expiresAt: END });
}

describe('a link', () => {
  it('opens for its ticket until its last moment', () => {
    expect(asLink(link, 'the-ticket', BEFORE)).toBe(link);
    expect(asLink(link, 'the-ticket', END)).toBeNull();
    expect(asLink(link, 'another', BEFORE)).toBeNull();
    expect(asLink(away, 'the-ticket', BEFORE)).toBeNull();
    expect(asLink(null, 'the-ticket', BEFORE)).toBeNull();
  });

  it('keeps no secret that would open it', () => {
    expect(JSON.stringify(link)).not.toContain('the-ticket');
    expect(JSON.stringify(away)).not.toContain('the-browser');
  });
});

describe('coming home', () => {
  it.each<
    [what: string, kind: string, given: { found?: Attempt | null; state?: string; browser?: null; now?: number }]
  >([
    ['in time, with all it left with', 'go_on', {}],
    ['at the last moment', 'unknown', { now: END }],
    ['with another state', 'unknown', { state: 'made up' }],
    ['without a cookie', 'other_browser', { browser: null }],
    ['without having left', 'unknown', { found: link }],
    ['to nothing', 'unknown', { found: null }],
    ['when all is done', 'unknown', { found: { stage: 'done', expiresAt: END } }],
    ['again, with the code on the page', 'code', { found: waitingFor('123456') }],
    ['again, too late for the code', 'unknown', { found: waitingFor('123456'), now: END }],
  ])('%s: %s', (_what, kind, given) => {
    const { found = away, now = BEFORE, ...rest } = given;
    expect(comeHome(found, { ...home, ...rest }, now).kind).toBe(kind);
  });

  it('twice at once: the second is told that the first is under way', () => {
    const first = comeHome(away, home, BEFORE);
    const next = first.kind === 'go_on' ? first.next : null;
    expect(comeHome(next, home, BEFORE).kind).toBe('in_progress');
  });
});

describe('a typed code', () => {
  const digits = fc.nat(999_999).map((number) => String(number).padStart(6, '0'));
  const noise = fc.constantFrom('', ' ', '-', '–', '—', '\u2011', '\n', '\u00a0', '*', '`');

  it('is right exactly when its digits are, whatever stands between them', () => {
    fc.assert(
      fc.property(digits, digits, noise, (code, typed, between) => {
        const dressed = typed.split('').join(between);
        const verdict = judgeCode(waitingFor(code), dressed, BEFORE).kind;
        expect(verdict).toBe(code === typed ? 'right' : 'wrong');
        expect(judgeCode(waitingFor(code), `${between}${showCode(code)}${between}`, BEFORE).kind).toBe('right');
      }),
    );
  });

  it('has five tries, the last of which is dead', () => {
    const kinds: string[] = [];
    let found: Attempt = waitingFor('123456');
    for (let tries = 0; tries < 6; tries += 1) {
      const verdict = judgeCode(found, '000000', BEFORE);
      kinds.push(verdict.kind);
      if ('next' in verdict) found = verdict.next;
    }
    expect(kinds).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'dead', 'used']);
  });

  it('is too late at the last moment, right or wrong', () => {
    expect(judgeCode(waitingFor('123456'), '123-456', END).kind).toBe('expired');
    expect(judgeCode(waitingFor('123456'), '000-000', END).kind).toBe('expired');
  });

  it('before there is one means nothing', () => {
    for (const found of [null, link, away]) expect(judgeCode(found, '123456', BEFORE).kind).toBe('nothing_waiting');
  });
});
