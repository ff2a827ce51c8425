// Bolt's and the Web API client's log lines, turned into ours.
import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from './ports.ts';

/** Debug lines are dropped: they hold whole request bodies. */
export function boltLogger(log: Log): Logger {
  const line =
    (level: 'info' | 'warn' | 'error') =>
    (...parts: unknown[]) => {
      const err = parts.find((part) => part instanceof Error);
      const detail = parts
        .filter((part) => !(part instanceof Error))
        .map(String)
        .join(' ');
      log[level]({ ...(err && { err }), detail }, 'Slack library');
    };
  return {
    debug: () => {},
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}
