// What several journeys begin with.
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

type Cast = Pick<World, 'alice' | 'bob'>;
type Change = { server?: string; flavor?: string };

/** Alice asks, and everybody sees the card. */
export async function asked({ alice }: Cast, { server = 'web-1', flavor = 'c1.2xlarge' }: Change = {}): Promise<void> {
  await alice.says(`/ecs resize ${server} ${flavor}`);
  await alice.seesOnCard(`Awaiting approval · ${server}`);
}

/** … and Bob approves. */
export async function approved(cast: Cast, change: Change = {}): Promise<void> {
  await asked(cast, change);
  await cast.bob.clicks('Approve');
}

/** … and the cloud has resized it. */
export async function resized(cast: Cast, change: Change = {}): Promise<void> {
  await approved(cast, change);
  await cast.alice.seesOnCard(`Awaiting confirmation · ${change.server ?? 'web-1'}`);
}

/** The request's id, as the card shows it. */
export async function requestId({ alice }: Cast): Promise<string> {
  const { text } = await alice.seesOnCard(/R-[A-Z0-9]{4}/);
  return /R-[A-Z0-9]{4}/.exec(text)?.[0] ?? '';
}

/** How often the cloud was told to do something to a server. */
export function orders({ cloud }: Pick<World, 'cloud'>, server = 'web-1'): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { action } of cloud.actionsOf(server)) counts[action] = (counts[action] ?? 0) + 1;
  const { create: _create, ...rest } = counts;
  return rest;
}

/** Where changes wait to be finished: the cloud finishes what it is at, and Alice confirms when asked, until the card says this. */
export async function runsOn({ alice, cloud, clock }: World, wanted: string, server = 'web-1'): Promise<void> {
  let chosen = false;
  const goesOn = async () => {
    clock.advance(100);
    if (cloud.isChanging(server)) cloud.finish(server);
    if (!chosen && alice.canClick('Confirm')) {
      chosen = true;
      await alice.clicks('Confirm');
    }
    return alice.card()?.text.includes(wanted);
  };
  await until(goesOn, `the card to say ${wanted}`);
}
