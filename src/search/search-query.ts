import { tagName } from "../lib/tag-name.ts";
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
/** Most words of a query that stand for all that begin so; further ones are looked for as they stand. */
export const MAX_BEGINNINGS = 2;
/** Most words that hits are ranked by: to know how rare a word is, FTS5 reads all places of it. */
export const MAX_RANKED_TERMS = 5;

/** What a reader looks for: words and "phrases", each of which must stand in a note, -words, none of which may, and filters. */
export type SearchQuery = {
  /** For MATCH of FTS5: quoted terms and operators of our own. Empty: no word is looked for. */
  readonly match: string;
  /** The same, but the last word is a whole one, not the beginning of one. */
  readonly wholeWords: string;
  /** What no note may match; said apart only where `match` is empty, since FTS5 has nothing then to take it from. */
  readonly excluded: string;
  /** The first wanted words alone, to rank hits by. */
  readonly ranked: string;
  /** Whether only words are asked for, each by itself: no phrase, no beginning, nothing left out, no filter. */
  readonly isWordsAlone: boolean;
  /** What to mark in the hits, as words and as characters of scripts without spaces. */
  readonly terms: readonly string[];
  /** What no hit may have: for who reads the notes themselves. */
  readonly excludedTerms: readonly string[];
  readonly filters: Filters;
};

/** What is asked of a note besides its words: all of the tags, one of the kinds, one of the years, and none of the others. */
export type Filters = Readonly<
  Record<"tags" | "kinds" | "years" | "notTags" | "notKinds" | "notYears", readonly string[]>
>;

type Term = {
  readonly field: "tag" | "kind" | "year" | undefined;
  readonly text: string;
  readonly words: readonly string[];
  readonly isExcluded: boolean;
  /** Quoted from beginning to end: then the last word is whole. */
  readonly isExact: boolean;
  /** With a star: words count that begin so. */
  readonly isBeginning: boolean;
};

const TERM = /(-?)(?:(tag|kind|year):(?=\S))?(?:"([^"]*)("?)(\*?)|([^\s"]+))/giu;
const WORD = /\p{M}*[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** Reads what was typed. No input can fail: what has no letters or digits is ignored. */
export function parseSearchQuery(text: string): SearchQuery {
  const terms = limitWords([...limitQuery(text).normalize("NFC").matchAll(TERM)].map(toTerm));
  const words = limitBeginnings(terms.filter(({ field }) => field === undefined));
  const wanted = words.filter((term) => !term.isExcluded);
  const excluded = words.filter((term) => term.isExcluded);
  const filters = toFilters(terms);
  const clauses = [...wanted.map(toPhrases), ...filters.tags.map(toTagPhrase)];
  const wholeWords = toMatch(clauses, excluded);
  const last = wanted.at(-1);
  const typed = [...wanted.slice(0, -1).map(toPhrases), ...(last ? [toPhrases({ ...last, isBeginning: true })] : [])];
  return {
    match: isUnfinished(last) ? toMatch([...typed, ...filters.tags.map(toTagPhrase)], excluded) : wholeWords,
    wholeWords,
    excluded: clauses.length === 0 && hasFilters(filters) ? excluded.map(toPhrases).join(" OR ") : "",
    ranked: toRanked(wanted),
    isWordsAlone: words.length === terms.length && words.every(isWordAlone),
    terms: wanted.flatMap((term) => term.words).flatMap(toMarked),
    excludedTerms: excluded.map((term) => term.words.join(" ")),
    filters,
  };
}

/** As much of a query as is read. */
export function limitQuery(text: string): string {
  return [...text.slice(0, 2 * MAX_QUERY_LENGTH)].slice(0, MAX_QUERY_LENGTH).join("");
}

/** Whether anything but words is asked for that a note must have. */
export function hasFilters({ tags, kinds, years }: Filters): boolean {
  return tags.length + kinds.length + years.length > 0;
}

function isWordAlone({ words, isExcluded, isBeginning }: Term): boolean {
  return words.length === 1 && !isExcluded && !isBeginning && words.flatMap(unspacedRuns).length === 0;
}

/** Whole words, where there are any: a beginning stands for many, and all of them would have to be counted. */
function toRanked(wanted: readonly Term[]): string {
  const whole = wanted.filter((term) => !term.isBeginning);
  const counted = whole.length > 0 ? whole.slice(0, MAX_RANKED_TERMS) : wanted.slice(0, 1);
  return counted.map(toPhrases).join(" AND ");
}

function toTerm(found: RegExpExecArray): Term {
  const [, sign, field, phrase, closing, star, plain = ""] = found;
  const text = phrase ?? plain;
  return {
    field: field?.toLowerCase() as Term["field"],
    text,
    words: text.match(WORD) ?? [],
    isExcluded: sign === "-",
    isExact: closing === '"',
    isBeginning: star === "*" || plain.endsWith("*"),
  };
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

/** Too many, too short, or in scripts without spaces, where anything is found that contains it: then a star says nothing. */
function limitBeginnings(terms: readonly Term[]): Term[] {
  let left = MAX_BEGINNINGS;
  return terms.map((term) => {
    const isBeginning = term.isBeginning && canBegin(term) && left > 0;
    if (isBeginning) left -= 1;
    return { ...term, isBeginning };
  });
}

/** Who types on means a word that begins so. */
function isUnfinished(last: Term | undefined): last is Term {
  return last !== undefined && !last.isExact && !last.isBeginning && canBegin(last);
}

function canBegin({ words }: Term): boolean {
  if (words.some((word) => unspacedRuns(word).length > 0)) return false;
  return (words.at(-1) ?? "").normalize("NFD").length >= MIN_BEGINNING_LENGTH;
}

function toMatch(clauses: readonly string[], excluded: readonly Term[]): string {
  if (clauses.length === 0) return "";
  const positive = clauses.join(" AND ");
  return excluded.length === 0 ? positive : `(${positive}) NOT (${excluded.map(toPhrases).join(" OR ")})`;
}

/**
 * Only letters, digits and marks reach the quotes, so nothing needs to be escaped. Characters of scripts without spaces
 * are words of the index; what else stands in such a word is left out, since there it is part of a longer one.
 */
function toPhrases(term: Term): string {
  const runs = term.words.flatMap(unspacedRuns);
  if (runs.length === 0) return `"${term.words.join(" ")}"${term.isBeginning ? " *" : ""}`;
  const spaced = term.words.filter((word) => unspacedRuns(word).length === 0);
  return `(${[...runs.map(spacedRun), ...spaced].map((phrase) => `"${phrase}"`).join(" AND ")})`;
}

/** Finds every note with the tag, and some others, whose tags have its words in their midst. */
function toTagPhrase(tag: string): string {
  return `tags : "${tag.replaceAll("-", " ")}"`;
}

function toMarked(word: string): readonly string[] {
  const runs = unspacedRuns(word);
  return runs.length === 0 ? [word] : runs;
}

function toFilters(terms: readonly Term[]): Filters {
  const valuesOf = (field: Term["field"], isExcluded: boolean) =>
    terms
      .filter((term) => term.field === field && term.isExcluded === isExcluded)
      .map(({ text }) => text.toLowerCase());
  const tagsOf = (isExcluded: boolean) => valuesOf("tag", isExcluded).map(tagName);
  return {
    tags: tagsOf(false).filter((tag) => tag !== ""),
    kinds: valuesOf("kind", false),
    years: valuesOf("year", false),
    notTags: tagsOf(true),
    notKinds: valuesOf("kind", true),
    notYears: valuesOf("year", true),
  };
}
