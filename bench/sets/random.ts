/** A source of numbers from 0 up to 1 that gives the same ones for the same seed, on every machine. */
export type Random = () => number;

/** Creates a source of numbers; see `Random`. */
export function createRandom(seed: number): Random {
  // mulberry32: 32 bits of state are enough for texts, and it starts anew at no cost.
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `least` to `most`. */
export function wholeBetween(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** One of a list that is not empty. */
export function oneOf<T>(random: Random, list: readonly T[]): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error("Nothing can be chosen of an empty list.");
  return found;
}

/** A number around 0 with a standard deviation of 1 (Box and Muller). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** `count` entries of a list, no two of the same place, in the order of the list; all where there are no more. */
export function sample<T>(random: Random, list: readonly T[], count: number): T[] {
  let wanted = Math.min(count, list.length);
  return list.filter((_entry, index) => {
    const isChosen = random() * (list.length - index) < wanted;
    if (isChosen) wanted -= 1;
    return isChosen;
  });
}
