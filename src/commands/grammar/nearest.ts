// "Did you mean": the known words closest to a mistyped one. Pure.

/** The nearest of `known` (at most `limit`), best first; empty when nothing is close enough to be worth offering. */
export function nearest(typed: string, known: readonly string[], limit = 1): string[] {
  const word = typed.toLowerCase().slice(0, 100);
  const scored = known
    .map((candidate) => ({ candidate, distance: closeness(word, candidate.toLowerCase().slice(0, 100)) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(word.length / 3)));
  scored.sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate));
  return scored.slice(0, limit).map(({ candidate }) => candidate);
}

/** An unfinished word (`flav`) counts as one slip. */
function closeness(typed: string, known: string): number {
  if (typed.length >= 2 && known.startsWith(typed)) return Math.min(1, known.length - typed.length);
  return editDistance(typed, known);
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_unused, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
