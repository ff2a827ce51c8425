// However many commands find that their token has ended: one new one.
import { expect, it } from 'vitest';
import type { Call } from '../simulators/cloud/calls.ts';
import { HOUR } from '../support/clock.ts';
import { until } from '../support/until.ts';
import { useCountedWorlds, type CountedWorld } from './counted-world.ts';

const worlds = useCountedWorlds();

const COMMANDS = 100;

it('gets one new token for a hundred commands that find theirs ended', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  await world.alice.asks('/ecs list');
  world.clock.advance(2 * HOUR);

  const calls = await listsAHundredTimes(world);

  // The token that opened projects has ended as well, so it is a trip by the identity provider.
  expect(calls.filter(isTokenRequest).map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
    'POST /identity/v3/OS-FEDERATION/identity_providers/flight-idp/protocols/openid/auth 201',
    'POST /identity/v3/auth/tokens 201',
  ]);
  expect(calls.filter(isList).map(({ status }) => status)).toEqual(Array.from({ length: COMMANDS }, () => 200));
});

it('gets one new token for a hundred commands whose token the cloud refuses', async () => {
  const world = await worlds.open({ signedIn: ['alice'], cloud: { tokenCacheSeconds: 0 } });
  await world.alice.asks('/ecs list');
  world.cloud.operator.revokeAllTokens();

  const calls = await listsAHundredTimes(world);

  const issued = calls.filter((call) => isTokenRequest(call) && call.status === 201);
  expect(issued.filter(({ path }) => path.endsWith('/auth/tokens'))).toHaveLength(1);
  expect(calls.filter(isList).filter(({ status }) => status === 200)).toHaveLength(COMMANDS);
});

/** All at once; every one of them is answered with the servers. */
async function listsAHundredTimes({ alice, slack, cloud }: CountedWorld): Promise<Call[]> {
  const [callsBefore, answersBefore] = [cloud.calls.length, answers(slack.calls)];
  await Promise.all(Array.from({ length: COMMANDS }, () => alice.says('/ecs list')));
  await until(() => answers(slack.calls) === answersBefore + COMMANDS, `${COMMANDS} answers`);
  return cloud.calls.slice(callsBefore);
}

function answers(calls: { method: string; args: Record<string, unknown> }[]): number {
  return calls.filter(({ method, args }) => method === 'response_url' && /3 servers/.test(String(args['text']))).length;
}

function isTokenRequest({ path }: Call): boolean {
  return /\/auth\/tokens$|\/OS-FEDERATION\//.test(path);
}

function isList({ path }: Call): boolean {
  return path.includes('/servers/detail');
}
