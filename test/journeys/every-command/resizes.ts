// A resize, and the words that decide about one.
import { expect } from 'vitest';
import { MINUTE } from '../../support/clock.ts';
import type { Citizen, World } from '../../support/world.ts';
import { approved, asked, orders, requestId, resized } from '../steps.ts';
import { APOLOGY, aServer, failing, onDeck, type Row, type Table, told, unanswered, withoutCloud } from './journey.ts';

const RESIZE = { method: 'POST', action: 'resize' };
const LOOK = { method: 'GET', path: /\/servers\/[0-9a-f-]+$/ };

const resize: Row = {
  success: onDeck(async (world) => {
    const server = aServer(world);
    await resized(world, { server });
    expect(world.cloud.flavorOf(server)).toBe('c1.2xlarge');
  }),
  refusal: onDeck(async (world) => {
    const server = aServer(world);
    expect(await told(world, world.alice, `resize ${server} s2.small.2`)).toContain('Near it: s2.small.1');
    expect(orders(world, server)).toEqual({});
  }),
  cloudError: onDeck(async (world) => {
    const { alice, clock } = world;
    const server = aServer(world);
    await failing(world, { call: RESIZE, fault: 500 }, async () => {
      await approved(world, { server });
      await alice.seesOnCard('It is uncertain whether the cloud is resizing the server: looking, since');
    });
    clock.advance(2 * MINUTE);
    await alice.seesOnCard(`Awaiting confirmation · ${server}`);
    expect(orders(world, server)).toMatchObject({ resize: 1 });
  }),
  timeout: onDeck(async (world) => {
    const server = aServer(world);
    await unanswered(world, { call: RESIZE, done: true }, () => resized(world, { server }));
    await world.alice.seesOnCard(`Awaiting confirmation · ${server}`);
    expect(orders(world, server)).toMatchObject({ resize: 1 });
  }),
};

/** Bob decides with a word, about a request that Alice has just made. */
async function undecided(
  world: World,
  word: string,
): Promise<{ server: string; decides(by?: Citizen): Promise<string> }> {
  const server = aServer(world);
  await asked(world, { server });
  const id = await requestId(world);
  return { server, decides: (by = world.bob) => told(world, by, `${word} ${id}`) };
}

const approve: Row = {
  success: onDeck(async (world) => {
    const { server, decides } = await undecided(world, 'approve');
    expect(await decides()).toMatch(new RegExp(`Approved: R-\\w+, ${server} to c1.2xlarge.`));
    await world.alice.seesOnCard(`Awaiting confirmation · ${server}`);
  }),
  refusal: onDeck(async (world) => {
    const { server, decides } = await undecided(world, 'approve');
    expect(await decides(world.alice)).toMatch(/somebody else/i);
    await world.alice.seesOnCard(`Awaiting approval · ${server}`);
  }),
  cloudError: onDeck(async (world) => {
    const { server, decides } = await undecided(world, 'approve');
    expect(await failing(world, { call: LOOK, fault: 500, times: 9 }, decides)).toMatch(APOLOGY);
    expect(world.alice.card()?.text).toContain(`Awaiting approval · ${server}`);
    expect(orders(world, server)).toEqual({});
  }),
  timeout: onDeck(async (world) => {
    const { server, decides } = await undecided(world, 'approve');
    expect(await unanswered(world, { call: LOOK, done: false, times: 9 }, decides)).toMatch(APOLOGY);
    expect(world.alice.card()?.text).toContain(`Awaiting approval · ${server}`);
    expect(orders(world, server)).toEqual({});
  }),
};

const deny: Row = {
  success: onDeck(async (world) => {
    const { server, decides } = await undecided(world, 'deny');
    expect(await decides()).toContain('Denied: R-');
    await world.alice.seesOnCard(`Denied · ${server}`);
  }),
  refusal: onDeck(async (world) => {
    const { decides } = await undecided(world, 'deny');
    await decides();
    expect(await decides()).toContain('was already denied by @bob');
  }),
  cloudError: onDeck(async (world) => {
    const { server, decides } = await undecided(world, 'deny');
    expect(await failing(world, { call: LOOK, fault: 500, times: 9 }, decides)).toMatch(APOLOGY);
    expect(world.alice.card()?.text).toContain(`Awaiting approval · ${server}`);
  }),
  timeout: onDeck(async (world) => {
    const { server, decides } = await undecided(world, 'deny');
    expect(await unanswered(world, { call: LOOK, done: false, times: 9 }, decides)).toMatch(APOLOGY);
    expect(world.alice.card()?.text).toContain(`Awaiting approval · ${server}`);
  }),
};

const cancel: Row = {
  success: onDeck(async (world) => {
    const { server, decides } = await undecided(world, 'cancel');
    expect(await decides(world.alice)).toContain('Cancelled: R-');
    await world.bob.seesOnCard(`Cancelled · ${server}`);
  }),
  refusal: onDeck(async (world) => {
    const { server, decides } = await undecided(world, 'cancel');
    expect(await decides()).toMatch(/Only the person who asked for R-\w+ can cancel it\./);
    await world.alice.seesOnCard(`Awaiting approval · ${server}`);
  }),
  // It only takes back what nobody has begun: the cloud has no part in that.
  cloudError: onDeck(async (world) => {
    const { server, decides } = await undecided(world, 'cancel');
    expect(await withoutCloud(world, () => decides(world.alice))).toContain('Cancelled: R-');
    await world.bob.seesOnCard(`Cancelled · ${server}`);
  }),
  timeout: { cannot: 'It asks the cloud nothing: with the cloud out of reach it works as ever, shown beside.' },
};

type Choice = { word: 'confirm' | 'revert'; action: string; end: string; doing: string; flavor: string };

/** What ends a resize: sent once, looked for when the answer is lost. */
function choice({ word, action, end, doing, flavor }: Choice): Row {
  const chooses = async ({ alice }: World, server: string) => alice.says(`/ecs ${word} ${server}`);
  const ends = async (world: World, server: string) => {
    await world.alice.seesOnCard(`${end} · ${server}`);
    expect(world.cloud.flavorOf(server)).toBe(flavor);
    expect(orders(world, server)).toMatchObject({ resize: 1, [action]: 1 });
  };
  const atChoice = async (world: World): Promise<string> => {
    const server = aServer(world);
    await resized(world, { server });
    return server;
  };
  const sent = { method: 'POST', action };
  return {
    success: onDeck(async (world) => {
      const server = await atChoice(world);
      await chooses(world, server);
      await ends(world, server);
    }),
    refusal: onDeck(async (world) => {
      const { server, decides } = await undecided(world, word);
      expect(await decides(world.alice)).toMatch(/awaiting approval/i);
      expect(orders(world, server)).toEqual({});
    }),
    cloudError: onDeck(async (world) => {
      const server = await atChoice(world);
      await failing(world, { call: sent, fault: 500 }, async () => {
        await chooses(world, server);
        await world.alice.seesOnCard(`It is uncertain whether the cloud is ${doing} the server: looking, since`);
      });
      world.clock.advance(2 * MINUTE);
      await ends(world, server);
    }),
    timeout: onDeck(async (world) => {
      const server = await atChoice(world);
      await unanswered(world, { call: sent, done: true }, async () => {
        await chooses(world, server);
        await ends(world, server);
      });
    }),
  };
}

export const RESIZES: Table = {
  resize,
  approve,
  deny,
  cancel,
  confirm: choice({
    word: 'confirm',
    action: 'confirmResize',
    end: '✅ Resized',
    doing: 'confirming',
    flavor: 'c1.2xlarge',
  }),
  revert: choice({
    word: 'revert',
    action: 'revertResize',
    end: '↩️ Reverted',
    doing: 'reverting',
    flavor: 's2.small.1',
  }),
};
