// What is still to happen in the simulated cloud, in order, by the clock that tests move.

import type { Now } from '../../../src/clock.ts';

type Planned = { owner: string; at: number; order: number; run: () => void };

/** A step of a longer change: `afterMs` counts from the step before it. */
export type Step = { afterMs: number; run: () => void };

// A moved clock rings no timer, so real time is only used to look at it this often while something is due.
const LOOK_MS = 25;

export class Timeline {
  readonly #now: Now;
  readonly #onChange: () => void;
  #planned: Planned[] = [];
  #order = 0;
  #running: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(now: Now, onChange: () => void) {
    this.#now = now;
    this.#onChange = onChange;
  }

  /** The moment that is happening: inside a step, the time it was due, however late the look. */
  now(): number {
    return this.#running ?? this.#now();
  }

  /** `held`: nothing happens until `finish` or `step`. */
  plan(owner: string, steps: Step[], pace: 'timed' | 'held'): void {
    let at = this.now();
    for (const step of steps) {
      at = pace === 'held' ? Infinity : at + step.afterMs;
      this.#order += 1;
      this.#planned.push({ owner, at, order: this.#order, run: step.run });
    }
    this.#planned.sort((one, other) => (one.at === other.at ? one.order - other.order : one.at - other.at));
    this.#watch();
  }

  /** Runs everything that is due. */
  settle(): void {
    const now = this.#now();
    for (let next = this.#planned[0]; next !== undefined && next.at <= now; next = this.#planned[0]) {
      this.#planned.shift();
      this.#run(next, next.at);
    }
    this.#watch();
  }

  /** Runs the owner's next step now. False when it has none. */
  step(owner: string): boolean {
    const next = this.#planned.find((planned) => planned.owner === owner);
    if (next === undefined) return false;
    this.#planned = this.#planned.filter((planned) => planned !== next);
    this.#run(next, this.#now());
    return true;
  }

  has(owner: string): boolean {
    return this.#planned.some((planned) => planned.owner === owner);
  }

  /** Everything that was held happens as soon as it is looked at. */
  release(): void {
    for (const planned of this.#planned) if (planned.at === Infinity) planned.at = this.#now();
    this.settle();
  }

  forget(owner: string): void {
    this.#planned = this.#planned.filter((planned) => planned.owner !== owner);
  }

  close(): void {
    this.#planned = [];
    this.#watch();
  }

  #run(planned: Planned, at: number): void {
    this.#running = at;
    try {
      planned.run();
    } finally {
      this.#running = null;
    }
    this.#onChange();
  }

  #watch(): void {
    const waiting = this.#planned.some((planned) => Number.isFinite(planned.at));
    if (waiting && this.#timer === null) {
      this.#timer = setInterval(() => this.settle(), LOOK_MS);
      this.#timer.unref();
    }
    if (!waiting && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }
}
