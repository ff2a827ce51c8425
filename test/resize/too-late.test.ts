// Somebody chose on the card, and somebody else, or the cloud itself, had chosen by another way before.
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, SERVER } from './house/house.ts';
import { card, failure, log, resized, words } from './house/scenes.ts';

/** Longer than the small Nova takes for either. */
const DONE_MS = 10_000;

describe.each([
  ['still at it, and answers 400', 0],
  ['done with it, and answers 409', DONE_MS],
])('a click that comes when the cloud is %s', (_when, waitMs) => {
  it('of Confirm on what was confirmed is taken as done', async () => {
    const { house, id } = await resized();
    house.nova.actElsewhere(SERVER, 'confirmResize');
    house.clock.at += waitMs;
    expect(await house.click(id, { kind: 'confirm', by: ALICE })).toBeNull();
    await house.until(id, 'succeeded');
    expect(words(house)).toEqual(['os-stop', 'resize', 'os-start']);
    expect(JSON.stringify(card(house, id)?.blocks)).not.toContain('too late');
  });

  it('of Revert on what was confirmed is told that it came too late', async () => {
    const { house, id } = await resized();
    house.nova.actElsewhere(SERVER, 'confirmResize');
    house.clock.at += waitMs;
    await house.click(id, { kind: 'revert', by: ALICE });
    await house.until(id, 'succeeded');
    expect(log(house, id)).toContain(
      'The cloud confirmed it by itself, or somebody did by another way: the revert came too late.',
    );
    expect(words(house)).toEqual(['os-stop', 'resize', 'os-start']);
    expect(card(house, id)?.text).toContain('has flavor `c1.large`');
  });

  it('of Confirm on what was reverted is told that it came too late', async () => {
    const { house, id } = await resized();
    house.nova.actElsewhere(SERVER, 'revertResize');
    house.clock.at += waitMs;
    await house.click(id, { kind: 'confirm', by: ALICE });
    await house.until(id, 'reverted');
    expect(log(house, id)).toContain('Reverted by another way than this card: the confirm came too late.');
    expect(words(house)).toEqual(['os-stop', 'resize', 'os-start']);
  });
});

it.each(['confirm', 'revert'] as const)(
  'makes one call of two clicks on %s, and tells the second who was first',
  async (kind) => {
    const { house, id } = await resized();
    expect(await house.click(id, { kind, by: ALICE })).toBeNull();
    const second = await house.click(id, { kind, by: BOB });
    expect(second).toMatchObject({
      code: 'already_done',
      mrkdwn: expect.stringMatching(/was already (confirmed|reverted) by <@UALICE>/),
    });
    await house.until(id, kind === 'confirm' ? 'succeeded' : 'reverted');
    expect(house.nova.count('confirmResize', 'revertResize')).toBe(1);
  },
);

it('says nothing of too late when nobody had clicked', async () => {
  const { house, id } = await resized();
  house.nova.actElsewhere(SERVER, 'revertResize');
  await house.until(id, 'reverted');
  expect(log(house, id)).toContain('Reverted by another way than this card.');
});

it.each(['confirm', 'revert'] as const)('says that the server is gone to who clicks %s after that', async (kind) => {
  const { house, id } = await resized();
  house.nova.change(SERVER, { deleted: true });
  await house.click(id, { kind, by: ALICE });
  await house.until(id, 'failed');
  expect(failure(house, id)).toBe('web-1 no longer exists in project demo: it was deleted meanwhile.');
});
