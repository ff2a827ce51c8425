import { describe, expect, it } from 'vitest';
import { fail } from '../../src/errands/endings.ts';
import { cards } from '../../src/errands/cards.ts';
import { decide } from '../../src/errands/decide.ts';
import { type Errand, UNDO_MS } from '../../src/errands/errand.ts';
import { newErrand } from '../../src/errands/errands.ts';
import type { Task } from '../../src/errands/task.ts';
import type { KnownBlock } from '@slack/types';
import { asMessage, blocksTooLong, validateMessage } from '../simulators/slack/validate.ts';
import { ALICE, order, SERVER } from './house.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const BOB = { teamId: 'T1', userId: 'UBOB' };

function errand(name: string, changes: Partial<Errand> = {}): Errand {
  const tasks: Task[] = [
    { kind: 'make_disk', name, sizeGiB: 10, type: 'SSD', zone: null, correlation: 'E-1' },
    { kind: 'attach_disk', server: SERVER, disk: { step: 0 } },
  ];
  const undo: Task[] = [{ kind: 'detach_disk', server: SERVER, disk: { step: 0 } }];
  return { ...newErrand(order({ title: `Attach ${name}`, tasks, undo }), NOW), ...changes };
}

/** Its first step made a disk. */
function withDisk(of: Errand, changes: Partial<Errand> = {}): Errand {
  const steps = of.steps.map((step, place) =>
    place === 0 ? { ...step, state: 'done' as const, id: 'disk-1', startedAt: NOW, endedAt: NOW } : step,
  );
  return { ...of, steps, at: 1, ...changes };
}

function done(name = 'data-1'): Errand {
  const made = withDisk(errand(name));
  const steps = made.steps.map((step) => ({ ...step, state: 'done' as const, endedAt: NOW, detail: '/dev/vdb' }));
  return { ...made, steps, at: 2, state: 'done', undoUntil: NOW + UNDO_MS, due: NOW + UNDO_MS };
}

function shown(of: Errand): { text: string; blocks: KnownBlock[]; json: string } {
  const [card] = cards(of, { slash: '/ecs' });
  if (!card) throw new Error('an errand without a card');
  const { text, blocks = [] } = card;
  expect(validateMessage({ text, blocks }).map(asMessage)).toEqual([]);
  expect(blocksTooLong(blocks)).toBe(false);
  return { text, blocks, json: JSON.stringify(blocks) };
}

describe('the card', () => {
  it('tells each step, by whom, and when in the reader’s own zone', () => {
    const { json, text } = shown(done());
    expect(json).toContain('✅ Created disk `data-1` (10 GiB, `SSD`)');
    expect(json).toContain('✅ Attached disk `data-1` to `web-1` as `/dev/vdb`');
    expect(json).toContain(`<!date^${NOW / 1000}^`);
    expect(text).toContain('✅ Done: Attach data-1, asked for by <@UALICE>');
  });

  it('offers Undo while it can be undone, and asks before', () => {
    expect(shown(done()).json).toContain('"errand:undo"');
    expect(shown(done()).json).toContain('Undo this?');
    expect(shown({ ...done(), undoUntil: null }).json).not.toContain('errand:undo');
  });

  it.each<[string, Task[], string]>([
    ['a disk', [{ kind: 'detach_disk', server: SERVER, disk: { step: 0 } }], 'Unmount it inside the server first'],
    [
      'a NIC and its port',
      [
        { kind: 'detach_port', server: SERVER, port: { step: 0 } },
        { kind: 'remove', thing: 'port', it: { step: 0 } },
      ],
      'is taken back: detach NIC, remove port. Whoever is connected through it is cut off.',
    ],
    ['what was made', [{ kind: 'remove', thing: 'network', it: { step: 0 } }], 'It is deleted for good'],
  ])('says before Undo what is lost with %s', (_what, undo, warning) => {
    expect(shown({ ...done(), undo }).json).toContain(warning);
  });

  it('says what came of it only where that is not what was asked for', () => {
    const tasks: Task[] = [
      { kind: 'make_subnet', network: { id: 'n1', name: 'a' }, name: 'a', cidr: '10.1.0.0/24', correlation: null },
    ];
    const made = newErrand(order({ title: 'Create subnet', tasks, undo: [] }), NOW);
    const steps = made.steps.map((step) => ({ ...step, state: 'done' as const, id: 's1', detail: '10.1.0.0/24' }));
    expect(shown({ ...made, steps, at: 1, state: 'done' }).text).not.toContain(' as ');
  });

  it('names what is left when it failed, with a button to remove it', () => {
    const failed = fail(withDisk(errand('data-1')), 'The host says no.', NOW);
    const { json } = shown(failed);
    expect(json).toContain('❌ Attach disk `data-1` to `web-1`: The host says no.');
    expect(json).toContain('What it created is still there: disk `data-1`.');
    expect(json).toContain('Deleted for good, with everything on it: disk data-1.');
  });

  it('goes to the person where there is no channel', () => {
    const to = (changes: Partial<Errand>) => cards(errand('data-1', changes), { slash: '/ecs' }).map((one) => one.to);
    expect(to({ channelId: null })).toEqual([{ userId: 'UALICE' }]);
    expect(to({})).toEqual([{ channelId: 'C1' }]);
    expect(to({ alsoDirect: true })).toEqual([{ channelId: 'C1' }, { userId: 'UALICE' }]);
  });

  it.each(['<!channel> & <@U1> `x`', 'n'.repeat(255), '&'.repeat(255), 'שרת‮evil', 'a\nb', '🙂'.repeat(100)])(
    'holds a disk called “%s”, harmlessly',
    (name) => {
      for (const of of [errand(name), done(name), fail(withDisk(errand(name)), `${name} broke`, NOW)]) {
        const { blocks, text } = shown(of);
        const formatted = JSON.stringify(blocks.filter(({ type }) => type === 'section' || type === 'context')) + text;
        expect(formatted).not.toMatch(/<!channel>|<@U1>|‮/);
      }
    },
  );

  it('shows the line that asks again as it can be typed, with nothing unseen before its slash', () => {
    const { json } = shown(errand('data-1', { repeat: 'disk create שרת --size 10' }));
    expect(json).toContain('Again: `/ecs disk create \u2068שרת\u2069 --size 10`');
  });

  it('says in which region the person has to be whose sign-in is missing', () => {
    const held = errand('data-1', { state: 'needs_login', held: BOB, region: 'eu-de' });
    expect(shown(held).json).toContain('<@UBOB>: sign in with `/ecs login`');
    expect(shown(held).json).toContain('with access to project `demo` in region `eu-de`;');
    expect(shown({ ...held, region: null }).json).toContain('with access to project `demo`;');
  });

  it('holds a long story of tries', () => {
    let story = fail(withDisk(errand('data-1')), 'no'.repeat(400), NOW);
    for (let tries = 0; tries < 30; tries += 1)
      story = fail(decide(story, { kind: 'remove', by: BOB }, NOW), 'still no'.repeat(100), NOW);
    expect(shown(story).json).toContain('earlier');
  });
});

describe('a click on it', () => {
  it('begins the undoing as the one who clicked', () => {
    const undoing = decide(done(), { kind: 'undo', by: BOB }, NOW);
    expect(undoing).toMatchObject({ state: 'running', undoUntil: null, at: 2 });
    expect(undoing.steps.at(-1)).toMatchObject({ phase: 'undo', by: BOB, task: { kind: 'detach_disk' } });
  });

  it.each<[string, Errand, 'undo' | 'remove', string]>([
    ['while it runs', errand('data-1'), 'undo', 'busy'],
    ['too late', { ...done(), undoUntil: NOW - 1 }, 'undo', 'expired'],
    ['when it failed', fail(withDisk(errand('data-1')), 'no', NOW), 'undo', 'wrong_state'],
    ['when nothing is left', done(), 'remove', 'already_done'],
    ['when it cannot be undone', { ...done(), undo: [] }, 'undo', 'unsupported'],
  ])('is refused %s', (...[, of, kind, code]) => {
    expect(() => decide(of, { kind, by: BOB }, NOW)).toThrow(expect.objectContaining({ code }));
  });

  it.each<[string, Task, RegExp]>([
    ['a disk', { kind: 'detach_disk', server: SERVER, disk: { step: 0 } }, /use “disk detach”/],
    ['a NIC', { kind: 'detach_port', server: SERVER, port: { step: 0 } }, /use “nic detach”/],
    ['a network', { kind: 'remove', thing: 'network', it: { step: 0 } }, /use the cloud’s own tools/],
  ])('is told what to do instead when it comes too late for %s', (_what, task, sentence) => {
    const late = { ...done(), undo: [task], undoUntil: NOW - 1 };
    expect(() => decide(late, { kind: 'undo', by: BOB }, NOW)).toThrow(sentence);
  });

  it('is told who was first', () => {
    const undoing = decide(done(), { kind: 'undo', by: BOB }, NOW);
    const steps = undoing.steps.map((step) => ({ ...step, state: 'done' as const, endedAt: NOW }));
    const undone: Errand = { ...undoing, steps, at: steps.length, state: 'undone' };
    expect(() => decide(undone, { kind: 'undo', by: ALICE }, NOW)).toThrow(
      expect.objectContaining({
        code: 'already_done',
        mrkdwn: expect.stringContaining('Already undone by <@UBOB>') as string,
      }),
    );
  });

  it('leaves it done, and may be tried again, when the undoing does not work', () => {
    const failed = fail(decide(done(), { kind: 'undo', by: BOB }, NOW), 'It is locked.', NOW);
    expect(failed).toMatchObject({ state: 'done', undoUntil: NOW + UNDO_MS });
    expect(shown(failed).json).toContain('❌ Detach disk `data-1` from `web-1` by <@UBOB>: It is locked.');
  });
});
