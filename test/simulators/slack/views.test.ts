// Modals and the Home tab: triggers, the stack, hashes, and what a form keeps.
import type { HomeView } from '@slack/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ALICE,
  BOB,
  button,
  input,
  modal,
  openModal,
  openWorkspace,
  OPS,
  refusalOf,
  section,
  trigger,
  type TestWorkspace,
} from './test-workspace.ts';

let world: TestWorkspace;
beforeEach(async () => {
  world = await openWorkspace();
});
afterEach(() => world.close());

const view = modal([section('hello')]);

describe('trigger_id', () => {
  test('lives three seconds', async () => {
    await world.slack.say(ALICE, OPS, '/ecs form');
    world.clock.now += 3001;
    expect(await refusalOf(world.client.views.open({ trigger_id: trigger(world.app), view }))).toBe(
      'expired_trigger_id',
    );
  });

  test('works once', async () => {
    await world.slack.say(ALICE, OPS, '/ecs form');
    const trigger_id = trigger(world.app);
    world.clock.now += 3000;
    expect(await refusalOf(world.client.views.open({ trigger_id, view }))).toBe('accepted');
    expect(await refusalOf(world.client.views.open({ trigger_id, view }))).toBe('exchanged_trigger_id');
  });

  test('is nothing one can make up', async () => {
    expect(await refusalOf(world.client.views.open({ trigger_id: '1.2.abc', view }))).toBe('invalid_trigger_id');
  });
});

describe('opening', () => {
  test('the modal is in front of the person who asked, and of nobody else', async () => {
    const id = await openModal(world, view);
    expect(world.slack.view(ALICE).modals).toMatchObject([{ id, view: { title: { text: 'A form' } } }]);
    expect(world.slack.view(BOB).modals).toEqual([]);
  });

  test.each([
    [
      'a title of 25 characters',
      modal([section('x')], { title: { type: 'plain_text', text: 'x'.repeat(25) } }),
      'invalid_arguments',
    ],
    ['101 blocks', modal(Array.from({ length: 101 }, () => section('x'))), 'invalid_arguments'],
    [
      'metadata of 3,001 characters',
      modal([section('x')], { private_metadata: 'x'.repeat(3001) }),
      'invalid_arguments',
    ],
    ['more than 250 kB', modal(Array.from({ length: 100 }, () => section('x'.repeat(2600)))), 'view_too_large'],
  ])('%s is refused, and the trigger stays good', async (_what, bad, error) => {
    await world.slack.say(ALICE, OPS, '/ecs form');
    const trigger_id = trigger(world.app);
    expect(await refusalOf(world.client.views.open({ trigger_id, view: bad }))).toBe(error);
    expect(await refusalOf(world.client.views.open({ trigger_id, view }))).toBe('accepted');
  });

  test('an external_id is unique', async () => {
    const named = modal([section('x')], { external_id: 'form-1' });
    await openModal(world, named);
    await world.slack.say(BOB, OPS, '/ecs form');
    expect(await refusalOf(world.client.views.open({ trigger_id: trigger(world.app), view: named }))).toBe(
      'duplicate_external_id',
    );
    expect(await refusalOf(world.client.views.update({ external_id: 'form-1', view: named }))).toBe('accepted');
  });
});

describe('the stack', () => {
  const nested = modal([button('deeper', '1')]);

  async function deeper(): Promise<string> {
    const top = world.slack.view(ALICE).modals.at(-1);
    await world.slack.click(ALICE, { viewId: top?.id ?? '' }, { actionId: 'deeper' });
    return refusalOf(world.client.views.push({ trigger_id: trigger(world.app), view: nested }));
  }

  test('holds three views', async () => {
    await openModal(world, nested);
    expect([await deeper(), await deeper(), await deeper()]).toEqual(['accepted', 'accepted', 'push_limit_reached']);
    expect(world.slack.view(ALICE).modals).toHaveLength(3);
  });

  test('only its top can be used, and closing goes back one', async () => {
    const bottom = await openModal(world, nested);
    await deeper();
    await expect(world.slack.click(ALICE, { viewId: bottom }, { actionId: 'deeper' })).rejects.toThrow('in front');
    await world.slack.closeModal(ALICE, world.slack.view(ALICE).modals.at(-1)?.id ?? '');
    expect(world.slack.view(ALICE).modals.map(({ id }) => id)).toEqual([bottom]);
  });

  test('cannot grow from a command', async () => {
    await world.slack.say(ALICE, OPS, '/ecs form');
    expect(await refusalOf(world.client.views.push({ trigger_id: trigger(world.app), view }))).toBe(
      'invalid_trigger_id',
    );
  });
});

describe('updating', () => {
  test('with a hash of before it is refused', async () => {
    await world.slack.say(ALICE, OPS, '/ecs form');
    const { view: opened } = await world.client.views.open({ trigger_id: trigger(world.app), view });
    const { id: view_id = '', hash = '' } = opened ?? {};
    expect(await refusalOf(world.client.views.update({ view_id, hash, view: modal([section('new')]) }))).toBe(
      'accepted',
    );
    expect(await refusalOf(world.client.views.update({ view_id, hash, view }))).toBe('hash_conflict');
    expect(world.slack.view(ALICE).modals).toMatchObject([{ view: { blocks: [{ text: { text: 'new' } }] } }]);
  });

  test('a closed view is not found', async () => {
    const view_id = await openModal(world, view);
    await world.slack.closeModal(ALICE, view_id);
    expect(await refusalOf(world.client.views.update({ view_id, view }))).toBe('not_found');
  });

  test('what was typed stays where the ids are the same', async () => {
    const form = modal([button('look', '1'), input('kept'), input('renamed')]);
    const view_id = await openModal(world, form);
    const typed = {
      kept: { text: { type: 'plain_text_input', value: 'a' } },
      renamed: { text: { type: 'plain_text_input', value: 'b' } },
    };
    await world.slack.click(ALICE, { viewId: view_id }, { actionId: 'look', values: typed });
    await world.client.views.update({ view_id, view: modal([input('kept'), input('renamed-now')]) });
    expect(world.slack.view(ALICE).modals[0]?.values).toEqual({
      kept: { text: { type: 'plain_text_input', value: 'a' } },
      'renamed-now': { text: { type: 'plain_text_input', value: null } },
    });
  });

  test('another kind of field under the same ids starts anew', async () => {
    const view_id = await openModal(world, modal([button('look', '1'), input('name')]));
    const typed = { name: { text: { type: 'plain_text_input', value: 'a' } } };
    await world.slack.click(ALICE, { viewId: view_id }, { actionId: 'look', values: typed });
    const address = { type: 'email_text_input' as const, action_id: 'text' };
    const label = { type: 'plain_text' as const, text: 'Address' };
    const blocks = [{ type: 'input' as const, block_id: 'name', label, element: address }];
    await world.client.views.update({ view_id, view: modal(blocks) });
    expect(world.slack.view(ALICE).modals[0]?.values).toEqual({
      name: { text: { type: 'email_text_input', value: null } },
    });
  });
});

describe('the Home tab', () => {
  const home: HomeView = { type: 'home', blocks: [section('welcome')] };

  test('is told when opened, published per person, and shown in the next event', async () => {
    expect(await world.slack.openHome(ALICE)).toEqual({ ok: true });
    const event = JSON.parse(world.app.received[0]?.raw ?? '{}');
    expect(event).toMatchObject({
      type: 'event_callback',
      event: { type: 'app_home_opened', user: ALICE, tab: 'home' },
    });
    expect(event.event).not.toHaveProperty('view');
    await world.client.views.publish({ user_id: ALICE, view: home });
    expect(world.slack.view(ALICE).home).toMatchObject({ blocks: [{ text: { text: 'welcome' } }] });
    expect(world.slack.view(BOB).home).toBeNull();
    await world.slack.openHome(ALICE);
    expect(JSON.parse(world.app.received[1]?.raw ?? '{}').event.view.type).toBe('home');
  });

  test('publishing with an old hash, a modal, or for nobody is refused', async () => {
    const { view: first } = await world.client.views.publish({ user_id: ALICE, view: home });
    const { view: second } = await world.client.views.publish({ user_id: ALICE, view: home });
    expect(second?.id).toBe(first?.id);
    const hash = first?.hash ?? '';
    expect(await refusalOf(world.client.views.publish({ user_id: ALICE, view: home, hash }))).toBe('hash_conflict');
    expect(await refusalOf(world.client.views.publish({ user_id: 'U0NOBODY', view: home }))).toBe('user_not_found');
    expect(await refusalOf(world.client.apiCall('views.publish', { user_id: ALICE, view }))).toBe('invalid_arguments');
  });

  test('switched off in the manifest, it takes nothing', async () => {
    const other = await openWorkspace({ homeTab: false });
    expect(await refusalOf(other.client.views.publish({ user_id: ALICE, view: home }))).toBe('not_enabled');
    await other.close();
  });

  test('its buttons tell the view and no channel', async () => {
    await world.client.views.publish({ user_id: ALICE, view: { type: 'home', blocks: [button('go', '7')] } });
    await world.slack.click(ALICE, { home: true }, { actionId: 'go' });
    const payload = world.app.lastPayload();
    expect(payload).toMatchObject({ type: 'block_actions', view: { type: 'home' }, actions: [{ value: '7' }] });
    expect(payload).not.toHaveProperty('response_url');
    expect(payload).not.toHaveProperty('channel');
  });
});
