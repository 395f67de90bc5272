import type { Reader } from "../db/connection.ts";
import { unspacedRuns } from "../lib/unspaced.ts";
import { foldText } from "./fold.ts";
import type { SearchQuery } from "./search-query.ts";
import { parseSearchQuery } from "./search-query.ts";
import type { Budget } from "./similar-words.ts";
import { findSimilarWords } from "./similar-words.ts";
import { countListedMatches, findWordFrom } from "./vocabulary-store.ts";

/** Words of the index that are looked at for a suggestion, at most: each costs 15 to 30 µs. */
export const SUGGESTION_READS = 150;

/** Fewest letters of a word that others are similar to; of a shorter one every second word is. */
export const MIN_SUGGESTED_LENGTH = 4;

/** Fewest letters of a word that two changes are made to, where one is not enough. */
export const MIN_TWICE_CHANGED_LENGTH = 7;

/** Most words of a query that are replaced by similar ones. */
export const MAX_REPLACED_WORDS = 3;

/** Most similar words that are compared by how many notes have them. */
const MAX_COMPARED = 8;
/** Notes that are counted to tell a frequent word from a rare one. */
const COUNTED_NOTES = 50;

/**
 * What may have been meant where nothing was found: the query with each word that no listed note has replaced by the most
 * similar one, of equally similar ones by the most frequent. Undefined where nobody would find anything by it either. It
 * tells nothing of notes that are not listed.
 */
export function suggestQuery(db: Reader, text: string, query: SearchQuery): string | undefined {
  const budget: Budget = { left: SUGGESTION_READS };
  let suggestion = text.normalize("NFC");
  let replaced = 0;
  for (const word of new Set(query.terms)) {
    if (replaced === MAX_REPLACED_WORDS || !isReplaceable(db, word)) continue;
    const better = findBetter(db, foldText(word).text, budget);
    if (better === undefined) return undefined;
    suggestion = suggestion.replace(word, better);
    replaced += 1;
  }
  if (replaced === 0) return undefined;
  return countListedMatches(db, parseSearchQuery(suggestion).match, 1) === 0 ? undefined : suggestion;
}

function isReplaceable(db: Reader, word: string): boolean {
  return unspacedRuns(word).length === 0 && [...word].length >= MIN_SUGGESTED_LENGTH && countOf(db, word, 1) === 0;
}

function findBetter(db: Reader, word: string, budget: Budget): string | undefined {
  const wordFrom = (from: string) => findWordFrom(db, from);
  const most = [...word].length >= MIN_TWICE_CHANGED_LENGTH ? 2 : 1;
  for (let changesMax = 1; changesMax <= most; changesMax += 1) {
    const similar = findSimilarWords(word, wordFrom, { changesMax, budget });
    const best = mostFrequent(db, similar.slice(0, MAX_COMPARED));
    if (best !== undefined) return best;
  }
  return undefined;
}

function mostFrequent(db: Reader, words: readonly string[]): string | undefined {
  const counted = words.map((word) => ({ word, count: countOf(db, word, COUNTED_NOTES) }));
  const [best] = counted.filter(({ count }) => count > 0).sort((one, other) => other.count - one.count);
  return best?.word;
}

function countOf(db: Reader, word: string, limit: number): number {
  return countListedMatches(db, parseSearchQuery(`"${word}"`).match, limit);
}
