// Killed at every point and every pair of points, every message delivered twice: one resize, one choice, one end.
import { describe, expect, it } from 'vitest';
import type { FinalState, ResizeRequest } from '../../src/resize/request.ts';
import { ALICE, BOB, createHouse, SERVER, type House } from './house/house.ts';
import type { ActionWord, Fault } from './house/nova-wire.ts';

const DAY = 24 * 60 * 60_000;

type End = { state: FinalState; word: string; flavor: string; accepted: Partial<Record<ActionWord, number>> };

/** What happens to the request besides being asked for and approved, and how it has to end. */
type Life = { choice: 'confirm' | 'revert' | 'nobody'; running: boolean; faults?: [ActionWord, Fault][]; end: End };

const RAN = { 'os-stop': 1, resize: 1, 'os-start': 1 };
const RESIZED = { state: 'succeeded', word: 'Resized', flavor: 'c1.large' } as const;
const REVERTED = { state: 'reverted', word: 'Reverted', flavor: 's2.small' } as const;
const FAILED = { state: 'failed', word: 'Failed', flavor: 's2.small' } as const;
const LOST: Fault = { kind: 'answer_lost' };

const LIVES: Record<string, Life> = {
  'confirmed, of a running server': {
    choice: 'confirm',
    running: true,
    end: { ...RESIZED, accepted: { ...RAN, confirmResize: 1 } },
  },
  'reverted, of a running server': {
    choice: 'revert',
    running: true,
    end: { ...REVERTED, accepted: { ...RAN, revertResize: 1 } },
  },
  'confirmed, of a server that is shut off': {
    choice: 'confirm',
    running: false,
    end: { ...RESIZED, accepted: { resize: 1, confirmResize: 1 } },
  },
  'confirmed at the deadline': {
    choice: 'nobody',
    running: true,
    end: { ...RESIZED, accepted: { ...RAN, confirmResize: 1 } },
  },
};

/** Lives in which the cloud does not play along. */
const HARD_LIVES: Record<string, Life> = {
  'too big for any host': {
    choice: 'nobody',
    running: true,
    faults: [['resize', { kind: 'no_host' }]],
    end: { ...FAILED, accepted: RAN },
  },
  'answered by nobody, each call having been taken': {
    choice: 'confirm',
    running: true,
    faults: (['os-stop', 'resize', 'confirmResize', 'os-start'] as const).map((word) => [word, LOST]),
    end: { ...RESIZED, accepted: { ...RAN, confirmResize: 1 } },
  },
  'carried out half a minute after the caller gave up': {
    choice: 'revert',
    running: true,
    faults: (['os-stop', 'resize', 'revertResize', 'os-start'] as const).map((word) => [
      word,
      { kind: 'late', seconds: 30 },
    ]),
    end: { ...REVERTED, accepted: { ...RAN, revertResize: 1 } },
  },
  'answered with a 500 and taken all the same': {
    choice: 'confirm',
    running: true,
    faults: (['resize', 'confirmResize'] as const).map((word) => [word, { kind: 'http', status: 500, done: true }]),
    end: { ...RESIZED, accepted: { ...RAN, confirmResize: 1 } },
  },
};

async function live(life: Life, points: 'all' | 'writes', killAt: number[] = []): Promise<House & { id: string }> {
  const house = createHouse({ fate: { point: 0, killAt: new Set(killAt), points }, twice: true });
  house.nova.addServer(SERVER, life.running ? {} : { vm: 'stopped', powered: false });
  for (const [word, fault] of life.faults ?? []) house.nova.fail(word, fault);
  const { id } = await house.ask();
  await house.click(id, { kind: 'approve', by: BOB });
  await house.until(id, life.end.state === 'failed' ? 'failed' : 'awaiting_confirmation');
  if (life.choice === 'nobody') house.clock.at += DAY;
  else for (const by of [ALICE, ALICE]) await house.click(id, { kind: life.choice, by });
  await house.until(id, life.end.state);
  // What is left to tell is told with the next ticks.
  await house.pass(15_000);
  return { ...house, id };
}

/** Everything that must be true whatever happened on the way; an empty list, else what is wrong. */
function wrongs(house: House & { id: string }, { running, end }: Life): string[] {
  const { nova, id } = house;
  const request = house.read(id);
  const server = nova.servers.get(SERVER);
  const words: ActionWord[] = ['os-stop', 'resize', 'confirmResize', 'revertResize', 'os-start'];
  return [
    request.state !== end.state && `ended as ${request.state}`,
    ...words.map((word) => nova.count(word) !== (end.accepted[word] ?? 0) && `${nova.count(word)} ${word}`),
    server?.vm !== (running ? 'active' : 'stopped') && `the server is ${server?.vm}`,
    server?.flavor.name !== end.flavor && `the flavor is ${server?.flavor.name}`,
    ...untold(house, request, end.word),
  ].filter((wrong) => wrong !== false);
}

/** The newest card, every line of the log, the DM: all of it was handed to the outbox. */
function untold({ messages }: House, { id, events }: ResizeRequest, word: string): (string | false)[] {
  const log = events.flatMap((event, index) =>
    ['asked', 'stopping', 'resizing', 'starting'].includes(event.kind) ? [] : [`resize:${id}:log:${index}`],
  );
  return [
    !messages.get(`resize:${id}:card`)?.text.includes(word) && 'the card is not the newest',
    !messages.get(`resize:${id}:dm`)?.text.includes(word) && 'no DM',
    log.some((key) => !messages.has(key)) && 'a line of the log is missing',
  ];
}

async function wrongRuns(life: Life, points: 'all' | 'writes', kills: number[][]): Promise<string[]> {
  const found: string[] = [];
  for (const killAt of kills) {
    const wrong = wrongs(await live(life, points, killAt), life);
    if (wrong.length > 0) found.push(`killed at ${killAt.join(' and ')}: ${wrong.join(', ')}`);
  }
  return found;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

async function everyPoint(life: Life, points: 'all' | 'writes'): Promise<string[]> {
  const { fate } = await live(life, points);
  expect(fate.point).toBeGreaterThan(30);
  return wrongRuns(
    life,
    points,
    upTo(fate.point).map((point) => [point]),
  );
}

describe.each(Object.entries({ ...LIVES, ...HARD_LIVES }))('a resize that is %s', (_name, life) => {
  it('ends right when the process is killed at any point', { timeout: 300_000 }, async () => {
    expect(await everyPoint(life, life.faults ? 'writes' : 'all')).toEqual([]);
  });
});

describe.each(Object.entries(LIVES))('a resize that is %s', (_name, life) => {
  it('ends right when the process is killed at any two points', { timeout: 300_000 }, async () => {
    const { fate } = await live(life, 'writes');
    // A second kill can come after more writes than a quiet run has, because the restart adds some.
    const most = fate.point + 12;
    const pairs = upTo(most).flatMap((second) => upTo(second - 1).map((first) => [first, second]));

    expect(await wrongRuns(life, 'writes', pairs)).toEqual([]);
  });
});
