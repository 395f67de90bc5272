/** A stretch that differs: items `beforeStart` up to `beforeEnd` of the one list became `afterStart` up to `afterEnd` of the other. */
export type Change = {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
};

/** What comparing may still cost, in comparisons. Shared by several comparisons, it bounds all of them together. */
export type Budget = { left: number };

/**
 * Comparisons that one page or one merge may cost: about 30 ms. Texts with more than about 1,400 lines that
 * went or came are too different; since the way is remembered, that bounds the memory too, at about 8 MB.
 */
export const MAX_COMPARISONS = 1_000_000;

/**
 * Finds the fewest changes that make `after` of `before` (Myers, "An O(ND) difference algorithm", 1986), in order, with
 * something alike between any two. Undefined when that costs more than the budget has.
 */
export function findChanges(
  before: readonly string[],
  after: readonly string[],
  budget: Budget = { left: MAX_COMPARISONS },
): Change[] | undefined {
  const start = countAlike(before, after, (list, index) => list[index]);
  const [shortBefore, shortAfter] = [before.slice(start), after.slice(start)];
  const end = countAlike(shortBefore, shortAfter, (list, index) => list[list.length - 1 - index]);
  const [a, b] = toNumbers(
    shortBefore.slice(0, shortBefore.length - end),
    shortAfter.slice(0, shortAfter.length - end),
  );
  const way = findWay(a, b, budget);
  return way && joinSteps(followBack(way, a.length, b.length), start);
}

type List = readonly string[];

function countAlike(one: List, other: List, itemAt: (list: List, index: number) => string | undefined): number {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && itemAt(one, count) === itemAt(other, count)) count += 1;
  return count;
}

/** Numbers compare in no time, however long the items are that they stand for. */
function toNumbers(before: List, after: List): [Int32Array, Int32Array] {
  const numbers = new Map<string, number>();
  const numberOf = (item: string) => {
    const known = numbers.get(item) ?? numbers.size;
    numbers.set(item, known);
    return known;
  };
  return [Int32Array.from(before, numberOf), Int32Array.from(after, numberOf)];
}

/** How far each diagonal had got before each round: `rounds[d]` has those from -d-1 to d+1. */
type Way = readonly Int32Array[];

function findWay(a: Int32Array, b: Int32Array, budget: Budget): Way | undefined {
  const most = Math.min(a.length + b.length, Math.ceil(Math.sqrt(2 * Math.max(0, budget.left))));
  const middle = most + 1;
  const reached = new Int32Array(2 * middle + 1);
  const way: Int32Array[] = [];
  for (let round = 0; round <= most; round += 1) {
    way.push(reached.slice(middle - round - 1, middle + round + 2));
    if (goOn({ a, b, reached, middle, budget }, round)) return way;
    if (budget.left < 0) return undefined;
  }
  return undefined;
}

type Search = {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly reached: Int32Array;
  readonly middle: number;
  readonly budget: Budget;
};

/** One more difference on every diagonal, and all that is alike after it. Returns whether the end of both is reached. */
function goOn({ a, b, reached, middle, budget }: Search, round: number): boolean {
  for (let diagonal = -round; diagonal <= round; diagonal += 2) {
    const [below = 0, above = 0] = [reached[middle + diagonal - 1], reached[middle + diagonal + 1]];
    const from = comesFromAbove({ round, diagonal, below, above }) ? above : below + 1;
    let at = from;
    while (at < a.length && at - diagonal < b.length && a[at] === b[at - diagonal]) at += 1;
    reached[middle + diagonal] = at;
    budget.left -= 1 + at - from;
    if (at >= a.length && at - diagonal >= b.length) return true;
  }
  return false;
}

function comesFromAbove(place: { round: number; diagonal: number; below: number; above: number }): boolean {
  const { round, diagonal, below, above } = place;
  return diagonal === -round || (diagonal !== round && below < above);
}

type Steps = { readonly removed: Uint8Array; readonly added: Uint8Array };

/** Marks what goes and what comes, from the end of the way to its beginning. */
function followBack(way: Way, beforeLength: number, afterLength: number): Steps {
  const steps = { removed: new Uint8Array(beforeLength), added: new Uint8Array(afterLength) };
  let [x, y] = [beforeLength, afterLength];
  for (let round = way.length - 1; round > 0; round -= 1) {
    const reached = way[round] ?? new Int32Array();
    const diagonal = x - y;
    const middle = round + 1;
    const [below = 0, above = 0] = [reached[middle + diagonal - 1], reached[middle + diagonal + 1]];
    const isAddition = comesFromAbove({ round, diagonal, below, above });
    x = isAddition ? above : below;
    y = isAddition ? above - diagonal - 1 : below - diagonal + 1;
    if (isAddition) steps.added[y] = 1;
    else steps.removed[x] = 1;
  }
  return steps;
}

function joinSteps({ removed, added }: Steps, offset: number): Change[] {
  const changes: Change[] = [];
  let [x, y] = [0, 0];
  while (x < removed.length || y < added.length) {
    const [fromX, fromY] = [x, y];
    while (removed[x] === 1 || added[y] === 1) {
      if (removed[x] === 1) x += 1;
      else y += 1;
    }
    if (x > fromX || y > fromY) {
      changes.push({
        beforeStart: fromX + offset,
        beforeEnd: x + offset,
        afterStart: fromY + offset,
        afterEnd: y + offset,
      });
    }
    x += 1;
    y += 1;
  }
  return changes;
}
