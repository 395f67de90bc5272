import { escapeHtml } from "../lib/html.ts";
import { unspacedRuns } from "../lib/unspaced.ts";
import { foldText } from "./fold.ts";

/** Length of an excerpt, in characters, about two lines. */
export const EXCERPT_LENGTH = 240;

/** How far into a text its first hit is looked for, in characters; with none before, the excerpt is its beginning. */
export const MAX_EXCERPT_DEPTH = 20_000;

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u;
/** White space that begins with anything but a space. */
const LINE_BREAKS = /[^\S ]\s*/g;

/** The part of a text around its first hit, escaped, with every hit in `<mark>`. */
export function markedExcerptHtml(text: string, terms: readonly string[]): string {
  const found = findHits(text.slice(0, MAX_EXCERPT_DEPTH), terms).next().value?.start ?? 0;
  // More than is shown, since white space collapses, and no more: a text may be long.
  const from = avoidHalfCharacter(text, Math.max(0, found - EXCERPT_LENGTH));
  const to = Math.min(text.length, MAX_EXCERPT_DEPTH, found + 2 * EXCERPT_LENGTH);
  const before = inOneLine(text.slice(from, found)).trimStart();
  const flat = (before + inOneLine(text.slice(found, to))).trimEnd();

  const first = before.length;
  const start = first < EXCERPT_LENGTH / 2 ? 0 : wordStart(flat, first - Math.floor(EXCERPT_LENGTH / 3));
  const end = Math.min(flat.length, start + EXCERPT_LENGTH);
  const cut = end === flat.length ? flat.slice(start) : flat.slice(start, wordStart(flat, end)).trimEnd();
  const isCut = end < flat.length || to < text.length;
  return (from + start > 0 ? "…" : "") + markedHtml(cut, terms) + (isCut ? "…" : "");
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

/** What tells whether a term stands in a text, as hits are marked. */
export function createTermFinder(text: string): (term: string) => boolean {
  const folded = foldText(text).text;
  return (term) => nextStart(folded, toWanted(term), 0) !== -1;
}

type Hit = { readonly start: number; readonly end: number };

/** Hits in order: whole words that begin with a term, as FTS5 finds them, and terms inside unspaced scripts. */
function* findHits(text: string, terms: readonly string[]): Generator<Hit, undefined> {
  const folded = foldText(text);
  const wanted = terms.map(toWanted);
  let hit = nextHit(folded.text, wanted, 0);
  while (hit !== undefined) {
    yield { start: folded.placeOf(hit.start), end: folded.placeOf(hit.end) };
    hit = nextHit(folded.text, wanted, hit.end);
  }
}

type Wanted = { readonly text: string; readonly isAnywhere: boolean };

function toWanted(term: string): Wanted {
  return { text: foldText(term).text, isAnywhere: unspacedRuns(term).length > 0 };
}

function nextHit(text: string, wanted: readonly Wanted[], from: number): Hit | undefined {
  let first: Hit | undefined;
  for (const term of wanted) {
    const start = nextStart(text, term, from);
    if (start === -1 || (first !== undefined && start >= first.start)) continue;
    const end = start + term.text.length;
    first = { start, end: term.isAnywhere ? end : wordEnd(text, end) };
  }
  return first;
}

function nextStart(text: string, term: Wanted, from: number): number {
  if (term.text === "") return -1;
  let start = text.indexOf(term.text, from);
  while (start > 0 && !term.isAnywhere && isInWord(text, start - 1)) start = text.indexOf(term.text, start + 1);
  return start;
}

function wordEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isInWord(text, end)) end += 1;
  return end;
}

/** Most texts are ASCII, and to ask a regular expression for each of their characters is dear. */
function isInWord(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
  const isSecondHalf = code >= 0xdc00 && code <= 0xdfff && index > 0;
  return WORD_CHARACTER.test(String.fromCodePoint(text.codePointAt(isSecondHalf ? index - 1 : index) ?? 0));
}

function inOneLine(text: string): string {
  const line = text.replace(LINE_BREAKS, " ");
  return line.includes("  ") ? line.replace(/ {2,}/g, " ") : line;
}

function wordStart(text: string, near: number): number {
  const space = text.lastIndexOf(" ", near);
  return space <= 0 || near - space > 40 ? avoidHalfCharacter(text, near) : space + 1;
}

function avoidHalfCharacter(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index + 1 : index;
}
