// What a person can and cannot do with forms and menus, and how the app's answers show.
import type { KnownBlock } from '@slack/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FormState } from './control-api.ts';
import {
  ALICE,
  button,
  input,
  modal,
  openModal,
  openWorkspace,
  post,
  OPS,
  section,
  type TestWorkspace,
} from './test-workspace.ts';

let world: TestWorkspace;
beforeEach(async () => {
  world = await openWorkspace();
});
afterEach(() => world.close());

const option = (value: string) => ({ text: { type: 'plain_text', text: value.toUpperCase() } as const, value });
const typed = (blockId: string, value: string): FormState => ({
  [blockId]: { text: { type: 'plain_text_input', value } },
});

function field(element: Extract<KnownBlock, { type: 'input' }>['element'], blockId = 'field'): KnownBlock {
  return { type: 'input', block_id: blockId, label: { type: 'plain_text', text: 'Field' }, element };
}

function answer(body: object): void {
  world.app.answer = () => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
}

const modals = () => world.slack.view(ALICE).modals;

describe('submitting', () => {
  test('a form tells all its values and closes on an empty ack', async () => {
    const id = await openModal(
      world,
      modal([input('name'), input('note', { optional: true })], { private_metadata: 'm' }),
    );
    expect(await world.slack.submit(ALICE, id, typed('name', 'web-1'))).toEqual({ ok: true });
    expect(world.app.lastPayload()).toMatchObject({
      type: 'view_submission',
      view: {
        id,
        private_metadata: 'm',
        state: { values: { name: { text: { value: 'web-1' } }, note: { text: { value: null } } } },
      },
      response_urls: [],
    });
    expect(world.app.lastPayload()).not.toHaveProperty('response_url');
    expect(modals()).toEqual([]);
  });

  test('a required field left empty never reaches the app', async () => {
    const id = await openModal(world, modal([input('name')]));
    const before = world.app.received.length;
    const errors = { name: 'Please complete this required field.' };
    expect(await world.slack.submit(ALICE, id, {})).toEqual({ ok: true, errors });
    expect(modals()).toMatchObject([{ id, errors }]);
    expect(world.app.received).toHaveLength(before);
  });

  test.each([
    ['too short a text', field({ type: 'plain_text_input', action_id: 'text', min_length: 3 }), 'ab'],
    ['too long a text', field({ type: 'plain_text_input', action_id: 'text', max_length: 3 }), 'abcd'],
    ['a number that is none', field({ type: 'number_input', action_id: 'text', is_decimal_allowed: true }), 'two'],
    ['a fraction', field({ type: 'number_input', action_id: 'text', is_decimal_allowed: false }), '1.5'],
    [
      'a number below the least',
      field({ type: 'number_input', action_id: 'text', is_decimal_allowed: false, min_value: '2' }),
      '1',
    ],
    [
      'a number above the most',
      field({ type: 'number_input', action_id: 'text', is_decimal_allowed: false, max_value: '2' }),
      '3',
    ],
    ['an address without @', field({ type: 'email_text_input', action_id: 'text' }), 'alice'],
    ['a link that is none', field({ type: 'url_text_input', action_id: 'text' }), 'example'],
  ])('%s never reaches the app', async (_what, block, value) => {
    const id = await openModal(world, modal([block]));
    const before = world.app.received.length;
    expect(await world.slack.submit(ALICE, id, typed('field', value))).toMatchObject({
      errors: { field: expect.any(String) },
    });
    expect(world.app.received).toHaveLength(before);
  });

  test('a value for no field, or an option the menu does not have, is impossible', async () => {
    const menu = field({ type: 'static_select', action_id: 'menu', options: [option('a')] });
    const id = await openModal(world, modal([menu]));
    await expect(world.slack.submit(ALICE, id, typed('nowhere', 'x'))).rejects.toThrow('no element');
    const picked = { field: { menu: { type: 'static_select', selected_option: option('b') } } };
    await expect(world.slack.submit(ALICE, id, picked)).rejects.toThrow('does not offer');
    const fine = { field: { menu: { type: 'static_select', selected_option: option('a') } } };
    expect(await world.slack.submit(ALICE, id, fine)).toEqual({ ok: true });
  });

  test('a modal without a submit button cannot be submitted', async () => {
    const { submit: _none, ...bare } = modal([section('only reading')]);
    const id = await openModal(world, bare);
    await expect(world.slack.submit(ALICE, id, {})).rejects.toThrow('no submit button');
  });

  test('initial values count, and options equal to them', async () => {
    const menu = field({
      type: 'static_select',
      action_id: 'menu',
      options: [option('a')],
      initial_option: option('a'),
    });
    const id = await openModal(
      world,
      modal([menu, field({ type: 'users_select', action_id: 'who', initial_user: ALICE }, 'who')]),
    );
    await world.slack.submit(ALICE, id, {});
    expect(world.app.lastPayload()).toMatchObject({
      view: {
        state: {
          values: { field: { menu: { selected_option: { value: 'a' } } }, who: { who: { selected_user: ALICE } } },
        },
      },
    });
  });

  test('a channel menu with response_url_enabled gives the app an address', async () => {
    const id = await openModal(
      world,
      modal([field({ type: 'conversations_select', action_id: 'where', response_url_enabled: true })]),
    );
    await world.slack.submit(ALICE, id, {
      field: { where: { type: 'conversations_select', selected_conversation: OPS } },
    });
    const [address] = world.app.lastPayload()['response_urls'] as { response_url: string; channel_id: string }[];
    expect(address?.channel_id).toBe(OPS);
    const headers = { 'content-type': 'application/json' };
    await fetch(address?.response_url ?? '', {
      method: 'POST',
      headers,
      body: '{"text":"here","response_type":"in_channel"}',
    });
    expect(world.slack.messages(OPS)).toMatchObject([{ text: 'here' }]);
  });
});

describe('the ack of a submission', () => {
  const form = modal([input('name'), section('hint')]);
  const send = async () => world.slack.submit(ALICE, modals().at(-1)?.id ?? '', typed('name', 'x'));

  beforeEach(async () => {
    await openModal(world, form);
  });

  test('errors show under their fields and keep the form', async () => {
    answer({ response_action: 'errors', errors: { name: 'No such server.' } });
    expect(await send()).toEqual({ ok: true, errors: { name: 'No such server.' } });
    expect(modals()).toMatchObject([{ errors: { name: 'No such server.' }, values: typed('name', 'x') }]);
  });

  test('errors for what is no input are an error themselves', async () => {
    answer({ response_action: 'errors', errors: { elsewhere: 'x' } });
    expect(await send()).toEqual({ ok: false, error: 'invalid_response_action' });
    expect(modals()).toHaveLength(1);
  });

  test('update changes the view in place', async () => {
    const id = modals()[0]?.id;
    answer({ response_action: 'update', view: modal([section('working')]) });
    expect(await send()).toEqual({ ok: true });
    expect(modals()).toMatchObject([{ id, view: { blocks: [{ text: { text: 'working' } }] } }]);
  });

  test('push adds up to three, clear takes all', async () => {
    answer({ response_action: 'push', view: form });
    expect([await send(), await send()]).toEqual([{ ok: true }, { ok: true }]);
    expect(await send()).toMatchObject({ ok: false });
    expect(modals()).toHaveLength(3);
    answer({ response_action: 'clear' });
    await send();
    expect(modals()).toEqual([]);
  });

  test('a view Slack would refuse, an unknown action, or no JSON leaves the form with an error', async () => {
    answer({ response_action: 'update', view: modal([section('')]) });
    expect(await send()).toMatchObject({ ok: false });
    answer({ response_action: 'dance' });
    expect(await send()).toMatchObject({ ok: false });
    world.app.answer = () => ({ body: '<html>' });
    expect(await send()).toMatchObject({ ok: false });
    world.app.answer = () => ({ status: 500 });
    expect(await send()).toEqual({ ok: false, error: 'dispatch_failed' });
    expect(modals()).toHaveLength(1);
    expect(world.slack.refusals).toHaveLength(3);
  });
});

describe('closing', () => {
  test('is told only where the view asks', async () => {
    const quiet = await openModal(world, modal([section('x')]));
    const before = world.app.received.length;
    await world.slack.closeModal(ALICE, quiet);
    expect(world.app.received).toHaveLength(before);
    const told = await openModal(world, modal([section('x')], { notify_on_close: true, callback_id: 'form' }));
    await world.slack.closeModal(ALICE, told);
    expect(world.app.lastPayload()).toMatchObject({
      type: 'view_closed',
      is_cleared: false,
      view: { callback_id: 'form' },
    });
  });

  test('takes the whole stack where the view says so', async () => {
    await openModal(world, modal([button('go', '1')], { notify_on_close: true }));
    answer({ response_action: 'push', view: modal([section('x')], { clear_on_close: true }) });
    await world.slack.submit(ALICE, modals()[0]?.id ?? '', {});
    await world.slack.closeModal(ALICE, modals()[1]?.id ?? '');
    expect(modals()).toEqual([]);
    expect(world.app.lastPayload()).toMatchObject({ type: 'view_closed', is_cleared: true });
  });
});

describe('menus', () => {
  async function card(element: object): Promise<{ channel: string; ts: string }> {
    const blocks = [{ type: 'actions', block_id: 'row', elements: [element] }] as KnownBlock[];
    const { ts = '' } = await post(world, { channel: OPS, text: 'x', blocks });
    return { channel: OPS, ts };
  }

  test('a choice is told whole', async () => {
    const place = await card({ type: 'static_select', action_id: 'menu', options: [option('a'), option('b')] });
    await world.slack.click(ALICE, place, { actionId: 'menu', value: 'b' });
    expect(world.app.lastPayload()).toMatchObject({
      actions: [{ action_id: 'menu', block_id: 'row', type: 'static_select', selected_option: option('b') }],
      state: { values: { row: { menu: { selected_option: option('b') } } } },
    });
    await expect(world.slack.click(ALICE, place, { actionId: 'menu', value: 'c' })).rejects.toThrow('only: a, b');
  });

  test('an overflow menu tells its option and has no state', async () => {
    const place = await card({ type: 'overflow', action_id: 'more', options: [option('a')] });
    await world.slack.click(ALICE, place, { actionId: 'more', value: 'a' });
    expect(world.app.lastPayload()).toMatchObject({
      actions: [{ selected_option: option('a') }],
      state: { values: {} },
    });
  });

  test('a date and several people', async () => {
    await world.slack.click(ALICE, await card({ type: 'datepicker', action_id: 'd' }), {
      actionId: 'd',
      value: '2026-11-30',
    });
    expect(world.app.lastPayload()).toMatchObject({ actions: [{ selected_date: '2026-11-30' }] });
    await world.slack.click(ALICE, await card({ type: 'multi_users_select', action_id: 'who' }), {
      actionId: 'who',
      value: ALICE,
    });
    expect(world.app.lastPayload()).toMatchObject({ actions: [{ selected_users: [ALICE] }] });
  });

  test('an input of a form is silent unless it dispatches', async () => {
    const silent = field({ type: 'static_select', action_id: 'menu', options: [option('a')] }, 'silent');
    const loud = {
      ...field({ type: 'static_select', action_id: 'loud', options: [option('a')] }, 'loud'),
      dispatch_action: true,
    };
    const viewId = await openModal(world, modal([silent, loud]));
    await expect(world.slack.click(ALICE, { viewId }, { actionId: 'menu', value: 'a' })).rejects.toThrow(
      'dispatch_action',
    );
    await world.slack.click(ALICE, { viewId }, { actionId: 'loud', value: 'a' });
    expect(world.app.lastPayload()).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id: viewId },
    });
  });
});

describe('searching', () => {
  async function form(more: object = {}): Promise<{ viewId: string }> {
    return {
      viewId: await openModal(world, modal([field({ type: 'external_select', action_id: 'server', ...more })])),
    };
  }
  const search = (place: { viewId: string }, query: string) =>
    world.slack.suggest(ALICE, place, { actionId: 'server', query });

  test('asks the app from the third character on', async () => {
    const place = await form();
    answer({ options: [option('web-1')] });
    const before = world.app.received.length;
    expect(await search(place, 'we')).toEqual({ options: [] });
    expect(world.app.received).toHaveLength(before);
    expect(await search(place, 'web')).toEqual({ options: [option('web-1')] });
    expect(world.app.lastPayload()).toMatchObject({
      type: 'block_suggestion',
      action_id: 'server',
      block_id: 'field',
      value: 'web',
    });
  });

  test('with min_query_length 0 the menu opens full, groups in one row', async () => {
    const place = await form({ min_query_length: 0 });
    answer({
      option_groups: [
        { label: { type: 'plain_text', text: 'g' }, options: [option('a')] },
        { label: { type: 'plain_text', text: 'h' }, options: [option('b')] },
      ],
    });
    expect(await search(place, '')).toEqual({ options: [option('a'), option('b')] });
  });

  test('only what was offered can be picked', async () => {
    const place = await form();
    const pick = (value: string) =>
      world.slack.submit(ALICE, place.viewId, {
        field: { server: { type: 'external_select', selected_option: option(value) } },
      });
    await expect(pick('web-1')).rejects.toThrow('does not offer');
    answer({ options: [option('web-1')] });
    await search(place, 'web');
    world.app.answer = () => ({});
    expect(await pick('web-1')).toEqual({ ok: true });
  });

  test('more than 100 options, or an answer that is none, shows nothing', async () => {
    const place = await form();
    answer({ options: Array.from({ length: 101 }, (_, index) => option(`v${index}`)) });
    expect(await search(place, 'web')).toEqual({ options: [] });
    expect(world.slack.refusals).toMatchObject([{ error: 'invalid_options' }]);
    world.app.answer = () => ({ status: 500 });
    expect(await search(place, 'web')).toEqual({ options: [] });
  });
});

test('nobody can act who is not there, or where they are not', async () => {
  await expect(world.slack.say('U0NOBODY', OPS, 'x')).rejects.toThrow('no person');
  await expect(world.slack.say('U0GONE', OPS, 'x')).rejects.toThrow('no person');
  await expect(world.slack.say('U0BOB', 'C0SECRET', 'x')).rejects.toThrow('not in a channel');
  await expect(world.slack.waitFor(() => null, 'what never comes', 20)).rejects.toThrow(
    'waited 20 ms for what never comes',
  );
});

test('every change is announced with a growing version', async () => {
  const versions: number[] = [];
  world.slack.on('changed', (version) => versions.push(version));
  await world.slack.say(ALICE, OPS, 'one');
  await world.slack.say(ALICE, OPS, 'two');
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  expect(world.slack.view(ALICE).version).toBe(versions.at(-1));
});

test('nobody can type where the manifest or the channel does not let them', async () => {
  const granted = await openWorkspace();
  const dm = granted.slack.dm(ALICE);
  const channel = granted.slack.view(ALICE).channels.find(({ id }) => id === dm);
  expect(channel).toMatchObject({ kind: 'im', withUser: 'U0BOT', readOnly: true });
  const refused = { ok: false, error: 'restricted_action_read_only_channel' };
  expect(await granted.slack.say(ALICE, dm, 'hello?')).toEqual(refused);
  expect(await granted.slack.say(ALICE, 'C0OLD', 'anybody?')).toEqual(refused);
  await granted.close();
});
