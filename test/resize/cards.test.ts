import { describe, expect, it } from 'vitest';
import { cards, type CardOptions } from '../../src/resize/cards.ts';
import type { Note, ResizeRequest, ResizeState } from '../../src/resize/request.ts';
import type { Outgoing } from '../../src/slack/reply.ts';
import { STATE_WORDS } from '../../src/resize/words.ts';
import { validateBlocks } from '../simulators/slack/validate.ts';
import { ALICE, BOB } from './house/house.ts';
import { LARGE, MINUTE, plan, request, SMALL, T0, VOTE } from './house/requests.ts';

const OPTIONS: CardOptions = { slash: '/ecs', logFrom: 0 };
const STATES = Object.keys(STATE_WORDS) as ResizeState[];

const HOSTILE = `<!channel> *_~\`<@U1>&|^ \u202e${'x'.repeat(240)}`;

function render(changes: Partial<ResizeRequest>) {
  const [card, ...rest] = cards(request(changes), OPTIONS);
  if (!card) throw new Error('no card');
  return { card, rest, json: JSON.stringify(card.blocks) };
}

function held(state: ResizeState): Partial<ResizeRequest> {
  if (state !== 'needs_login') return { state };
  return { state, held: { state: 'resizing', for: ALICE } };
}

/** Everything of a message in which Slack would see mentions. */
function mrkdwnOf(message: Outgoing): string {
  const found = [message.text];
  JSON.stringify(message.blocks, (_key, value: unknown) => {
    const element = value as { type?: string; text?: string } | null;
    if (element?.type === 'mrkdwn') found.push(element.text ?? '');
    return value;
  });
  return found.join('\n');
}

describe('the card', () => {
  it.each(STATES)('of a request that is %s names the state in words and is accepted by Slack', (state) => {
    const { card, json } = render({ ...held(state), approvals: [VOTE], confirmBy: T0 + MINUTE });

    expect(validateBlocks(card.blocks)).toEqual([]);
    expect(json).toContain(`${STATE_WORDS[state]} · web-1`);
    expect(card.text).toContain(STATE_WORDS[state]);
    expect(card.text).toContain('web-1');
  });

  it('tells everything somebody needs to approve it', () => {
    const { json } = render({});
    for (const part of [
      '<@UALICE>',
      '`s2.small` → `c1.large`',
      '1 → 4 vCPU',
      '1 GiB → 8 GiB RAM',
      'more load',
      'Quota is enough',
      'Target flavor is allowed',
      'The server will be stopped, and started again at the end',
      'The disk does not get smaller',
      'Request R-7KQ2. Expires <!date^',
      'unless approved before. Or type `/ecs approve R-7KQ2`',
    ]) {
      expect(json).toContain(part);
    }
  });

  it('promises no approval of a request that is over', () => {
    expect(render({}).json).toContain('*Approved by*\\nnobody yet');
    for (const state of ['denied', 'expired', 'cancelled'] as const) {
      expect(render({ state }).json).toContain('*Approved by*\\nnobody"');
    }
  });

  it('shows who approved and when, in the reader’s zone', () => {
    expect(render({ state: 'stopping', approvals: [VOTE] }).json).toContain(
      `<@UBOB>, <!date^${(T0 + MINUTE) / 1000}^{date_short_pretty} {time}|2026-11-21 12:01 UTC>`,
    );
  });

  it('warns that performance drops before a smaller flavor is approved', () => {
    const { json } = render({ plan: plan({ from: LARGE, to: SMALL }) });
    expect(json).toContain('goes from 4 vCPU, 8 GiB down to 1 vCPU, 1 GiB: its performance drops.');
    expect(render({}).json).not.toContain('performance drops');
  });

  it('warns that data written since the resize is lost before a revert', () => {
    const { json } = render({ state: 'awaiting_confirmation', confirmBy: T0 + MINUTE });
    expect(json).toContain('Data written on web-1 since the resize is lost.');
    expect(json).toContain('Confirmed automatically <!date^');
  });

  it('gives every button a label that says what it is for', () => {
    expect(render({}).json).toContain('"accessibility_label":"Approve the resize of web-1"');
  });

  it('is harmless and within Slack’s limits whatever servers, flavors, reasons and clouds are called', () => {
    const hostile = plan({
      server: { name: HOSTILE },
      from: { ...LARGE, name: HOSTILE },
      to: { ...SMALL, name: HOSTILE },
    });
    const events: ResizeRequest['events'] = Array.from({ length: 60 }, () => ({
      kind: 'failed' as const,
      at: T0,
      by: BOB,
      said: HOSTILE.repeat(5),
    }));
    for (const state of STATES) {
      const all = cards(request({ ...held(state), plan: hostile, reason: HOSTILE.repeat(20), events }), OPTIONS);
      for (const message of all) {
        if (message.blocks) expect(validateBlocks(message.blocks)).toEqual([]);
        expect(message.text.length).toBeLessThanOrEqual(4_000);
        expect(mrkdwnOf(message)).not.toMatch(/<!channel>|<@U1>/);
        expect(JSON.stringify(message)).not.toContain('\u202e');
      }
    }
  });

  it('keeps the newest events when there are too many to show', () => {
    const events: ResizeRequest['events'] = Array.from({ length: 60 }, (_, index) => ({
      kind: 'not_taken' as const,
      at: T0,
      said: `try ${index} ${'x'.repeat(200)}`,
    }));
    const { json } = render({ state: 'confirming', events });
    expect(json).toContain('try 59');
    expect(json).toMatch(/… \d+ earlier/);
  });

  it.each<Note>([
    { kind: 'slow', since: T0 },
    { kind: 'locked', since: T0 },
    { kind: 'busy', since: T0, task: 'image_snapshot' },
    { kind: 'cloud_away', since: T0 },
    { kind: 'cloud_away', since: T0, away: 'provider' },
    { kind: 'uncertain', since: T0, act: 'resize' },
    { kind: 'retrying', since: T0, act: 'resize', said: 'Too many requests' },
  ])('says what it waits for: $kind', (note) => {
    const { card, json } = render({ state: 'resizing', note });
    expect(validateBlocks(card.blocks)).toEqual([]);
    expect(json).toContain('🕒');
  });

  it('names whose sign-in it waits for and how to give it', () => {
    expect(render(held('needs_login')).json).toContain('<@UALICE>: sign in with `/ecs login`');
  });
});

describe('the thread and the DM', () => {
  it('get each event once, from where the last announcement ended', () => {
    const events: ResizeRequest['events'] = [
      { kind: 'asked', at: T0, by: ALICE },
      { kind: 'approved', at: T0, by: BOB },
      { kind: 'denied', at: T0, by: BOB, said: 'not now' },
    ];
    const keys = (logFrom: number) =>
      cards(request({ state: 'denied', events }), { slash: '/ecs', logFrom }).map((one) => one.key);

    expect(keys(0)).toEqual(['resize:R-7KQ2:card', 'resize:R-7KQ2:log:1', 'resize:R-7KQ2:log:2', 'resize:R-7KQ2:dm']);
    expect(keys(2)).toEqual(['resize:R-7KQ2:card', 'resize:R-7KQ2:log:2', 'resize:R-7KQ2:dm']);
  });

  it('say why it was denied', () => {
    const events: ResizeRequest['events'] = [{ kind: 'denied', at: T0, by: BOB, said: 'not <now>' }];
    const [, line] = cards(request({ state: 'denied', events }), OPTIONS);
    expect(line?.text).toBe('Denied by <@UBOB>: not &lt;now&gt;.');
  });
});
