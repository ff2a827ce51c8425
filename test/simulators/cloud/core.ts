// What the services of the simulated cloud share.

import type { Tokens } from './identity/tokens.ts';
import type { Settings } from './options.ts';
import type { Timeline } from './timeline.ts';
import type { World } from './world.ts';

/** A part of the control plane that can be down; what then still works was seen on a real one. */
export type Part = 'identity' | 'network' | 'volume' | 'image' | 'placement' | 'computes' | 'database';

/** How the next change of a server goes wrong: back to where it was, silently, or into ERROR. */
export type Spoil = { action: string; outcome: 'rolled_back' | 'error' };

/** `spoils` and `lateMs` (an accepted action begins so much later than its answer) are by server id. */
export type Core = {
  settings: Settings;
  world: World;
  timeline: Timeline;
  tokens: Tokens;
  down: Set<Part>;
  spoils: Map<string, Spoil>;
  /** Volumes, by id or by the name they will have, whose next change ends in `error`. */
  volumeSpoils: Set<string>;
  lateMs: Map<string, number>;
  /** When Nova last heard from the network service what it can do, ms since the epoch; null: never. */
  networkHeardAt: number | null;
  /** Origin of this simulator, e.g. `http://127.0.0.1:41234`. */
  baseUrl(): string;
};
