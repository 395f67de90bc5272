import type { Random } from "./random.ts";
import { createRandom, oneOf } from "./random.ts";

/** How many different words the generated notes are written in. */
const WORDS = 4_000;

/** Ranks of the words that searches ask for: each stands in every tenth to every fourth note, so that the page of hits is full. */
const SEARCHED_RANKS = { from: 25, to: 60 };

const ONSETS = ["b", "br", "d", "f", "fl", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w"];
const VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "oo"];
const ENDINGS = ["", "n", "r", "s", "l", "m", "nd", "st", "lt"];

/** The words, the most frequent first. */
const VOCABULARY = makeVocabulary();

/** Up to which random number each word is chosen, as in natural language: the n-th is n times as rare as the first (Zipf). */
const SHARES = makeShares();

/** Words that searches ask for; see SEARCHED_RANKS. */
export const SEARCHED_WORDS: readonly string[] = VOCABULARY.slice(SEARCHED_RANKS.from, SEARCHED_RANKS.to);

/** A word, the frequent ones more often. */
export function randomWord(random: Random): string {
  const share = random();
  let low = 0;
  let high = SHARES.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((SHARES[middle] ?? 1) < share) low = middle + 1;
    else high = middle;
  }
  return VOCABULARY[low] ?? "";
}

function makeVocabulary(): string[] {
  const random = createRandom(1);
  const words = new Set<string>();
  while (words.size < WORDS) {
    const syllables = words.size < 60 ? 1 : 1 + Math.floor(random() * 3);
    const syllable = () => oneOf(random, ONSETS) + oneOf(random, VOWELS);
    words.add(Array.from({ length: syllables }, syllable).join("") + oneOf(random, ENDINGS));
  }
  return [...words];
}

function makeShares(): number[] {
  const total = VOCABULARY.reduce((sum, _word, index) => sum + 1 / (index + 1), 0);
  let reached = 0;
  return VOCABULARY.map((_word, index) => {
    reached += 1 / (index + 1) / total;
    return reached;
  });
}
