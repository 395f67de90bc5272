import { spacedRun, unspacedRuns } from "../lib/unspaced.ts";

/** Longest query that is read, in characters; the rest is ignored. */
export const MAX_QUERY_LENGTH = 200;
/** Most words of a query that are looked for; the rest is ignored. */
export const MAX_QUERY_WORDS = 20;
/**
 * Fewest letters of a word that words begin with; a shorter one is looked for as it stands. FTS5 reads every word that
 * begins so before it gives the first hit. Counted in NFD: a syllable of Hangul says as much as two or three letters.
 */
export const MIN_BEGINNING_LENGTH = 3;

/** What a reader looks for: words and "phrases", each of which must stand in a note, and -words, none of which may. */
export type SearchQuery = {
  /** For MATCH of FTS5: quoted terms and operators of our own. Empty: nothing is looked for. */
  readonly match: string;
  /** The same, but the last word is a whole one, not the beginning of one. */
  readonly wholeWords: string;
  /** What to mark in the hits. */
  readonly terms: readonly string[];
};

type Term = {
  readonly words: readonly string[];
  readonly isExcluded: boolean;
  /** Quoted from beginning to end: then the last word is whole. */
  readonly isExact: boolean;
};

const TERM = /(-?)(?:"([^"]*)("?)|([^\s"]+))/gu;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** Reads what was typed. No input can fail: what has no letters or digits is ignored. */
export function parseSearchQuery(text: string): SearchQuery {
  const terms = limitWords([...limitQuery(text).normalize("NFC").matchAll(TERM)].map(toTerm));
  const wanted = terms.filter((term) => !term.isExcluded);
  const excluded = terms.filter((term) => term.isExcluded);
  const wholeWords = toMatch(wanted, excluded, "");
  return {
    match: isBeginning(wanted.at(-1)) ? toMatch(wanted, excluded, " *") : wholeWords,
    wholeWords,
    terms: wanted.flatMap((term) => term.words).flatMap(toMarked),
  };
}

/** As much of a query as is read. */
export function limitQuery(text: string): string {
  return [...text.slice(0, 2 * MAX_QUERY_LENGTH)].slice(0, MAX_QUERY_LENGTH).join("");
}

function toTerm(found: RegExpExecArray): Term {
  const words = (found[2] ?? found[4] ?? "").match(WORD) ?? [];
  return { words, isExcluded: found[1] === "-", isExact: found[3] === '"' };
}

function limitWords(terms: readonly Term[]): Term[] {
  let left = MAX_QUERY_WORDS;
  const kept: Term[] = [];
  for (const term of terms) {
    const words = term.words.slice(0, left);
    left -= words.length;
    if (words.length > 0) kept.push({ ...term, words });
  }
  return kept;
}

/** Who types on means a word that begins so. */
function isBeginning(last: Term | undefined): boolean {
  if (last === undefined || last.isExact || last.words.some((word) => unspacedRuns(word).length > 0)) return false;
  return (last.words.at(-1) ?? "").normalize("NFD").length >= MIN_BEGINNING_LENGTH;
}

/** Without a wanted term FTS5 has nothing to take the excluded ones from. */
function toMatch(wanted: readonly Term[], excluded: readonly Term[], ending: "" | " *"): string {
  if (wanted.length === 0) return "";
  const positive = wanted.map(toPhrases).join(" AND ") + ending;
  return excluded.length === 0 ? positive : `(${positive}) NOT (${excluded.map(toPhrases).join(" OR ")})`;
}

/**
 * Only letters, digits and marks reach the quotes, so nothing needs to be escaped. Characters of scripts without spaces
 * are words of the index; what else stands in such a word is left out, since there it is part of a longer one.
 */
function toPhrases(term: Term): string {
  const runs = term.words.flatMap(unspacedRuns);
  if (runs.length === 0) return `"${term.words.join(" ")}"`;
  const spaced = term.words.filter((word) => unspacedRuns(word).length === 0);
  return `(${[...runs.map(spacedRun), ...spaced].map((phrase) => `"${phrase}"`).join(" AND ")})`;
}

function toMarked(word: string): readonly string[] {
  const runs = unspacedRuns(word);
  return runs.length === 0 ? [word] : runs;
}
