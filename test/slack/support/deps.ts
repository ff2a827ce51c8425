// The small things every part of the Slack edge is given: a clock that stands still, a log that remembers.
import type { Log } from '../../../src/slack/ports.ts';

export type LogLine = { level: string; message: string; fields: Record<string, unknown> };

export function createTestLog(): Log & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: string) => (fields: Record<string, unknown>, message: string) => {
    lines.push({ level, message, fields });
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export type TestClock = { now: () => number; advance(ms: number): void };

export function createTestClock(): TestClock {
  let time = 1_700_000_000_000;
  return { now: () => time, advance: (ms) => void (time += ms) };
}
