import { describe, expect, it } from 'vitest';
import { creationButtons } from '../../src/commands/create/buttons.ts';
import { cards } from '../../src/creation/cards.ts';
import type { Creation, CreationState, Note } from '../../src/creation/creation.ts';
import { creationOf } from '../commands/bot.ts';
import { asMessage, blocksTooLong, validateMessage } from '../simulators/slack/validate.ts';
import { ORDER, START } from './house.ts';

const OPTIONS = { slash: '/ecs', buttons: creationButtons };
const SERVER = { id: 'server-1', status: 'BUILD', task: 'spawning', addresses: [] };

const HOSTILE = [
  '<!channel> <@U1> <#C1|x>',
  '`code` *bold* _it_ ~no~',
  'x'.repeat(255),
  '&'.repeat(255),
  'שרת-\u202eevil\u202c',
  'line\nbreak\u0000\u200b',
  '🙂'.repeat(120),
];

function creation(parts: Partial<Creation>): Creation {
  return creationOf(ORDER, { createdAt: START, ...parts });
}

function words(one: Creation): string {
  return JSON.stringify(cards(one, OPTIONS));
}

describe('the card of a new server', () => {
  it.each<[CreationState, Partial<Creation>, string]>([
    ['ordering', {}, '⏳ Ordering · web-9'],
    ['building', { server: SERVER }, 'BUILD (spawning)'],
    ['active', { server: { ...SERVER, status: 'ACTIVE', task: null, addresses: ['10.0.0.9'] } }, '✅ Ready · web-9'],
    [
      'error',
      { server: { ...SERVER, status: 'ERROR', task: null }, said: 'No valid host' },
      'The cloud could not build it. It says: “No valid host”. The server stays in ERROR',
    ],
    [
      'error',
      { server: { ...SERVER, status: 'ERROR', task: null } },
      'The cloud could not build it and does not say why.',
    ],
    ['failed', { said: 'No quota.' }, '❌ Not created · web-9'],
    ['failed', { said: 'No quota.' }, 'no server was made'],
    [
      'error',
      { server: { ...SERVER, status: 'ERROR', task: null }, said: 'No valid host was found.' },
      '“No valid host was found.” The server stays in ERROR',
    ],
  ])('says %s in words', (state, parts, wanted) => {
    expect(words(creation({ state, ...parts }))).toContain(wanted);
  });

  it('says since when a server is ready, and when an order ended that made none', () => {
    expect(words(creation({ state: 'active', server: SERVER, endedAt: START }))).toContain(' · ready <!date^');
    expect(words(creation({ state: 'failed', endedAt: START }))).toContain(' · ended <!date^');
  });

  it.each<[Note, string]>([
    [{ kind: 'signed_out', since: START }, 'sign in with `/ecs login`'],
    [{ kind: 'other_region', since: START }, 'Choose it with `/ecs region`'],
    [{ kind: 'cloud_away', since: START }, 'The cloud does not answer'],
    [{ kind: 'cloud_away', since: START, away: 'provider' }, 'The identity provider does not answer'],
    [{ kind: 'uncertain', since: START }, 'before anything is repeated'],
    [{ kind: 'retrying', since: START, said: 'slow down' }, 'It said: slow down'],
    [{ kind: 'slow', since: START }, 'has not failed'],
  ])('says why nothing moves: %j', (note, wanted) => {
    expect(words(creation({ state: 'building', server: SERVER, note }))).toContain(wanted);
  });

  it('offers what can be done: a look at any server, and to delete one in ERROR', () => {
    const labels = (state: CreationState) =>
      creationButtons(creation({ state, server: SERVER })).map((one) => ('text' in one ? one.text?.text : '?'));
    expect(labels('building')).toEqual(['Show']);
    expect(labels('active')).toEqual(['Show']);
    expect(labels('error')).toEqual(['Show', 'Delete']);
    expect(creationButtons(creation({ state: 'failed' }))).toEqual([]);
  });

  it('promises the password only where there is one', () => {
    const active = { state: 'active' as const, server: { ...SERVER, status: 'ACTIVE', task: null } };
    const dm = (parts: Partial<Creation>) => cards(creation({ ...active, ...parts }), OPTIONS).at(-1);
    expect(dm({ hasPassword: true })).toMatchObject({ secret: 'password:C-7KQ2MN' });
    expect(dm({ hasPassword: false })).not.toHaveProperty('secret');
    const keyless = { ...ORDER.spec, keyName: null };
    expect(dm({ hasPassword: false, spec: keyless })?.text).toContain("use the cloud's console to get in");
  });

  it.each(HOSTILE)('is harmless, complete and within Slack’s limits with everything called %j', (name) => {
    const spec = {
      ...ORDER.spec,
      name,
      flavor: { ...ORDER.spec.flavor, name },
      image: { id: name, name },
      network: { id: name, name },
      keyName: name,
      zone: name,
      disk: { sizeGiB: 10, type: name },
    };
    const server = { id: 'server-1', status: name, task: name, addresses: Array.from({ length: 50 }, () => name) };
    for (const state of ['ordering', 'building', 'active', 'error', 'failed'] as const) {
      for (const message of cards(
        creation({ state, spec, server, said: name.repeat(20), project: { id: 'p', name } }),
        OPTIONS,
      )) {
        expect(validateMessage({ text: message.text, blocks: message.blocks }).map(asMessage)).toEqual([]);
        expect(blocksTooLong(message.blocks ?? [])).toBe(false);
        expect(message.text).not.toMatch(/<(?!@UALICE>|!date\^\d)/);
      }
    }
  });
});
