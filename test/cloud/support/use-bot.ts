// The whole bot before the cloud under test: real app, real Redis, a simulated workspace, people who talk.
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { createClock } from '../../support/clock.ts';
import { openCloud, openWorkspace } from '../../support/outside.ts';
import { freePort, startRedis, type TestRedis } from '../../support/redis.ts';
import { hurry, openBot, type Bot, type BotOptions, type Citizen } from '../../support/world.ts';
import type { Account, CloudUnderTest, Offer } from './cloud-under-test.ts';
import { botEnvironment, readEnvironment } from './environment.ts';
import { openOpenStack } from './openstack.ts';
import { asUnderTest, SIMULATED } from './simulated.ts';
import { REAL, useCloud, type CloudHouse } from './use-cloud.ts';

export type Cast = Pick<Bot, 'alice' | 'bob'>;

export type BotHouse = CloudHouse & {
  /** Whether people can sign in by OpenID Connect. */
  openId: Offer<true>;
  /** A workspace of its own with a bot of its own, for one test; nobody is signed in. */
  open(): Promise<Cast>;
  /** The same, with both signed in by application credentials. `env`: what the bot is told otherwise. */
  openSignedIn(env?: Record<string, string>): Promise<Cast>;
  /** By an application credential of their own, which is deleted after the test. */
  signsInByCredential(person: Citizen): Promise<void>;
  /** By the identity provider's own pages. */
  signsInByOpenId(person: Citizen): Promise<void>;
};

/** A cloud, and what a bot has to know and be to stand before it. */
type Ground = Pick<BotOptions, 'now' | 'manner'> & {
  under: CloudUnderTest;
  /** Where the bot listens: identity providers know people's way back to it. */
  port: number;
  env: Record<string, string>;
  openId: Offer<true>;
};

/** How long people look at Slack for what a real cloud has to do first. */
const READING_MS = 90_000;

/** What a conversation takes by itself: Slack lets a message be edited every few seconds. */
const TALK_MS = 120_000;

export async function useBot(): Promise<BotHouse> {
  const ground = REAL ? await realGround() : await simulatedGround();
  const house = await useCloud(ground.under);
  vi.setConfig({ testTimeout: TALK_MS + ground.under.patienceMs * 6 });
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  afterAll(async () => redis.close());
  const { people } = ground.under;
  const accountOf = ({ name }: Citizen): Account =>
    name === 'bob' && 'given' in people.colleague ? people.colleague.given : people.member;
  const signsInByCredential = async (person: Citizen): Promise<void> => {
    const account = accountOf(person);
    const credential = await ground.under.addCredential(account, {});
    house.after(async () => ground.under.removeCredential(account, credential.id));
    await person.entersCredential(credential);
    await person.seesPrivately('Signed in as');
  };
  const open = async (told: Record<string, string> = {}): Promise<Cast> => {
    const { slack, env } = await openWorkspace({ botPort: ground.port, now: ground.now, slack: { rateLimits: true } });
    closers.push(async () => slack.close());
    const onClose = (close: () => Promise<void>): void => void closers.push(close);
    return openBot({ ...ground, outside: { slack, env: { ...env, ...ground.env, ...told } }, redis, onClose });
  };
  return {
    ...house,
    openId: ground.openId,
    open,
    signsInByCredential,
    async openSignedIn(told) {
      const cast = await open(told);
      await Promise.all([cast.alice, cast.bob].map(signsInByCredential));
      return cast;
    },
    async signsInByOpenId(person) {
      const { name, password } = accountOf(person);
      await person.signsIn(name, password);
    },
  };
}

/** Nobody hurries a real cloud: time is what it is. */
async function realGround(): Promise<Ground> {
  const under = await openOpenStack(process.env);
  const env = botEnvironment(process.env);
  return {
    under,
    port: readEnvironment(process.env).botPort ?? (await freePort()),
    env: { ...env, POLL_INTERVAL: '0.5' },
    openId: env['OIDC_ISSUER_URL'] ? { given: true } : { missing: 'no identity provider is named (OIDC_*)' },
    now: Date.now,
    manner: { patienceMs: READING_MS },
  };
}

async function simulatedGround(): Promise<Ground> {
  const clock = createClock();
  const port = await freePort();
  const { cloud, env, close } = await openCloud({ botPort: port, now: clock.now, cloud: SIMULATED });
  return {
    under: asUnderTest(cloud, close),
    port,
    env,
    openId: { given: true },
    now: clock.now,
    manner: { whileWaiting: () => hurry(clock) },
  };
}
