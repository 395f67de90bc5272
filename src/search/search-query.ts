/** Longest query that is read, in characters; the rest is ignored. */
export const MAX_QUERY_LENGTH = 200;
/** Most words of a query that are looked for; the rest is ignored. */
export const MAX_QUERY_WORDS = 20;

/** What a reader looks for: words and "phrases", each of which must stand in a note, and -words, none of which may. */
export type SearchQuery = {
  /** For MATCH of FTS5: nothing but quoted terms. Empty: nothing is looked for. */
  readonly match: string;
  /** Terms of scripts that are written without spaces: they are found as parts of the text. */
  readonly parts: readonly string[];
  /** What to mark in the hits. */
  readonly terms: readonly string[];
};

type Term = { readonly words: readonly string[]; readonly isExcluded: boolean };

const TERM = /(-?)(?:"([^"]*)"?|([^\s"]+))/gu;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Reads what was typed. No input can fail: what has no letters or digits is ignored. */
export function parseSearchQuery(text: string): SearchQuery {
  const terms = limitWords(
    [...[...text].slice(0, MAX_QUERY_LENGTH).join("").normalize("NFC").matchAll(TERM)].map(toTerm),
  );
  const wanted = terms.filter((term) => !term.isExcluded);
  const spaced = wanted.filter((term) => !isUnspaced(term));
  const excluded = terms.filter((term) => term.isExcluded);
  return {
    match: toMatch(spaced, excluded),
    parts: wanted.filter(isUnspaced).map((term) => term.words.join(" ")),
    terms: wanted.flatMap((term) => term.words),
  };
}

function toTerm(found: RegExpExecArray): Term {
  const words = (found[2] ?? found[3] ?? "").match(WORD) ?? [];
  return { words, isExcluded: found[1] === "-" };
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

function isUnspaced(term: Term): boolean {
  return !term.isExcluded && term.words.some((word) => UNSPACED.test(word));
}

/** Without a wanted term FTS5 has nothing to take the excluded ones from. */
function toMatch(wanted: readonly Term[], excluded: readonly Term[]): string {
  if (wanted.length === 0) return "";
  const positive = wanted.map((term, index) => quote(term) + (index === wanted.length - 1 ? " *" : "")).join(" AND ");
  return excluded.length === 0 ? positive : `(${positive}) NOT (${excluded.map(quote).join(" OR ")})`;
}

/** Only letters, digits and marks reach the quotes, so nothing needs to be escaped. */
function quote(term: Term): string {
  return `"${term.words.join(" ")}"`;
}
