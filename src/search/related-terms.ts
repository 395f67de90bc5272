import { unspacedRuns } from "../lib/unspaced.ts";
import type { DigestSource } from "./digest-store.ts";
import { foldText } from "./fold.ts";

/** Different words of a note, and pairs of characters of scripts without spaces, by which related ones are looked for. */
export const MAX_RELATING_TERMS = 60;

/** Characters of a text in which these are looked for. */
export const RELATING_CHARACTERS = 6_000;

/** Fewest letters of such a word. */
export const MIN_RELATING_LETTERS = 4;

const WORD = /[\p{L}\p{M}][\p{L}\p{N}\p{M}]*/gu;
const COUNTED_WORD = /[\p{L}\p{N}\p{M}]+(?:['’.-][\p{L}\p{N}\p{M}]+)*/gu;

/** A phrase for MATCH of FTS5, and how much it says about its note. */
export type RelatingTerm = { readonly phrase: string; readonly weight: number };

/** The words that say most about a note: those of its title first, then those that it says most often. */
export function listRelatingTerms({ title, contentText }: Pick<DigestSource, "title" | "contentText">): RelatingTerm[] {
  const weights = new Map<string, number>();
  for (const phrase of phrasesOf(contentText.slice(0, RELATING_CHARACTERS))) {
    weights.set(phrase, (weights.get(phrase) ?? 0) + 1);
  }
  const terms = new Map([...weights].map(([phrase, count]) => [phrase, 1 + Math.log(count)]));
  for (const phrase of new Set(phrasesOf(title))) terms.set(phrase, (terms.get(phrase) ?? 0) + 2);
  return [...terms]
    .map(([phrase, weight]) => ({ phrase, weight }))
    .sort((one, other) => other.weight - one.weight || other.phrase.length - one.phrase.length)
    .slice(0, MAX_RELATING_TERMS);
}

/** How many words a text has. Each character of a script without spaces counts as one. */
export function countWords(text: string): number {
  const runs = unspacedRuns(text);
  const characters = runs.reduce((sum, run) => sum + [...run.replace(/\p{M}/gu, "")].length, 0);
  const spaced = runs.length === 0 ? text : runs.reduce((rest, run) => rest.replace(run, " "), text);
  return characters + (spaced.match(COUNTED_WORD)?.length ?? 0);
}

function phrasesOf(text: string): string[] {
  const words = foldText(text).text.match(WORD) ?? [];
  return words.flatMap((word) => {
    const runs = unspacedRuns(word);
    if (runs.length > 0) return runs.flatMap(pairsOf);
    return [...word].length < MIN_RELATING_LETTERS ? [] : [`"${word}"`];
  });
}

/** Neighbouring characters, which the index has as words of their own. */
function pairsOf(run: string): string[] {
  const characters = run.match(/\P{M}\p{M}*/gu) ?? [];
  return characters.slice(1).map((character, index) => `"${characters[index]} ${character}"`);
}
