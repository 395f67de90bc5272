/**
 * The candidate that needs the fewest changes to become `word`, the first one on a tie; undefined when all need more
 * than `changesMax`. A change is a letter added, dropped or replaced, or two neighbours swapped. Case does not count.
 */
export function findNearest(word: string, candidates: readonly string[], changesMax = 2): string | undefined {
  let nearest: string | undefined;
  let fewest = changesMax + 1;
  for (const candidate of candidates) {
    // Each letter that one has more is a change; most words that are asked about are not like any candidate.
    if (Math.abs(word.length - candidate.length) >= fewest) continue;
    const changes = countChanges(word.toLowerCase(), candidate.toLowerCase());
    if (changes >= fewest) continue;
    nearest = candidate;
    fewest = changes;
  }
  return nearest;
}

/** How many letters must be added, dropped, replaced or swapped with their neighbour to turn `a` into `b`. */
export function countChanges(a: string, b: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(above, column) + 1,
        at(current, column - 1) + 1,
        at(above, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(twoAbove, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    twoAbove = above;
    above = current;
  }
  return at(above, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
