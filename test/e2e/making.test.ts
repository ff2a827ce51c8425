// What people make in front of the demo: a server out of a form, and a key pair whose private key is seen once.
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { canBrowse, QUICK, useFront } from './front.ts';
import type { Window } from './window.ts';

if (!canBrowse) console.log('No Chromium on PATH: what is made in the browser is skipped.');

const PHONE = { width: 390, height: 844 };

/** Chooses in a menu of the open form by typing. */
async function chooses({ modal, page }: Window, label: string, option: string): Promise<void> {
  const menu = modal.getByRole('combobox', { name: label });
  await menu.click();
  await menu.fill(option);
  await page.getByRole('option', { name: option }).first().click();
}

const size = ({ modal }: Window): Locator => modal.getByRole('textbox', { name: 'Disk size' });

async function widthOf(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth');
}

describe.runIf(canBrowse)('in front of the demo', () => {
  const { openDemo, signedIn } = useFront();

  it('the form of a new server mends itself as one chooses, says at each field what cannot be, and orders', async () => {
    const alice = await signedIn(await openDemo(QUICK), 'alice', PHONE);
    const { modal, page } = alice;
    await alice.says('/ecs create web-9');
    await chooses(alice, 'Flavor', 's2.small.1');
    await chooses(alice, 'Image', 'windows-2025');
    await modal.getByText('needs at least 4 GiB of memory, and s2.small.1 has 1 GiB').waitFor();
    await modal.getByText('At least 40 GiB for this image').waitFor();
    await chooses(alice, 'Image', 'ubuntu-24.04');
    await modal.getByText('At least 8 GiB for this image').waitFor();
    expect(await size(alice).inputValue()).toBe('10');
    expect(await widthOf(page)).toBe(PHONE.width);

    await size(alice).fill('4');
    await modal.getByTestId('modal-submit').click();
    await modal.getByText('Please complete this required field.').waitFor();
    await chooses(alice, 'Network', 'demo-net');
    await modal.getByTestId('modal-submit').click();
    await modal.getByText('ubuntu-24.04 needs at least 8 GiB.').waitFor();
    await size(alice).fill('12');
    await chooses(alice, 'Disk type', 'fast');
    await modal.getByTestId('modal-submit').click();
    await modal.getByText('is ordered. Its card is in').waitFor();
    await modal.getByTestId('modal-close').click();

    const card = await alice.seesCard('web-9', 'Ready');
    for (const words of ['ubuntu-24.04', '12 GiB fast, goes when the server goes', 'ACTIVE']) {
      await card.getByText(words).first().waitFor();
    }
    expect(await card.innerText()).not.toContain('password');
    await page.getByTestId('open-menu').click();
    await alice.opensDm();
    await page
      .getByTestId('message')
      .filter({ hasText: /Your server web-9 is ACTIVE.*Its first password, told to you alone/ })
      .waitFor();
  });

  it('a private key is shown once, however often and by whomever the link is opened', async () => {
    const alice = await signedIn(await openDemo(QUICK), 'alice');
    const told = await alice.asks('/ecs keypair create laptop');
    const link = told.getByRole('button', { name: 'Show the private key once' });
    const url = (await link.getAttribute('href')) ?? '';

    // A preview, or somebody who was sent the link, only looks.
    const other = await alice.page.context().newPage();
    await other.goto(url);
    await other.getByText('Private key of key pair laptop').waitFor();
    await other.reload();

    const page = await alice.page.context().newPage();
    await page.setViewportSize(PHONE);
    await page.goto(url);
    await page.getByRole('button', { name: 'This is me, show it' }).click();
    await page.getByText('BEGIN RSA PRIVATE KEY').waitFor();
    expect(await widthOf(page)).toBe(PHONE.width);

    for (const late of [other, page]) {
      await late.goto(url);
      await late.getByText('There is nothing here (any more)').waitFor();
      expect(await late.content()).not.toContain('PRIVATE KEY-----');
    }
    expect(await alice.page.content()).not.toContain('PRIVATE KEY-----');
  });
});
