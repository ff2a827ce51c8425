// Any order of clicks, deaths, outages, locks and waiting: nothing doubled, and everything ends.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isFinal, type Decision } from '../../src/resize/request.ts';
import type { Person } from '../../src/slack/reply.ts';
import { ALICE, BOB, CAROL, createHouse, MALLORY, SERVER, type House } from './house/house.ts';
import type { ActionWord, Fault } from './house/nova-wire.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

type Move =
  | { kind: 'click'; decision: Decision['kind']; by: Person }
  | { kind: 'clicks'; decisions: [Decision['kind'], Decision['kind']] }
  | { kind: 'pass'; seconds: number }
  | { kind: 'die'; after: number }
  | { kind: 'fault'; word: ActionWord; fault: Fault }
  | { kind: 'cloud'; away: boolean }
  | { kind: 'lock'; locked: boolean }
  | { kind: 'sign_in' | 'sign_out'; who: Person }
  | { kind: 'attach' }
  | { kind: 'elsewhere'; word: 'confirmResize' | 'revertResize' };

const decisions = fc.constantFrom<Decision['kind'][]>('approve', 'deny', 'cancel', 'confirm', 'revert');
const people = fc.constantFrom(ALICE, BOB, CAROL, MALLORY);
const words = fc.constantFrom<ActionWord[]>('os-stop', 'os-start', 'resize', 'confirmResize', 'revertResize');
const faults = fc.oneof(
  fc.constantFrom<Fault[]>({ kind: 'not_sent' }, { kind: 'answer_lost' }, { kind: 'no_host' }, { kind: 'breaks' }),
  fc.record({ kind: fc.constant('late' as const), seconds: fc.integer({ min: 1, max: 55 }) }),
  fc.record({
    kind: fc.constant('http' as const),
    status: fc.constantFrom<(429 | 500 | 503)[]>(429, 500, 503),
    done: fc.boolean(),
  }),
);

const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('click' as const), decision: decisions, by: people }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('clicks' as const), decisions: fc.tuple(decisions, decisions) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 5, max: 90 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('die' as const), after: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fault' as const), word: words, fault: faults }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cloud' as const), away: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lock' as const), locked: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('sign_in' as const, 'sign_out' as const), who: people }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'attach' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('elsewhere' as const),
      word: fc.constantFrom('confirmResize' as const, 'revertResize' as const),
    }),
  },
);

async function make(house: House, id: string, move: Move): Promise<void> {
  switch (move.kind) {
    case 'click':
      await house.click(id, { kind: move.decision, by: move.by }).catch(unlessTheCloudIsAway);
      return;
    case 'clicks':
      await Promise.all(
        move.decisions.map((kind, index) =>
          house.click(id, { kind, by: index === 0 ? ALICE : BOB }).catch(unlessTheCloudIsAway),
        ),
      );
      return;
    case 'pass':
      return house.pass(move.seconds * 1_000);
    case 'die':
      house.fate.killAt.add(house.fate.point + move.after);
      return;
    case 'fault':
      house.nova.fail(move.word, move.fault);
      return;
    case 'cloud':
      house.nova.world.away = move.away;
      return;
    case 'lock':
      house.nova.change(SERVER, { locked: move.locked });
      return;
    case 'sign_in':
      return house.signIn(move.who);
    case 'sign_out':
      house.signedIn.delete(move.who.userId);
      return;
    case 'attach':
      house.nova.change(SERVER, { volumes: ['data-1'] });
      return;
    case 'elsewhere':
      tryElsewhere(house, move.word);
  }
}

/** An approver's look at the server fails then; the person is told so, and nothing has happened. */
function unlessTheCloudIsAway(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'CloudError') throw error;
}

function tryElsewhere(house: House, word: ActionWord): void {
  try {
    house.nova.actElsewhere(SERVER, word);
  } catch {
    // Refused: the server is not waiting for it.
  }
}

/** Everything that was broken is mended, everybody is there again, and enough time goes by for every deadline. */
async function mend(house: House, id: string): Promise<void> {
  house.nova.world.away = false;
  house.nova.change(SERVER, { locked: false });
  for (const person of [ALICE, BOB, CAROL]) await house.signIn(person);
  for (let days = 0; days < 4 && !isFinal(house.read(id).state); days += 1) {
    await house.pass(20 * MINUTE);
    house.clock.at += DAY;
    await house.pass(15 * MINUTE);
  }
  // A process killed just before it told people is started again within this.
  await house.pass(MINUTE);
}

it('never doubles a call and always ends, whatever happens in whatever order', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moves, { minLength: 5, maxLength: 40 }), fc.boolean(), async (story, approvedFirst) => {
      const house = createHouse({ twice: true });
      house.nova.addServer(SERVER);
      const { id } = await house.ask();
      if (approvedFirst) await house.click(id, { kind: 'approve', by: BOB });
      for (const move of story) await make(house, id, move);
      await mend(house, id);

      const { state } = house.read(id);
      expect(isFinal(state), state).toBe(true);
      expect(house.nova.count('resize')).toBeLessThanOrEqual(1);
      expect(house.nova.count('confirmResize', 'revertResize')).toBeLessThanOrEqual(1);
      if (state === 'denied' || state === 'cancelled' || state === 'expired') expect(house.nova.accepted).toEqual([]);
      if (state === 'succeeded') expect(house.nova.servers.get(SERVER)?.flavor.name).toBe('c1.large');
      if (state === 'reverted') expect(house.nova.servers.get(SERVER)?.flavor.name).toBe('s2.small');
      expect(house.messages.get(`resize:${id}:dm`)).toBeDefined();
    }),
    { numRuns: 300 },
  );
});
