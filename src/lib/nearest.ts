/**
 * The candidate that needs the fewest changes to become `word`, the first one on a tie; undefined when all need more
 * than `changesMax`. A change is a letter added, dropped or replaced, or two neighbours swapped. Case does not count.
 */
export function findNearest(word: string, candidates: readonly string[], changesMax = 2): string | undefined {
  let nearest: string | undefined;
  let fewest = changesMax + 1;
  for (const candidate of candidates) {
    const changes = countChanges(word.toLowerCase(), candidate.toLowerCase(), fewest - 1);
    if (changes >= fewest) continue;
    nearest = candidate;
    fewest = changes;
  }
  return nearest;
}

/**
 * How many letters must be added, dropped, replaced or swapped with their neighbour to turn `a` into `b`; infinitely many
 * where it is clear early that it is more than `most`, by their lengths or their beginnings, as of most words that are asked about.
 */
export function countChanges(a: string, b: string, most = Number.POSITIVE_INFINITY): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  let isFar = Math.abs(a.length - b.length) > most;
  for (let row = 1; row <= a.length && !isFar; row++) {
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
    // A swap looks two rows up, nothing looks further: then no row below can come to fewer.
    isFar = Math.min(...above, ...current) > most;
    twoAbove = above;
    above = current;
  }
  return isFar ? Number.POSITIVE_INFINITY : at(above, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
