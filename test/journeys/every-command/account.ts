// Signing in and out, and where somebody works.
import { expect } from 'vitest';
import { HOUR } from '../../support/clock.ts';
import type { World } from '../../support/world.ts';
import {
  APOLOGY,
  failing,
  inSetting,
  type Table,
  tells,
  tellsWithoutCloud,
  told,
  unanswered,
  withoutCloud,
} from './journey.ts';

const SIGN_IN = { method: 'POST', path: /\/auth\/tokens$/ };
const REVOKE = { method: 'DELETE', path: /\/auth\/tokens$/ };
/** How a person's token comes about anew, behind their back. */
const RENEW = { path: /\/identity\/v3\/.*auth/ };

const NOT_SIGNED_IN = 'You are not signed in to the cloud. Type “/ecs login” first.';

async function entersCredential({ bob, cloud }: World): Promise<void> {
  const credential = cloud.applicationCredential('bob', 'demo');
  const { text } = await bob.hears(() => bob.entersCredential(credential), 'whether that signs in');
  expect(text).toMatch(APOLOGY);
}

async function signsOut(world: World): Promise<string> {
  return told(world, world.alice, 'logout');
}

async function isOut(world: World, said: string): Promise<void> {
  expect(said).toMatch(/You are signed out[^]*revoked, but [12] could not be: they end by themselves/);
  expect(await told(world, world.alice, 'list')).toContain(NOT_SIGNED_IN);
}

/** The token is too old by now, and the next one has to be asked for. */
async function regionAfterAnHour(world: World): Promise<string> {
  return told(world, world.alice, 'region RegionTwo');
}

export const ACCOUNT: Table = {
  login: {
    success: inSetting('lobby', async (world) => {
      await world.carol.signsIn();
      expect(await told(world, world.carol, 'whoami')).toContain('You are carol in the cloud.');
    }),
    refusal: inSetting('lobby', async (world) => {
      expect(await told(world, world.bob, 'login 123-456')).toContain(
        'No sign-in of yours is waiting for a code. Type “/ecs login” and open the link first.',
      );
    }),
    cloudError: inSetting('lobby', async (world) => {
      await failing(world, { call: SIGN_IN, fault: 500 }, () => entersCredential(world));
      expect(await told(world, world.bob, 'whoami')).toContain(NOT_SIGNED_IN);
    }),
    timeout: inSetting('lobby', async (world) => {
      await unanswered(world, { call: SIGN_IN, done: true }, () => entersCredential(world));
      expect(await told(world, world.bob, 'whoami')).toContain(NOT_SIGNED_IN);
    }),
  },
  logout: {
    success: inSetting('lobby', async (world) => {
      await world.alice.signsIn();
      expect(await signsOut(world)).toMatch(/\d tokens were revoked and everything held for you is forgotten/);
      expect(world.cloud.livingTokens().filter(({ user }) => user === 'alice')).toEqual([]);
    }),
    // Nobody is ever kept from signing out; but there may be nothing to do.
    refusal: inSetting('lobby', async (world) => {
      expect(await signsOut(world)).toContain('You are signed out; no token was held for you.');
    }),
    cloudError: inSetting('lobby', async (world) => {
      await world.alice.signsIn();
      await isOut(world, await failing(world, { call: REVOKE, fault: 500, times: 9 }, () => signsOut(world)));
    }),
    timeout: inSetting('lobby', async (world) => {
      await world.alice.signsIn();
      await isOut(world, await unanswered(world, { call: REVOKE, done: false, times: 9 }, () => signsOut(world)));
    }),
  },
  whoami: {
    success: tells('whoami', /You are alice in the cloud\.[^]*Project here\s+demo/),
    // The one thing that can stand in its way.
    refusal: inSetting('lobby', async (world) => {
      expect(await told(world, world.bob, 'whoami')).toContain(NOT_SIGNED_IN);
    }),
    cloudError: tellsWithoutCloud('whoami', 'You are alice in the cloud.'),
    timeout: { cannot: 'It asks the cloud nothing: with the cloud out of reach it answers as ever, shown beside.' },
  },
  project: {
    success: inSetting('crossing', async (world) => {
      expect(await told(world, world.alice, 'project ops')).toContain('You work in project ops now.');
      expect(await told(world, world.alice, 'list')).toContain('There are no servers in project ops.');
    }),
    refusal: tells('project dem', 'You have no project dem. Near it: demo.'),
    cloudError: inSetting('crossing', async (world) => {
      const text = await withoutCloud(world, () => told(world, world.alice, 'project demo'));
      expect(text).toContain('You work in project demo now.');
    }),
    timeout: { cannot: 'It asks the cloud nothing: with the cloud out of reach it answers as ever, shown beside.' },
  },
  region: {
    success: inSetting('crossing', async (world) => {
      await told(world, world.alice, 'project demo');
      expect(await told(world, world.alice, 'region RegionTwo')).toContain('You work in region RegionTwo now.');
      expect(await told(world, world.alice, 'list')).toContain('web-1');
    }),
    refusal: inSetting('crossing', async (world) => {
      await told(world, world.alice, 'project demo');
      expect(await told(world, world.alice, 'region RegionTree')).toContain('There is no region RegionTree');
    }),
    cloudError: inSetting('crossing', async (world) => {
      await told(world, world.alice, 'project demo');
      world.clock.advance(2 * HOUR);
      const text = await failing(world, { call: RENEW, fault: 500, times: 9 }, () => regionAfterAnHour(world));
      expect(text).toMatch(APOLOGY);
    }),
    timeout: inSetting('crossing', async (world) => {
      await told(world, world.alice, 'project demo');
      world.clock.advance(2 * HOUR);
      const text = await unanswered(world, { call: RENEW, done: false, times: 9 }, () => regionAfterAnHour(world));
      expect(text).toMatch(APOLOGY);
    }),
  },
};
