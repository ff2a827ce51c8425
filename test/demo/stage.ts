// What the demo plays on: a workspace with a page, a cloud behind it, and what the side panel shows of that cloud.
import type { EventEmitter } from 'node:events';
import type { CloudState } from '../simulators/cloud/cloud-simulator.ts';

/** The side panel's view of a cloud. */
export type Panel = {
  changed: EventEmitter<{ change: [] }>;
  state(): CloudState & Guide;
};

/** What "Try this" tells people to type; without it, what fits the simulated cloud. `last`: instead of confirming. */
export type Guide = { guide?: { login: string; resize: string; last?: { words: string; type: string } } };

export type Stage = {
  /** Where the workspace's page is. */
  slackUrl: string;
  panel: Panel;
  /** What the bot needs to know; REDIS_URL comes from elsewhere. */
  env: Record<string, string>;
  /** Takes a line of the bot's log; false: it was meant for the stage alone. */
  hears(line: string): boolean;
  /** To be printed at the start. */
  told: string[];
  close(): Promise<void>;
};
