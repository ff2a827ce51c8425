import { describe, expect, it } from 'vitest';
import type { FaultKind } from '../simulators/cloud/faults.ts';
import { until } from '../support/until.ts';
import { useDecks } from './deck.ts';
import { countOf, expectOneOfEach, killAndRestart, PACE, playToTheEnd, type Choice } from './play.ts';

const decks = useDecks();

const INTERRUPTIONS: [action: string, choice: Choice][] = [
  ['os-stop', 'Confirm'],
  ['resize', 'Confirm'],
  ['confirmResize', 'Confirm'],
  ['revertResize', 'Revert'],
  ['os-start', 'Confirm'],
];

const AFTER_CHOICE = new Set(['confirmResize', 'revertResize', 'os-start']);

const FATES: [fate: string, fault: FaultKind][] = [
  ['was carried out', 'hang_after'],
  ['never arrived', 'hang'],
];

describe.each(FATES)('killed while a call is under way that %s', (_fate, fault) => {
  it.each(INTERRUPTIONS)('(%s), it is not made twice', async (action, choice) => {
    const deck = await decks.open({ cloud: { pace: PACE } });
    await deck.alice.signsIn();
    await deck.bob.signsIn();
    await deck.alice.says('/ecs resize web-1 c1.2xlarge');
    await deck.reaches('awaiting_approval');
    deck.cloud.failNext({ match: { method: 'POST', action }, with: fault });
    await deck.bob.clicks('Approve');
    if (AFTER_CHOICE.has(action)) {
      await deck.reaches('awaiting_confirmation');
      await deck.alice.clicks(choice);
    }
    await until(() => deck.cloud.countCalls({ method: 'POST', action }) > 0, `the ${action} call`);

    await killAndRestart(deck);
    await playToTheEnd(deck, choice);

    expectOneOfEach(deck, choice);
    expect(countOf(deck, 'stop')).toBe(1);
    expect(countOf(deck, 'start')).toBe(1);
  });
});
