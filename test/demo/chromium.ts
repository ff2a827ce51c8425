// The Chromium of this machine, for the tests that look at the demo page as people do.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium as playwright, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Nothing but the page: no first-run window, no traffic of the browser's own. */
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** `CHROMIUM_PATH`, or the first Chromium on PATH; null where there is none. */
export const chromiumPath: string | null = process.env['CHROMIUM_PATH'] ?? onPath() ?? null;

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error when there is no Chromium: look at `chromiumPath` first. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('there is no Chromium on PATH, and CHROMIUM_PATH is not set');
  return playwright.launch({ executablePath: chromiumPath, args: QUIET });
}
