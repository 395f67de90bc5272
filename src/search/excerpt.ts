import { escapeHtml } from "../lib/html.ts";

/** Length of an excerpt, in characters, about two lines. */
export const EXCERPT_LENGTH = 240;

/** How far into a text its first hit is looked for, in characters; with none before, the excerpt is its beginning. */
export const MAX_EXCERPT_DEPTH = 20_000;

const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** The part of a text around its first hit, escaped, with every hit in `<mark>`. */
export function markedExcerptHtml(text: string, terms: readonly string[]): string {
  const flat = text.slice(0, MAX_EXCERPT_DEPTH).replace(/\s+/gu, " ").trim();
  const first = findHits(flat, terms).next().value?.start ?? 0;
  const start = first < EXCERPT_LENGTH / 2 ? 0 : wordStart(flat, first - Math.floor(EXCERPT_LENGTH / 3));
  const end = Math.min(flat.length, start + EXCERPT_LENGTH);
  const cut = end === flat.length ? flat.slice(start) : flat.slice(start, wordStart(flat, end)).trimEnd();
  const isCut = end < flat.length || text.length > MAX_EXCERPT_DEPTH;
  return (start > 0 ? "…" : "") + markedHtml(cut, terms) + (isCut ? "…" : "");
}

/** A text, escaped, with every hit in `<mark>`. */
export function markedHtml(text: string, terms: readonly string[]): string {
  let html = "";
  let done = 0;
  for (const hit of findHits(text, terms)) {
    html += `${escapeHtml(text.slice(done, hit.start))}<mark>${escapeHtml(text.slice(hit.start, hit.end))}</mark>`;
    done = hit.end;
  }
  return html + escapeHtml(text.slice(done));
}

type Hit = { readonly start: number; readonly end: number };

/** Hits in order: whole words that begin with a term, as FTS5 finds them, and terms inside unspaced scripts. */
function* findHits(text: string, terms: readonly string[]): Generator<Hit, undefined> {
  const wanted = terms.map(fold);
  for (const found of text.matchAll(WORD)) {
    const word = fold(found[0]);
    if (wanted.some((term) => word.startsWith(term))) {
      yield { start: found.index, end: found.index + found[0].length };
      continue;
    }
    const inside = terms.find((term) => /[^\p{ASCII}]/u.test(term) && found[0].includes(term));
    if (inside === undefined) continue;
    const start = found.index + found[0].indexOf(inside);
    yield { start, end: start + inside.length };
  }
}

/** Case and diacritics do not count, as in the index. */
function fold(word: string): string {
  return word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function wordStart(text: string, near: number): number {
  const space = text.lastIndexOf(" ", near);
  return space <= 0 || near - space > 40 ? avoidHalfCharacter(text, near) : space + 1;
}

function avoidHalfCharacter(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index + 1 : index;
}
