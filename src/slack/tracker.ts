// Knows what is still running, so that stopping can wait for it.

export type Tracker = {
  track(work: Promise<unknown>): void;
  /** Waits until nothing runs, at most `limitMs`; answers with how many pieces still do. */
  idle(limitMs: number): Promise<number>;
};

export function createTracker(): Tracker {
  const running = new Set<Promise<unknown>>();

  function track(work: Promise<unknown>): void {
    const forget = (): void => void running.delete(work);
    running.add(work);
    work.then(forget, forget);
  }

  async function finish(): Promise<void> {
    // What runs may start more.
    while (running.size > 0) await Promise.allSettled(running);
  }

  async function idle(limitMs: number): Promise<number> {
    await withinTime(finish(), limitMs, () => {});
    return running.size;
  }

  return { track, idle };
}

/** `work`, or what `late` gives (or throws) once `limitMs` have passed. The work itself goes on. */
export async function withinTime<T>(work: Promise<T>, limitMs: number, late: () => T): Promise<T> {
  const timeout = Promise.withResolvers<T>();
  const timer = setTimeout(() => {
    try {
      timeout.resolve(late());
    } catch (error) {
      timeout.reject(error);
    }
  }, limitMs);
  try {
    return await Promise.race([work, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
