/** Gives the first word of a vocabulary from `from` on, in the order of its bytes. */
export type WordFrom = (from: string) => string | undefined;

/** How many words a search for similar ones may still look at. */
export type Budget = { left: number };

/** How far the beginnings of what was typed are from `begins`, the beginning of a word; as in `countChanges`. */
type State = {
  readonly begins: string;
  readonly row: readonly number[];
  readonly rowAbove: readonly number[];
  readonly lastLetter: string;
};

type Wanted = { readonly letters: readonly string[]; readonly changesMax: number };

/** Sorts after every letter. */
const LAST = "\u{10ffff}";
/** Sorts before every letter, after the end of a word. */
const FIRST = "\u0001";

/**
 * The words of a vocabulary that become `word` by at most `changesMax` letters added, dropped, replaced or swapped with
 * their neighbour. It goes from one word to the next that may be similar, and leaves out all between. Those that begin
 * with the same letter come first; it ends with the budget.
 */
export function findSimilarWords(
  word: string,
  wordFrom: WordFrom,
  { changesMax, budget }: { readonly changesMax: number; readonly budget: Budget },
): string[] {
  const wanted = { letters: [...word], changesMax };
  const [first = ""] = wanted.letters;
  const found: string[] = [];
  const walk = (start: string, next: (candidate: string) => string | undefined) => {
    for (let from: string | undefined = start; from !== undefined && budget.left > 0; ) {
      budget.left -= 1;
      const candidate = wordFrom(from);
      from = candidate === undefined ? undefined : next(candidate);
    }
  };
  walk(first, (candidate) => (candidate.startsWith(first) ? examine(wanted, candidate, found) : undefined));
  walk("", (candidate) => (candidate.startsWith(first) ? first + LAST : examine(wanted, candidate, found)));
  return found;
}

/** Adds a similar candidate to `found`. Returns where the next one may be. */
function examine(wanted: Wanted, candidate: string, found: string[]): string {
  let state: State = {
    begins: "",
    row: [...wanted.letters.keys(), wanted.letters.length],
    rowAbove: [],
    lastLetter: "",
  };
  for (const letter of candidate) {
    const next = step(wanted, state, letter);
    if (Math.min(...next.row) > wanted.changesMax) return behind(wanted, state, letter);
    state = next;
  }
  if ((state.row.at(-1) ?? 0) <= wanted.changesMax) found.push(candidate);
  return candidate + FIRST;
}

/** Behind all words that go on with `letter`, and with whatever leads nowhere either. */
function behind({ letters, changesMax }: Wanted, { begins, row }: State, letter: string): string {
  if (Math.min(...row) < changesMax) return begins + letter + LAST;
  // No change is left: only letters of the word itself can follow.
  return begins + (letters.filter((each) => each > letter).sort()[0] ?? LAST);
}

function step({ letters }: Wanted, { begins, row: above, rowAbove, lastLetter }: State, letter: string): State {
  const row = [(above[0] ?? 0) + 1];
  letters.forEach((each, index) => {
    const isSwap = index > 0 && each === lastLetter && letters[index - 1] === letter;
    row.push(
      Math.min(
        (above[index + 1] ?? 0) + 1,
        (row[index] ?? 0) + 1,
        (above[index] ?? 0) + (each === letter ? 0 : 1),
        isSwap ? (rowAbove[index - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      ),
    );
  });
  return { begins: begins + letter, row, rowAbove: above, lastLetter: letter };
}
