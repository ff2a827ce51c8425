// The whole product as people meet it: the demo as a process, its page in real browser windows, nothing faked in between.
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { isRunning } from './demo.ts';
import { canBrowse, QUICK, useFront } from './front.ts';
import type { Window } from './window.ts';

if (!canBrowse) console.log('No Chromium on PATH: the story in the browser is skipped.');

function serverInCloud({ page }: Window, server: string, status: string): Locator {
  return page.locator(`[data-testid=cloud-server][data-server="${server}"][data-status="${status}"]`);
}

/** Each has the mouse on the button before either presses it, so that no click waits for anything. */
async function clickAtOnce(people: Window[], server: string, button: string): Promise<void> {
  await Promise.all(people.map(({ card }) => card(server).getByRole('button', { name: button }).hover()));
  await Promise.all(
    people.map(async ({ page }) => {
      await page.mouse.down();
      await page.mouse.up();
    }),
  );
}

describe.runIf(canBrowse)('in front of the demo', () => {
  const { openDemo, sit, signedIn } = useFront();

  it('Alice asks, Bob approves, Alice confirms, and one card tells it all', async () => {
    const demo = await openDemo(QUICK);
    const [alice, bob] = [await sit(demo, 'alice'), await sit(demo, 'bob')];

    const unknown = await alice.asks('/ecs list');
    await unknown.getByText('/ecs login').first().waitFor();
    await (await alice.signsIn('command')).getByText('Signed in as alice').waitFor();
    await (await bob.signsIn('form')).getByText('Signed in as bob').waitFor();

    const list = await alice.asks('/ecs list');
    for (const words of ['3 servers in project', 'web-1', 'web-2', 'db-1'])
      await list.getByText(words).first().waitFor();

    await alice.page.getByTestId('composer').pressSequentially('/e');
    await alice.page.keyboard.press('Tab');
    await alice.page.keyboard.type('res');
    await alice.page.getByRole('option', { name: '/ecs resize' }).waitFor();
    await alice.page.keyboard.press('Tab');
    await alice.page.keyboard.type('web-1 c1.2xlarge --reason more load');
    await alice.page.keyboard.press('Enter');

    const card = await bob.seesCard('web-1', 'Awaiting approval');
    for (const words of ['s2.small.1 → c1.2xlarge', '1 → 8 vCPU', 'more load', 'nobody yet']) {
      await card.getByText(words).first().waitFor();
    }
    expect(await bob.page.getByText('3 servers in project').count()).toBe(0);
    await bob.clicks('web-1', 'Approve');

    await serverInCloud(alice, 'web-1', 'VERIFY_RESIZE').waitFor();
    await alice.seesCard('web-1', 'Awaiting confirmation');
    await alice.card('web-1').getByText('Confirmed automatically').first().waitFor();
    await alice.clicks('web-1', 'Confirm');

    const done = await alice.seesCard('web-1', 'Resized');
    const progress = await done.innerText();
    const steps = [
      'Asked for',
      'Approved by',
      'Stopping the server',
      'Resizing to',
      'Confirm chosen',
      'Starting',
      'Done',
    ];
    expect(steps.filter((step) => !progress.includes(step))).toEqual([]);
    expect(await alice.page.getByRole('heading', { name: '· web-1' }).count()).toBe(1);
    expect(await done.locator('.block').getByRole('button').count()).toBe(0);
    const server = serverInCloud(alice, 'web-1', 'ACTIVE');
    await server.filter({ hasText: 'c1.2xlarge' }).waitFor();

    await done.getByRole('link', { name: /repl/ }).click();
    await alice.page.getByTestId('thread').getByText('look at the server').waitFor();
    await alice.opensDm();
    await alice.page
      .getByTestId('message')
      .filter({ hasText: /Resized: resize of .*web-1/ })
      .waitFor();
  });

  it('Bob denies: nothing is changed, and Alice is told', async () => {
    const demo = await openDemo(QUICK);
    const [alice, bob] = [await signedIn(demo, 'alice'), await signedIn(demo, 'bob')];
    await alice.says('/ecs resize db-1 c1.large');
    await bob.seesCard('db-1', 'Awaiting approval');
    await bob.clicks('db-1', 'Deny');
    await bob.modal.getByRole('textbox', { name: 'Reason' }).fill('not before the release');
    await bob.modal.getByRole('button', { name: 'Deny' }).click();
    const card = await alice.seesCard('db-1', 'Denied');
    await card.getByText('not before the release').first().waitFor();
    await bob.modal.waitFor({ state: 'detached' });
    expect(await card.locator('.block').getByRole('button').count()).toBe(0);
    await serverInCloud(alice, 'db-1', 'ACTIVE').filter({ hasText: 's2.medium.1' }).waitFor();
    await alice.opensDm();
    await alice.page
      .getByTestId('message')
      .filter({ hasText: /Denied: resize of .*db-1/ })
      .waitFor();
  });

  it('of two approvers at once one wins and the other reads who; a revert asks first and goes back', async () => {
    const demo = await openDemo(QUICK);
    const [alice, bob, carol] = [
      await signedIn(demo, 'alice'),
      await signedIn(demo, 'bob'),
      await signedIn(demo, 'carol'),
    ];
    await alice.says('/ecs resize web-2 c1.large');
    for (const person of [bob, carol]) await person.seesCard('web-2', 'Awaiting approval');
    await clickAtOnce([bob, carol], 'web-2', 'Approve');

    const refused = ({ page }: Window) => page.getByTestId('message').filter({ hasText: 'was already approved by' });
    const losers = async () => {
      const counts = await Promise.all([bob, carol].map(async (one) => ({ one, told: await refused(one).count() })));
      return counts.filter(({ told }) => told > 0).map(({ one }) => one);
    };
    const [loser] = await until(
      async () => ((await losers()).length > 0 ? losers() : null),
      'somebody to be too late',
      30_000,
    );
    const winner = loser === bob ? 'Carol' : 'Bob';
    expect(loser && (await refused(loser).innerText())).toContain(`by @${winner}`);

    const card = await alice.seesCard('web-2', 'Awaiting confirmation');
    expect(await card.innerText()).toMatch(new RegExp(`Approved by\\s+@${winner}`));
    expect((await losers()).length).toBe(1);

    await alice.clicks('web-2', 'Revert');
    await alice.question.getByText('Data written on web-2 since the resize is lost').waitFor();
    await alice.question.getByTestId('confirm-no').click();
    await serverInCloud(alice, 'web-2', 'VERIFY_RESIZE').waitFor();
    await alice.clicks('web-2', 'Revert');
    await alice.question.getByTestId('confirm-yes').click();
    await alice.seesCard('web-2', 'Reverted');
    await serverInCloud(alice, 'web-2', 'ACTIVE').filter({ hasText: 's2.small.1' }).waitFor();
  });

  it('an incomplete resize opens a form; nobody approves their own request', async () => {
    const demo = await openDemo(QUICK);
    const alice = await signedIn(demo, 'alice');
    await alice.says('/ecs resize');
    const { modal, page } = alice;
    await modal.getByRole('combobox', { name: 'Server' }).fill('db');
    await page.getByRole('option', { name: /db-1/ }).click();
    await modal.getByRole('button', { name: 'Ask' }).click();
    await modal.getByText('Please complete this required field.').waitFor();
    await modal.getByRole('combobox', { name: 'Flavor' }).fill('c1.large');
    await page.keyboard.press('Enter');
    await modal.getByRole('textbox', { name: 'Reason' }).fill('the import needs memory');
    await modal.getByRole('button', { name: 'Ask' }).click();
    await modal.getByText('Its card is in').waitFor();
    await modal.getByTestId('modal-close').click();

    await (await alice.seesCard('db-1', 'Awaiting approval')).getByText('the import needs memory').waitFor();
    const refusal = await alice.isTold(() => alice.clicks('db-1', 'Approve'));
    await refusal.getByText('four-eyes').waitFor();
    await alice.seesCard('db-1', 'Awaiting approval');
    await alice.clicks('db-1', 'Cancel');
    await alice.seesCard('db-1', 'Cancelled');
  });

  it('the menus of Slack itself ask for a resize from anywhere, and show the server that a message names', async () => {
    const demo = await openDemo(QUICK);
    const alice = await signedIn(demo, 'alice');
    const { modal, page } = alice;
    await alice.says('db-1 is slow since noon');
    const said = page.getByTestId('message').filter({ hasText: 'db-1 is slow' });
    await said.hover();
    const answer = await alice.isTold(async () => {
      await said.getByRole('button', { name: 'Message shortcuts' }).click();
      await page.getByRole('menuitem', { name: 'Show the named server' }).click();
    });
    await answer.getByText('is ACTIVE').waitFor();

    await page.getByRole('button', { name: 'Shortcuts', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Resize a server' }).click();
    await modal.getByRole('combobox', { name: 'Server' }).fill('db');
    await page.keyboard.press('Enter');
    await modal.getByRole('combobox', { name: 'Flavor' }).fill('c1.large');
    await page.keyboard.press('Enter');
    await modal.getByRole('combobox', { name: 'Channel for the card' }).fill('ops');
    await page.keyboard.press('Enter');
    await modal.getByRole('button', { name: 'Ask' }).click();
    await modal.getByText('Its card is in').waitFor();
    await modal.getByTestId('modal-close').click();
    await alice.seesCard('db-1', 'Awaiting approval');
  });

  it('what one person asks nobody else sees; on a phone nothing is wider than the screen', async () => {
    const demo = await openDemo(QUICK);
    const [alice, bob] = [await signedIn(demo, 'alice'), await sit(demo, 'bob', { width: 390, height: 780 })];
    await (await bob.signsIn()).getByText('Signed in as bob').waitFor();
    await (await alice.asks('/ecs show web-1')).getByText('looked at').waitFor();
    await alice.says('/ecs resize web-1 c1.large');
    const card = await bob.seesCard('web-1', 'Awaiting approval');
    expect(await bob.page.getByText('looked at').count()).toBe(0);

    expect(await bob.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    for (const button of await card.getByRole('button').all()) {
      const box = await button.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
    }
    const shown = await bob.asks('/ecs show db-1');
    await shown.getByText('s2.medium.1').first().waitFor();
    await bob.clicks('web-1', 'Deny');
    await bob.modal.getByRole('button', { name: 'Deny' }).click();
    await bob.seesCard('web-1', 'Denied');
  });

  it('Ctrl-C in the middle of a resize ends every process of the demo', async () => {
    const demo = await openDemo(1);
    const [alice, bob] = [await signedIn(demo, 'alice'), await signedIn(demo, 'bob')];
    await alice.says('/ecs resize web-1 c1.large');
    await bob.seesCard('web-1', 'Awaiting approval');
    await bob.clicks('web-1', 'Approve');
    await serverInCloud(alice, 'web-1', 'RESIZE').waitFor();

    const processes = demo.processes();
    expect(await demo.interrupt(), demo.printed()).toBe(0);
    expect(processes.filter(isRunning)).toEqual([]);
    expect(demo.isAlive()).toBe(false);
    await expect(fetch(demo.url)).rejects.toThrow();
  });
});
