// The demo page in a real browser against the simulated workspace: what a person must be able to rely on in front of it.
import {
  ALICE,
  BOB,
  button,
  clientFor,
  input,
  modal,
  openWorkspace,
  OPS,
  post as postAs,
  section,
  trigger,
} from '../simulators/slack/test-workspace.ts';
import type { TestWorkspace } from '../simulators/slack/test-workspace.ts';
import type { KnownBlock } from '@slack/types';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { until } from '../support/until.ts';
import { chromiumPath, launchChromium } from './chromium.ts';

if (chromiumPath === null) console.log('No Chromium on PATH: the tests of the demo page in a browser are skipped.');

// A browser on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const DIR = new URL('page', import.meta.url).pathname;
const TEN = '1795255200';

let browser: Browser;
let world: TestWorkspace;
let context: BrowserContext;
/** What the browser complained about: blocked scripts and styles, uncaught errors. */
let complaints: string[];

async function openAs(userId: string, place: string = OPS): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (line) => {
    if (/Content Security Policy|Uncaught/.test(line.text())) complaints.push(line.text());
  });
  await page.goto(`${world.slack.url}/#/${userId}/${place}`);
  await page.locator('.shell').waitFor();
  return page;
}

const composer = (page: Page): Locator => page.getByTestId('composer');
const dialog = (page: Page): Locator => page.getByTestId('modal');
const shown = (locator: Locator): Promise<void> => locator.waitFor();
/** The same element, once it has the focus. */
const focused = (locator: Locator): Locator => locator.and(locator.page().locator(':focus'));
const gone = (locator: Locator): Promise<void> => locator.waitFor({ state: 'detached' });

const noAnswer = (): Promise<never> => new Promise(() => {});

async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

function post(text: string, more: { blocks?: KnownBlock[]; thread_ts?: string } = {}): Promise<{ ts?: string }> {
  return postAs(world, { channel: OPS, text, ...more });
}

/** Alice types a command, and the app opens a form. */
async function openForm(page: Page, blocks: KnownBlock[]): Promise<string> {
  await send(page, '/ecs form');
  await until(() => world.app.received.length > 0, 'the command to reach the app');
  const { view } = await world.client.views.open({ trigger_id: trigger(world.app), view: modal(blocks) });
  await shown(dialog(page));
  return view?.id ?? '';
}

describe.runIf(chromiumPath !== null)('the demo page', () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    world = await openWorkspace({ page: { dir: DIR }, ackLimitMs: 300 });
    context = await browser.newContext({ locale: 'en-US', timezoneId: 'Europe/Berlin' });
    complaints = [];
  });
  afterEach(async () => {
    await context.close();
    await world.close();
    expect(complaints).toEqual([]);
  });

  describe('messages', () => {
    test('show who wrote them, and when by the reader’s clock', async () => {
      const alice = await openAs(ALICE);
      await post('Hello');
      await send(await openAs(BOB), 'Good morning');
      const [first, second] = [alice.getByTestId('message').nth(0), alice.getByTestId('message').nth(1)];
      await shown(second);
      expect(await first.innerText()).toMatch(/ECS Flight Deck\s+APP\s+11:00 AM\s+Hello/);
      expect(await second.innerText()).toMatch(/Bob\s+11:00 AM\s+Good morning/);
    });

    test('are drawn as Slack draws them: marks, mentions, dates in the reader’s zone, links in a new tab', async () => {
      const alice = await openAs(ALICE);
      await post(
        `*bold* \`code\` <@${BOB}> <#${OPS}> <https://example.com/|docs> <!date^${TEN}^{date_short_pretty} {time}|x>`,
      );
      const text = alice.getByTestId('message').locator('.text');
      await shown(text);
      expect(await text.innerText()).toBe('bold code @Bob #ops docs today 11:00 AM');
      expect(await text.locator('b').innerText()).toBe('bold');
      const link = text.getByRole('link', { name: 'docs' });
      expect(await link.getAttribute('target')).toBe('_blank');
      expect(await link.getAttribute('rel')).toContain('noopener');
    });

    test('that mean harm stay text', async () => {
      const alice = await openAs(ALICE);
      await post('&lt;img src=x onerror=alert(1)&gt; <javascript:alert(1)|press me>');
      const text = alice.getByTestId('message').locator('.text');
      await shown(text);
      expect(await text.innerText()).toBe('<img src=x onerror=alert(1)> press me');
      expect(await text.locator('img, script, a').count()).toBe(0);
    });

    test('meant for one person are marked, are not shown to another, and can be put away', async () => {
      const [alice, bob] = [await openAs(ALICE), await openAs(BOB)];
      await world.client.chat.postEphemeral({ channel: OPS, user: ALICE, text: 'Psst' });
      const whisper = alice.getByTestId('message').filter({ hasText: 'Psst' });
      await shown(whisper.getByText('Only visible to you'));
      await post('For all');
      await shown(bob.getByText('For all'));
      expect(await bob.getByText('Psst').count()).toBe(0);
      await whisper.getByRole('button', { name: 'Dismiss' }).click();
      await gone(whisper);
    });

    test('hold tables and lists; a block the page does not know is named, not dropped', async () => {
      const alice = await openAs(ALICE);
      await context.route('**/control/state*', async (route) => {
        const answer = await route.fetch();
        const body = (await answer.text()).replace('"type":"divider"', '"type":"hologram"');
        await route.fulfill({ response: answer, body });
      });
      const cell = (text: string) => ({ type: 'raw_text' as const, text });
      await post('Servers', {
        blocks: [
          {
            type: 'table',
            rows: [
              [cell('Server'), cell('Status')],
              [cell('web-1'), cell('ACTIVE')],
            ],
          },
          {
            type: 'rich_text',
            elements: [
              {
                type: 'rich_text_list',
                style: 'bullet',
                elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'one' }] }],
              },
            ],
          },
          { type: 'divider' },
        ],
      });
      await shown(alice.getByRole('columnheader', { name: 'Status' }));
      expect(await alice.getByRole('row').nth(1).innerText()).toMatch(/web-1\s+ACTIVE/);
      await shown(alice.getByTestId('message').getByRole('listitem').filter({ hasText: 'one' }));
      await shown(alice.getByText('cannot show a block of type “hologram”'));
    });

    test('in a thread stand beside the channel, with their number under the first', async () => {
      const alice = await openAs(ALICE);
      const { ts = '' } = await post('A card');
      for (const text of ['Stopping', 'Resizing']) await post(text, { thread_ts: ts });
      await alice.getByRole('link', { name: /2 replies/ }).click();
      await shown(alice.getByTestId('thread').getByText('Resizing'));
      expect(await alice.getByTestId('messages').getByText('Resizing').count()).toBe(0);
      await alice.keyboard.press('Escape');
      await gone(alice.getByTestId('thread'));
    });

    test('in a channel that is not open make it bold until it is', async () => {
      const alice = await openAs(ALICE, 'C0LOUNGE');
      const ops = alice.getByTestId('channel').filter({ hasText: 'ops' });
      await post('News');
      await shown(alice.locator(`[data-channel=${OPS}][data-unread=true]`));
      await ops.click();
      await shown(alice.getByText('News'));
      expect(await ops.getAttribute('data-unread')).toBe('false');
    });
  });

  describe('typing', () => {
    test('is not disturbed by what others write meanwhile', async () => {
      const alice = await openAs(ALICE);
      await composer(alice).pressSequentially('/ecs resize web-1');
      await composer(alice).press('Home');
      await post('Meanwhile');
      await shown(alice.getByText('Meanwhile'));
      await alice.keyboard.type('x');
      expect(await composer(alice).inputValue()).toBe('x/ecs resize web-1');
    });

    test('a command is completed from what the app says about itself', async () => {
      await world.close();
      const usageHint = 'login | list | show <server>';
      world = await openWorkspace({
        page: { dir: DIR },
        commands: [{ command: '/ecs', description: 'Servers', usageHint }],
      });
      const alice = await openAs(ALICE);
      await composer(alice).pressSequentially('/e');
      await shown(alice.getByRole('option', { name: /\/ecs.*Servers/ }));
      await composer(alice).press('Tab');
      await composer(alice).pressSequentially('sh');
      await composer(alice).press('Tab');
      expect(await composer(alice).inputValue()).toBe('/ecs show ');
      await alice.keyboard.type('web-1');
      await alice.keyboard.press('Enter');
      await until(() => world.app.received.length > 0, 'the command to reach the app');
      expect(world.app.lastCommand().get('text')).toBe('show web-1');
    });

    test('brings back what was sent before', async () => {
      const alice = await openAs(ALICE);
      await send(alice, 'first');
      await send(alice, 'second');
      await composer(alice).press('ArrowUp');
      await composer(alice).press('ArrowUp');
      expect(await composer(alice).inputValue()).toBe('first');
      await composer(alice).press('ArrowDown');
      await composer(alice).press('ArrowDown');
      expect(await composer(alice).inputValue()).toBe('');
    });

    test('a command the app does not take in time is told of in Slack’s words, and can be sent again', async () => {
      world.app.answer = noAnswer;
      const alice = await openAs(ALICE);
      await send(alice, '/ecs list');
      await shown(alice.getByText('/ecs failed with the error "operation_timeout"'));
      expect(await composer(alice).inputValue()).toBe('/ecs list');
    });
  });

  describe('buttons', () => {
    const dangerous: KnownBlock = {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'revert',
          value: 'R-1',
          style: 'danger',
          text: { type: 'plain_text', text: 'Revert' },
          accessibility_label: 'Revert request R-1',
          confirm: {
            title: { type: 'plain_text', text: 'Revert?' },
            text: { type: 'plain_text', text: 'Data is lost.' },
            confirm: { type: 'plain_text', text: 'Yes, revert' },
            deny: { type: 'plain_text', text: 'Go back' },
            style: 'danger',
          },
        },
      ],
    };

    test('ask before something dangerous, and going back sends nothing', async () => {
      const alice = await openAs(ALICE);
      await post('Card', { blocks: [dangerous] });
      const revert = alice.getByRole('button', { name: 'Revert request R-1' });
      await revert.click();
      await alice.getByRole('alertdialog', { name: 'Revert?' }).getByRole('button', { name: 'Go back' }).click();
      await gone(alice.getByTestId('confirm'));
      expect(world.app.received).toEqual([]);
      await shown(focused(revert));
      await revert.click();
      await alice.getByRole('button', { name: 'Yes, revert' }).click();
      await until(() => world.app.received.length === 1, 'the click to reach the app');
      expect(world.app.lastPayload()).toMatchObject({ actions: [{ action_id: 'revert', value: 'R-1' }] });
    });

    test('that the app does not take say so beside them', async () => {
      world.app.answer = () => ({ status: 500 });
      const alice = await openAs(ALICE);
      await post('Card', { blocks: [button('approve', 'R-1')] });
      await alice.getByRole('button', { name: 'approve' }).click();
      await shown(alice.getByText(/responded with an error.*dispatch_failed/));
    });

    test('that are gone after the click leave the focus in their message', async () => {
      const alice = await openAs(ALICE);
      const { ts = '' } = await post('Card', { blocks: [button('approve', 'R-1')] });
      await alice.getByRole('button', { name: 'approve' }).focus();
      await world.client.chat.update({ channel: OPS, ts, text: 'Approved', blocks: [section('Approved')] });
      await shown(alice.getByText('Approved'));
      await shown(focused(alice.locator(`[data-ts="${ts}"]`)));
    });

    test('of a menu open it, and the choice is told', async () => {
      const alice = await openAs(ALICE);
      const option = (value: string) => ({ value, text: { type: 'plain_text' as const, text: `Server ${value}` } });
      await post('Card', {
        blocks: [
          {
            type: 'actions',
            elements: [
              {
                type: 'static_select',
                action_id: 'pick',
                placeholder: { type: 'plain_text', text: 'Choose' },
                options: [option('a'), option('b')],
              },
            ],
          },
          {
            type: 'section',
            text: { type: 'mrkdwn', text: 'more' },
            accessory: { type: 'overflow', action_id: 'more', options: [option('c'), option('d')] },
          },
        ],
      });
      const pick = alice.getByRole('combobox', { name: 'Choose' });
      await pick.fill('server b');
      await pick.press('Enter');
      await until(() => world.app.received.length === 1, 'the choice to reach the app');
      expect(world.app.lastPayload()).toMatchObject({ actions: [{ selected_option: { value: 'b' } }] });
      await alice.getByRole('button', { name: 'More actions' }).click();
      await alice.getByRole('menuitem', { name: 'Server d' }).click();
      await until(() => world.app.received.length === 2, 'the second choice to reach the app');
      expect(world.app.lastPayload()).toMatchObject({
        actions: [{ action_id: 'more', selected_option: { value: 'd' } }],
      });
    });
  });

  describe('a modal', () => {
    test('keeps what was typed, and the caret, when the app changes it', async () => {
      const alice = await openAs(ALICE);
      const id = await openForm(alice, [input('reason')]);
      const field = dialog(alice).getByRole('textbox', { name: 'reason' });
      await shown(focused(field));
      await alice.keyboard.type('more memory');
      await world.client.views.update({ view_id: id, view: modal([section('Almost there'), input('reason')]) });
      await shown(dialog(alice).getByText('Almost there'));
      await alice.keyboard.type('!');
      expect(await field.inputValue()).toBe('more memory!');
    });

    test('does not send an empty field, and shows the app’s own complaint at the field', async () => {
      const alice = await openAs(ALICE);
      await openForm(alice, [input('reason')]);
      const [before, field] = [world.app.received.length, dialog(alice).getByRole('textbox', { name: 'reason' })];
      await dialog(alice).getByRole('button', { name: 'Send' }).click();
      await shown(dialog(alice).getByText('Please complete this required field.'));
      expect(world.app.received.length).toBe(before);
      world.app.answer = () => ({
        body: JSON.stringify({ response_action: 'errors', errors: { reason: 'Say more.' } }),
      });
      await field.fill('x');
      await field.press('Enter');
      await shown(dialog(alice).getByText('Say more.'));
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      await field.fill('because it is slow');
      await gone(dialog(alice).getByText('Say more.'));
      world.app.answer = () => ({});
      await field.press('Enter');
      await gone(dialog(alice));
    });

    test('that cannot be sent stays, and says so', async () => {
      const alice = await openAs(ALICE);
      await openForm(alice, [input('reason')]);
      world.app.answer = noAnswer;
      await dialog(alice).getByRole('textbox', { name: 'reason' }).fill('x');
      await dialog(alice).getByRole('button', { name: 'Send' }).click();
      await shown(dialog(alice).getByText(/We had some trouble connecting. Try again\?/));
      expect(await dialog(alice).getByRole('textbox', { name: 'reason' }).inputValue()).toBe('x');
    });

    test('searches through the app while one types', async () => {
      const alice = await openAs(ALICE);
      await openForm(alice, [
        {
          type: 'input',
          block_id: 'server',
          label: { type: 'plain_text', text: 'Server' },
          element: { type: 'external_select', action_id: 'id', min_query_length: 1 },
        },
      ]);
      const found = [{ value: 'id-1', text: { type: 'plain_text', text: 'web-1' } }];
      world.app.answer = () => ({ body: JSON.stringify({ options: found }) });
      const field = dialog(alice).getByRole('combobox', { name: 'Server' });
      await field.pressSequentially('we');
      await alice.getByRole('option', { name: 'web-1' }).click();
      expect(await field.inputValue()).toBe('web-1');
      world.app.answer = () => ({});
      await dialog(alice).getByRole('button', { name: 'Send' }).click();
      await gone(dialog(alice));
      expect(world.app.lastPayload()).toMatchObject({
        view: { state: { values: { server: { id: { selected_option: { value: 'id-1' } } } } } },
      });
    });

    test('that is to be read begins at its top, however far down its buttons are', async () => {
      const alice = await openAs(ALICE);
      await openForm(alice, [section('line\n'.repeat(80)), button('next', 'page 2')]);
      expect(await alice.evaluate(`document.querySelector('.modal-body').scrollTop`)).toBe(0);
      await shown(focused(dialog(alice).getByRole('button', { name: 'Send' })));
    });

    test('closes with Escape, and the focus goes back to the composer', async () => {
      const alice = await openAs(ALICE);
      await openForm(alice, [input('reason')]);
      await alice.keyboard.press('Escape');
      await gone(dialog(alice));
      expect(world.slack.view(ALICE).modals).toEqual([]);
      await shown(focused(composer(alice)));
    });
  });

  describe('the shortcuts', () => {
    const menu = (page: Page): Locator => page.getByRole('menu');

    test('of the manifest stand under the “+”, and tell the app nothing of the channel', async () => {
      const alice = await openAs(ALICE);
      await alice.getByRole('button', { name: 'Shortcuts' }).click();
      await shown(menu(alice).getByText('ECS Flight Deck'));
      expect(await menu(alice).getByRole('menuitem').allInnerTexts()).toEqual([
        expect.stringMatching(/^Resize a server\s+Ask for another flavor/),
        expect.stringMatching(/^List servers\s+The servers of your project/),
      ]);
      await alice.keyboard.press('ArrowDown');
      await alice.keyboard.press('Enter');
      await until(() => world.app.received.length > 0, 'the shortcut to reach the app');
      const sent = world.app.lastPayload();
      expect(sent).toMatchObject({ type: 'shortcut', callback_id: 'list_servers', user: { id: ALICE } });
      for (const place of ['channel', 'response_url']) expect(sent).not.toHaveProperty(place);
      await gone(menu(alice));
    });

    test('of a message stand under its “⋯”, in a thread too, and carry the message to the app', async () => {
      const alice = await openAs(ALICE);
      const { ts = '' } = await post('web-1 is slow');
      await post('Still?', { thread_ts: ts });
      await alice.getByTestId('message').getByRole('link', { name: '1 reply' }).click();
      const root = alice.getByTestId('thread').getByTestId('message').filter({ hasText: 'web-1 is slow' });
      await root.hover();
      await root.getByRole('button', { name: 'Message shortcuts' }).click();
      await menu(alice).getByRole('menuitem', { name: 'Show the named server' }).click();
      await until(() => world.app.received.length > 0, 'the shortcut to reach the app');
      expect(world.app.lastPayload()).toMatchObject({
        type: 'message_action',
        callback_id: 'show_named_server',
        channel: { id: OPS },
        message: { ts, text: 'web-1 is slow' },
      });
    });

    test('are not on what one person alone sees', async () => {
      const alice = await openAs(ALICE);
      await world.client.chat.postEphemeral({ channel: OPS, user: ALICE, text: 'Psst' });
      const whisper = alice.getByTestId('message').filter({ hasText: 'Psst' });
      await shown(whisper);
      expect(await whisper.getByRole('button', { name: 'Message shortcuts' }).count()).toBe(0);
    });

    test('that the app does not take are told where the person is', async () => {
      const alice = await openAs(ALICE);
      world.app.answer = noAnswer;
      await alice.getByRole('button', { name: 'Shortcuts' }).click();
      await menu(alice).getByRole('menuitem', { name: 'List servers' }).click();
      await shown(alice.getByText('“List servers” failed with the error "operation_timeout"'));
    });
  });

  test('where the app takes no messages there is nowhere to type one', async () => {
    const alice = await openAs(ALICE);
    await alice.getByTestId('channel').filter({ hasText: 'ECS Flight Deck' }).click();
    await shown(alice.getByText('Sending messages to this app has been turned off.'));
    expect(await composer(alice).count()).toBe(0);
  });

  test('an address with nobody’s name leads to the first person', async () => {
    const page = await openAs('U0NOBODY', 'C0NOWHERE');
    await shown(composer(page));
    expect(page.url()).toContain(`#/${ALICE}/${OPS}`);
  });

  test('changing the person changes the view, and keeps what each has begun to type', async () => {
    const page = await openAs(ALICE);
    await composer(page).fill('Alice’s words');
    await page.getByTestId('person').filter({ hasText: 'Bob' }).click();
    await shown(page.getByText('as Bob'));
    expect(await composer(page).inputValue()).toBe('');
    await page.getByTestId('person').filter({ hasText: 'Alice' }).click();
    await shown(page.getByText('as Alice'));
    expect(await composer(page).inputValue()).toBe('Alice’s words');
  });

  test('the App Home is asked for when it is opened', async () => {
    const page = await openAs(ALICE);
    await page.getByTestId('home-entry').click();
    await until(() => world.app.received.length > 0, 'app_home_opened to reach the app');
    await clientFor(world.slack).views.publish({
      user_id: ALICE,
      view: { type: 'home', blocks: [section('Your servers')] },
    });
    await shown(page.getByTestId('home').getByText('Your servers'));
  });

  test('the cloud is shown where there is one, waiting calls on one line', async () => {
    const call = { method: 'GET', status: 200, by: 'alice', ms: 3 };
    const calls = [1, 2, 3].map((second) => ({
      ...call,
      at: second * 1000,
      path: `/v2.1/servers?changes-since=${second}`,
    }));
    const server = { id: 's1', name: 'web-1', status: 'VERIFY_RESIZE', flavor: 'c1.large', project: 'shop' };
    await context.route('**/cloud/state', (route) => route.fulfill({ json: { servers: [server], calls } }));
    const page = await openAs(ALICE);
    await shown(page.getByTestId('cloud-server').filter({ hasText: 'VERIFY_RESIZE' }));
    expect(await page.getByTestId('cloud-call').count()).toBe(1);
    expect(await page.getByTestId('cloud-call').innerText()).toContain('3 times');
  });

  test('on a phone the channels come out of a drawer, and nothing is wider than the screen', async () => {
    await context.close();
    context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true });
    const page = await openAs(ALICE);
    await post('Long words', { blocks: [section(`${'x'.repeat(300)} \`${'y'.repeat(300)}\``)] });
    await shown(page.getByTestId('message'));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const lounge = page.getByTestId('channel').filter({ hasText: 'lounge' });
    expect(await lounge.isVisible()).toBe(false);
    await page.getByTestId('open-menu').click();
    await lounge.click();
    await shown(page.getByRole('heading', { name: 'lounge' }).first());
    await lounge.waitFor({ state: 'hidden' });
  });
});
