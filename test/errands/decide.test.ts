// Clicks on an errand's card, as far as they need more than the errand itself: the clicker's own way into the cloud.
import { expect, it } from 'vitest';
import { type Errand, UNDO_MS } from '../../src/errands/errand.ts';
import { createErrands, newErrand } from '../../src/errands/errands.ts';
import { ALICE, order } from './house.ts';
import { createStockCloud } from './stock-cloud.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

function done(region: string): Errand {
  const undo = [{ kind: 'remove' as const, thing: 'disk' as const, it: { id: 'disk-1', name: 'data-1' } }];
  const made = newErrand({ ...order({ title: 'Create disk data-1', tasks: [], undo }), region }, NOW);
  return { ...made, announced: made.revision, state: 'done', undoUntil: NOW + UNDO_MS };
}

/** The clicker works in `region`. */
function errandsOf(errand: Errand, region: string) {
  let stored = errand;
  const errands = createErrands({
    records: {
      create: async () => ({ created: true }),
      get: async () => stored,
      update: async (_id, change) => (stored = change(stored) ?? stored),
      many: async () => [],
      due: async () => [],
      members: async () => [],
      holder: async () => null,
    },
    outbox: { put: async () => undefined },
    slash: '/ecs',
    cloudFor: async () => ({ ...createStockCloud(() => NOW).cloud, region }),
    wake: async () => undefined,
    now: () => NOW,
  });
  return { errands, stored: () => stored };
}

it('begins what a click asks for in the region that it belongs to', async () => {
  const { errands, stored } = errandsOf(done('eu-de'), 'eu-de');
  await errands.decide('E-1', { kind: 'undo', by: ALICE });
  expect(stored()).toMatchObject({ state: 'running', steps: [{ phase: 'undo' }] });
});

it('tells whoever works in another region by now to choose the right one, and begins nothing', async () => {
  const { errands, stored } = errandsOf(done('eu-de'), 'eu-nl');
  await expect(errands.decide('E-1', { kind: 'undo', by: ALICE })).rejects.toMatchObject({
    code: 'not_allowed',
    message: expect.stringContaining('This is in eu-de: choose it with the region command') as string,
  });
  expect(stored()).toEqual(done('eu-de'));
});
