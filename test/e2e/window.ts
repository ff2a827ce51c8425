// Somebody's browser window on the demo page, in the verbs of somebody who sits in front of it.
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { until } from '../support/until.ts';

const PEOPLE = {
  alice: { id: 'U0ALICE', timeZone: 'Europe/Berlin', account: /Alice/ },
  bob: { id: 'U0BOB', timeZone: 'America/New_York', account: /Bob/ },
  carol: { id: 'U0CAROL', timeZone: 'Asia/Tokyo', account: /Carol/ },
} as const;

export type Name = keyof typeof PEOPLE;

export type Window = {
  name: Name;
  page: Page;
  /** Sends a line. */
  says(line: string): Promise<void>;
  /** Sends a line and waits for the answer that only this person sees. */
  asks(line: string): Promise<Locator>;
  /** Does something and waits for what it makes the bot tell this person alone. */
  isTold(deed: () => Promise<unknown>): Promise<Locator>;
  /** The newest card about this server. */
  card(server: string): Locator;
  /** Waits until that card is in this state, e.g. `Awaiting approval`. */
  seesCard(server: string, state: string): Promise<Locator>;
  /** Presses a button of that card. */
  clicks(server: string, button: string): Promise<void>;
  /** The question before a dangerous click. */
  question: Locator;
  modal: Locator;
  /** Goes to the direct conversation with the bot. */
  opensDm(): Promise<void>;
  /** Link, page, identity provider, code; the code is typed as a command, or into the form behind the button. */
  signsIn(by?: 'command' | 'form'): Promise<Locator>;
  /** What the browser complained about: blocked scripts and styles, uncaught errors. */
  complaints: string[];
};

type Opening = { url: string; width?: number; height?: number };

/** Each window is a browser of its own, as far as cookies go. Longer than anything the bot or the demo's cloud takes. */
const PATIENCE_MS = 30_000;

export async function openWindow(browser: Browser, name: Name, opening: Opening): Promise<Window> {
  const { url, width = 1280, height = 900 } = opening;
  const { id, timeZone } = PEOPLE[name];
  const context = await browser.newContext({ locale: 'en-US', timezoneId: timeZone, viewport: { width, height } });
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints = listen(context);
  const page = await context.newPage();
  await page.goto(`${url}#/${id}/C0OPS`);
  await composer(page).waitFor();
  const isTold = (deed: () => Promise<unknown>) => tellingAfter(page, name, deed);
  const asks = (line: string) => isTold(() => send(page, line));
  const card = (server: string) => cardWith(page, new RegExp(` · ${server}$`));
  return {
    name,
    page,
    says: (line) => send(page, line),
    asks,
    isTold,
    card,
    async seesCard(server, state) {
      const wanted = cardWith(page, new RegExp(`${state} · ${server}$`));
      await wanted.waitFor();
      return wanted;
    },
    clicks: (server, button) => card(server).getByText(button, { exact: true }).and(page.getByRole('button')).click(),
    question: page.getByTestId('confirm'),
    modal: page.getByTestId('modal'),
    opensDm: () => page.getByTestId('channel').filter({ hasText: 'ECS Flight Deck' }).click(),
    async signsIn(by = 'command') {
      const invitation = await asks('/ecs login');
      const code = await codeFrom(context, invitation, name);
      return by === 'command' ? asks(`/ecs login ${code}`) : isTold(() => enterCode(page, invitation, code));
    },
    complaints,
  };
}

const composer = (page: Page): Locator => page.getByTestId('composer');

async function send(page: Page, line: string): Promise<void> {
  await composer(page).fill(line);
  await composer(page).press('Enter');
}

/** The newest message in the channel with such a heading. */
function cardWith(page: Page, heading: RegExp): Locator {
  const messages = page.getByTestId('messages').getByTestId('message');
  return messages.filter({ has: page.getByRole('heading', { name: heading }) }).last();
}

/** Earlier answers stay on the page: only a new one counts. */
async function tellingAfter(page: Page, name: Name, deed: () => Promise<unknown>): Promise<Locator> {
  const told = page.getByTestId('message').filter({ hasText: 'Only visible to you' });
  const stamps = () => told.evaluateAll((messages) => messages.map((one) => one.getAttribute('data-ts') ?? ''));
  const known = new Set(await stamps());
  await deed();
  const fresh = async () => (await stamps()).find((ts) => !known.has(ts));
  const ts = await until(fresh, `${name} to be told something`, PATIENCE_MS);
  return page.locator(`[data-testid=message][data-ts="${ts}"]`);
}

/** Follows the link in a new tab to the page with the code. */
async function codeFrom(context: BrowserContext, invitation: Locator, name: Name): Promise<string> {
  const opened = context.waitForEvent('page');
  await invitation.getByText('Open the sign-in page').click();
  const tab = await opened;
  await tab.getByRole('button', { name: 'This is me, go on' }).click();
  await tab.getByRole('button', { name: PEOPLE[name].account }).click();
  const code = await tab.locator('.code').innerText();
  await tab.close();
  return code;
}

async function enterCode(page: Page, invitation: Locator, code: string): Promise<void> {
  await invitation.getByRole('button', { name: 'Enter code' }).click();
  const modal = page.getByTestId('modal');
  await modal.getByRole('textbox', { name: 'Code' }).fill(code);
  await modal.getByRole('button', { name: 'Sign in' }).click();
  await modal.waitFor({ state: 'detached' });
}

function listen(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (line) => {
    if (/Content Security Policy|Uncaught/.test(line.text())) complaints.push(line.text());
  });
  return complaints;
}
