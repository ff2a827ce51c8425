// A bounded memory of answers that seldom change (names, conversations); asks once at a time per key.

export type Remembered<T> = (key: string, ask: () => Promise<T>) => Promise<T>;

/** `keepMs` ms for each answer; a failed one is forgotten at once. The oldest entry makes room for entry `size` + 1. */
export function createRemembered<T>(options: { now: () => number; keepMs: number; size: number }): Remembered<T> {
  const entries = new Map<string, { answer: Promise<T>; until: number }>();

  return async (key, ask) => {
    const known = entries.get(key);
    if (known && known.until > options.now()) return known.answer;
    const answer = ask();
    entries.delete(key);
    entries.set(key, { answer, until: options.now() + options.keepMs });
    if (entries.size > options.size) forgetOldest(entries);
    answer.catch(() => {
      if (entries.get(key)?.answer === answer) entries.delete(key);
    });
    return answer;
  };
}

function forgetOldest(entries: Map<string, unknown>): void {
  const oldest = entries.keys().next();
  if (!oldest.done) entries.delete(oldest.value);
}
