// What every test in front of the demo needs: a browser, demos and windows that are closed after it, and no complaint of
// any page.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { chromiumPath, launchChromium } from '../demo/chromium.ts';
import { startDemo, type Demo } from './demo.ts';
import { openWindow, type Name, type Window } from './window.ts';

/** Quick enough not to be waited for, slow enough that each state is seen. */
export const QUICK = 0.2;

export const canBrowse = chromiumPath !== null;

export type Front = {
  openDemo(pace: number): Promise<Demo>;
  sit(demo: Demo, name: Name, size?: { width?: number; height?: number }): Promise<Window>;
  /** A window of somebody who has gone the whole way of signing in. */
  signedIn(demo: Demo, name: Name, size?: { width?: number; height?: number }): Promise<Window>;
};

/** To be called inside `describe`. */
export function useFront(): Front {
  // Several windows, a bot, a cloud and a workspace on a machine that runs other tests beside them.
  vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });
  let browser: Browser;
  const demos: Demo[] = [];
  const windows: Window[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(async () => {
    const complaints = windows.flatMap((window) => window.complaints);
    await Promise.all(windows.splice(0).map(({ page }) => page.context().close()));
    await Promise.all(demos.splice(0).map((demo) => demo.interrupt()));
    expect(complaints).toEqual([]);
  });
  afterAll(() => browser.close());

  async function openDemo(pace: number): Promise<Demo> {
    const demo = await startDemo({ pace });
    demos.push(demo);
    return demo;
  }

  async function sit(demo: Demo, name: Name, size: { width?: number; height?: number } = {}): Promise<Window> {
    const window = await openWindow(browser, name, { url: demo.url, ...size });
    windows.push(window);
    return window;
  }

  async function signedIn(demo: Demo, name: Name, size: { width?: number; height?: number } = {}): Promise<Window> {
    const window = await sit(demo, name, size);
    await (await window.signsIn()).getByText(`Signed in as ${name}`).waitFor();
    return window;
  }

  return { openDemo, sit, signedIn };
}
