// Killed at every point and every pair of points, every message delivered twice: one resize, one choice, one end.
import { describe, expect, it } from 'vitest';
import type { ResizeRequest } from '../../src/resize/request.ts';
import { ALICE, BOB, createHouse, SERVER, type House } from './house/house.ts';
import type { ActionWord, Fault } from './house/nova.ts';

const DAY = 24 * 60 * 60_000;

/** What happens to the request besides being asked for and approved. */
type Life = {
  choice: 'confirm' | 'revert' | 'nobody';
  running: boolean;
  fault?: { word: ActionWord; fault: Fault };
};

const LIVES: Record<string, Life> = {
  'confirmed, of a running server': { choice: 'confirm', running: true },
  'reverted, of a running server': { choice: 'revert', running: true },
  'confirmed, of a server that is shut off': { choice: 'confirm', running: false },
  'confirmed at the deadline': { choice: 'nobody', running: true },
};

const END = { confirm: 'succeeded', revert: 'reverted', nobody: 'succeeded' } as const;

async function live(life: Life, points: 'all' | 'writes', killAt: number[] = []): Promise<House & { id: string }> {
  const house = createHouse({ fate: { point: 0, killAt: new Set(killAt), points }, twice: true });
  house.nova.addServer(SERVER, life.running ? {} : { vm: 'stopped', powered: false });
  if (life.fault) house.nova.fail(life.fault.word, life.fault.fault);
  const { id } = await house.ask();
  await house.click(id, { kind: 'approve', by: BOB });
  await house.until(id, 'awaiting_confirmation');
  if (life.choice === 'nobody') house.clock.at += DAY;
  else for (const by of [ALICE, ALICE]) await house.click(id, { kind: life.choice, by });
  await house.until(id, END[life.choice]);
  // What is left to tell is told with the next ticks.
  await house.pass(15_000);
  return { ...house, id };
}

/** Everything that must be true whatever happened on the way; an empty list, else what is wrong. */
function wrongs(house: House & { id: string }, life: Life): string[] {
  const { nova, id } = house;
  const request = house.read(id);
  const server = nova.servers.get(SERVER);
  const flavor = life.choice === 'revert' ? 's2.small' : 'c1.large';
  const closing = life.choice === 'revert' ? 'revertResize' : 'confirmResize';
  return [
    request.state !== END[life.choice] && `ended as ${request.state}`,
    nova.count('resize') !== 1 && `${nova.count('resize')} resizes`,
    nova.count('confirmResize', 'revertResize') !== 1 && 'not exactly one choice',
    nova.count(closing) !== 1 && `not ${closing}`,
    nova.count('os-stop') !== Number(life.running) && `${nova.count('os-stop')} stops`,
    nova.count('os-start') !== Number(life.running) && `${nova.count('os-start')} starts`,
    server?.vm !== (life.running ? 'active' : 'stopped') && `the server is ${server?.vm}`,
    server?.flavor.name !== flavor && `the flavor is ${server?.flavor.name}`,
    ...untold(house, request),
  ].filter((wrong) => wrong !== false);
}

/** The newest card, every line of the log, the DM: all of it was handed to the outbox. */
function untold({ messages }: House, request: ResizeRequest): (string | false)[] {
  const log = request.events.flatMap((event, index) =>
    ['asked', 'stopping', 'resizing', 'starting'].includes(event.kind) ? [] : [`resize:${request.id}:log:${index}`],
  );
  const word = request.state === 'succeeded' ? 'Resized' : 'Reverted';
  return [
    !messages.get(`resize:${request.id}:card`)?.text.includes(word) && 'the card is not the newest',
    !messages.get(`resize:${request.id}:dm`)?.text.includes(word) && 'no DM',
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

describe.each(Object.entries(LIVES))('a resize that is %s', (_name, life) => {
  it('ends right when the process is killed at any point', async () => {
    const { fate } = await live(life, 'all');

    expect(fate.point).toBeGreaterThan(100);
    expect(
      await wrongRuns(
        life,
        'all',
        upTo(fate.point).map((point) => [point]),
      ),
    ).toEqual([]);
  });

  it('ends right when the process is killed at any two points', { timeout: 60_000 }, async () => {
    const { fate } = await live(life, 'writes');
    // A second kill can come after more writes than a quiet run has, because the restart adds some.
    const most = fate.point + 12;
    const pairs = upTo(most).flatMap((second) => upTo(second - 1).map((first) => [first, second]));
    console.log(pairs.length);
    expect(await wrongRuns(life, 'writes', pairs)).toEqual([]);
  });
});
