// What every command is shown with, and the few moves that its four journeys are made of.
import { expect } from 'vitest';
import { matchesCall } from '../../simulators/cloud/calls.ts';
import type { FaultKind } from '../../simulators/cloud/faults.ts';
import { until } from '../../support/until.ts';
import type { Citizen, World } from '../../support/world.ts';
import type { Setting } from './settings.ts';

export const COLUMNS = {
  success: 'does what it is for',
  refusal: 'says no, and why',
  cloudError: 'says that the cloud failed, and leaves nothing half done unnamed',
  timeout: 'gives a silent cloud up in time, looks afterwards, and does nothing twice',
} as const;

export type Column = keyof typeof COLUMNS;

export type Journey =
  | { in: Setting; play(world: World): Promise<void> }
  /** There is nothing to show, for this reason. */
  | { cannot: string };

export type Row = Record<Column, Journey>;

/** By the words that are typed. */
export type Table = Record<string, Row>;

/** One kind of call to the cloud. */
export type Calls = { method?: string; path?: RegExp; action?: string };

export function inSetting(setting: Setting, play: (world: World) => Promise<void>): Journey {
  return { in: setting, play };
}

export const onDeck = (play: (world: World) => Promise<void>): Journey => inSetting('deck', play);

/** What the person is told, however often the bot tries before it tells them. */
export async function told({ clock }: Pick<World, 'clock'>, person: Citizen, line: string): Promise<string> {
  const { text } = await meanwhile(person.asks(`/ecs ${line}`), () => clock.advance(100));
  return text;
}

/** Types the line, sees this. */
export function tells(line: string, wanted: string | RegExp): Journey {
  return onDeck(async (world) => {
    expect(await told(world, world.alice, line)).toMatch(wanted);
  });
}

/** The same with the cloud out of reach: the bot needs nothing of it. */
export function tellsWithoutCloud(line: string, wanted: string | RegExp): Journey {
  return onDeck(async (world) => {
    expect(await withoutCloud(world, () => told(world, world.alice, line))).toMatch(wanted);
  });
}

export async function withoutCloud<T>({ cloud }: World, play: () => Promise<T>): Promise<T> {
  cloud.outage(true);
  try {
    return await play();
  } finally {
    cloud.outage(false);
  }
}

/** The call goes wrong this way, once unless told, and it is made. */
export async function failing<T>(
  { cloud }: World,
  { call, fault, times = 1 }: { call: Calls; fault: FaultKind; times?: number },
  play: () => Promise<T>,
): Promise<T> {
  const before = cloud.countCalls(call);
  cloud.failNext({ match: call, with: fault, times });
  try {
    const seen = await play();
    expect(cloud.countCalls(call)).toBeGreaterThan(before);
    return seen;
  } finally {
    cloud.clearFaults();
  }
}

/** The call is never answered, and carried out or not; the bot waits as long as it waits. */
export async function unanswered<T>(
  world: World,
  { call, done, times = 1 }: { call: Calls; done: boolean; times?: number },
  play: () => Promise<T>,
): Promise<T> {
  const { cloud, clock } = world;
  const over = () => cloud.calls.filter((one) => one.isOver && matchesCall(one, call)).length;
  let known = over();
  return failing(world, { call, fault: done ? 'hang_after' : 'hang', times }, () =>
    meanwhile(play(), () => {
      const count = over();
      if (count > known) clock.runOut();
      known = count;
    }),
  );
}

/** Nobody has the patience for Slack's three seconds between two edits of a card, unless what it says meanwhile matters. */
export async function hurried(world: World, play: () => Promise<void>): Promise<void> {
  await meanwhile(play(), () => world.clock.advance(100));
}

async function meanwhile<T>(waiting: Promise<T>, turn: () => void): Promise<T> {
  let over = false;
  const ends = (): void => {
    over = true;
  };
  waiting.then(ends, ends);
  await until(() => over || void turn(), 'what is going on to end', 100_000);
  return waiting;
}

export const APOLOGY = /The cloud does not answer properly at the moment\. Try again in a minute\. \(ref [0-9a-f]+\)/;

/** A command that only looks: told what it found, or in one sentence that it could not look. */
export function looks(line: string, { sees, refusal, needs, setting = 'deck' }: Look): Row {
  const asks = (world: World) => told(world, world.alice, line);
  const apologizes = async (asking: Promise<string>) => {
    const text = await asking;
    expect(text).toMatch(APOLOGY);
    expect(text).not.toMatch(/[{}<>]|fault/i);
  };
  return {
    success: inSetting(setting, async (world) => expect(await asks(world)).toMatch(sees)),
    refusal,
    cloudError: inSetting(setting, async (world) =>
      apologizes(failing(world, { call: needs, fault: 500, times: 9 }, () => asks(world))),
    ),
    timeout: inSetting(setting, async (world) =>
      apologizes(unanswered(world, { call: needs, done: false, times: 9 }, () => asks(world))),
    ),
  };
}

type Look = { sees: string | RegExp; refusal: Journey; needs: Calls; setting?: Setting };

/** The cloud does not let this person look. */
export function forbidden(line: string, call: Calls): Journey {
  return onDeck(async (world) => {
    const text = await failing(world, { call, fault: 403, times: 9 }, () => told(world, world.alice, line));
    expect(text).toContain('Your role in the cloud does not allow this.');
  });
}

/** A name that no journey has used before, also not when one is played again: `data-7`. */
export function fresh(base: string): string {
  used += 1;
  return `${base}-${used}`;
}

let used = 100;

/** A server that no other journey touches. */
export function aServer({ cloud }: World, vmState: 'active' | 'stopped' = 'active'): string {
  const name = fresh('app');
  cloud.addServer({ name, project: 'demo', flavor: 's2.small.1', user: 'alice', vmState });
  return name;
}
