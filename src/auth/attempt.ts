// One sign-in on its way, from the link to the typed code, and the moves it can make. Pure.
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { PersonNames } from './login.ts';
import type { Trip } from './oidc.ts';
import { sessionRecord, type SessionRecord } from './record.ts';

const names = z.object({ userName: z.string().nullable(), teamName: z.string().nullable() }).nullable();
const trip = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });

/** Each stage has a deadline of its own, in ms since the epoch. Secrets that come back to us are kept as digests. */
export const attempt = z.discriminatedUnion('stage', [
  /** The link waits to be opened. */
  z.object({ stage: z.literal('link'), expiresAt: z.number(), names, ticket: z.string() }),
  /** The browser is at the identity provider. */
  z.object({ stage: z.literal('away'), expiresAt: z.number(), names, browser: z.string(), trip }),
  /** It is back, and the cloud is being asked; nobody else may use its code. */
  z.object({ stage: z.literal('returning'), expiresAt: z.number(), names, browser: z.string(), state: z.string() }),
  /** All is there but the proof that the browser and the Slack user are one person. */
  z.object({
    stage: z.literal('code'),
    expiresAt: z.number(),
    names,
    browser: z.string(),
    state: z.string(),
    code: z.string(),
    triesLeft: z.number(),
    record: sessionRecord,
  }),
  z.object({ stage: z.literal('done'), expiresAt: z.number() }),
]);

export type Attempt = z.infer<typeof attempt>;
export type Stage<S extends Attempt['stage']> = Extract<Attempt, { stage: S }>;

/** Six digits can be typed on a phone; with so few tries a guess succeeds once in 200,000 sign-ins. */
const TRIES = 5;

export function newLink(facts: { ticket: string; names: PersonNames | null; expiresAt: number }): Stage<'link'> {
  return { stage: 'link', ...facts, ticket: digest(facts.ticket) };
}

/** The attempt as a link, if `ticket` opens it and there is time left. */
export function asLink(found: Attempt | null, ticket: string, now: number): Stage<'link'> | null {
  return found?.stage === 'link' && now < found.expiresAt && found.ticket === digest(ticket) ? found : null;
}

export function leave(link: Stage<'link'>, facts: { browser: string; trip: Trip; expiresAt: number }): Stage<'away'> {
  return { stage: 'away', names: link.names, ...facts, browser: digest(facts.browser) };
}

/** What a browser that comes back with `state` finds. */
export type Homecoming =
  | { kind: 'go_on'; from: Stage<'away'>; next: Stage<'returning'> }
  /** The page was reloaded: the code is shown again. */
  | { kind: 'code'; waiting: Stage<'code'> }
  | { kind: 'in_progress' }
  /** Expired, replaced by a newer link, finished, or never ours. */
  | { kind: 'unknown' }
  | { kind: 'other_browser' };

export function comeHome(
  found: Attempt | null,
  { state, browser }: { state: string; browser: string | null },
  now: number,
): Homecoming {
  if (found === null || found.stage === 'link' || found.stage === 'done') return { kind: 'unknown' };
  const expected = found.stage === 'away' ? digest(found.trip.state) : found.state;
  if (now >= found.expiresAt || expected !== digest(state)) return { kind: 'unknown' };
  if (browser === null || found.browser !== digest(browser)) return { kind: 'other_browser' };
  if (found.stage === 'code') return { kind: 'code', waiting: found };
  if (found.stage === 'returning') return { kind: 'in_progress' };
  const { names: named, expiresAt, browser: kept } = found;
  return {
    kind: 'go_on',
    from: found,
    next: { stage: 'returning', names: named, expiresAt, browser: kept, state: expected },
  };
}

export function awaitCode(
  from: Stage<'returning'>,
  facts: { code: string; record: SessionRecord; expiresAt: number },
): Stage<'code'> {
  return { ...from, ...facts, stage: 'code', triesLeft: TRIES };
}

/** What a typed code does. */
export type Verdict =
  | { kind: 'right'; next: Stage<'done'>; record: SessionRecord }
  | { kind: 'wrong'; next: Stage<'code'> }
  | { kind: 'dead'; next: Stage<'done'>; record: SessionRecord }
  | { kind: 'nothing_waiting' }
  | { kind: 'expired' }
  | { kind: 'used' };

export function judgeCode(found: Attempt | null, typed: string, now: number): Verdict {
  if (found?.stage === 'done') return { kind: 'used' };
  if (found?.stage !== 'code') return { kind: 'nothing_waiting' };
  if (now >= found.expiresAt) return { kind: 'expired' };
  const done = { stage: 'done' as const, expiresAt: found.expiresAt };
  if (isSame(digits(typed), found.code)) return { kind: 'right', next: done, record: found.record };
  if (found.triesLeft <= 1) return { kind: 'dead', next: done, record: found.record };
  return { kind: 'wrong', next: { ...found, triesLeft: found.triesLeft - 1 } };
}

/** `123456` → `123-456`: read aloud and copied more easily in two halves. */
export function showCode(code: string): string {
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}

/** People add blanks, line ends and every kind of dash. */
function digits(typed: string): string {
  return typed.normalize('NFKC').replaceAll(/\D/g, '');
}

/** Takes the same time wherever the difference is: digests have one length and say nothing about what they stand for. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

/** Of secrets with 256 random bits only, so it needs no salt and cannot be guessed back. */
export function digest(secret: string): string {
  return sha256(secret).toString('base64url');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
