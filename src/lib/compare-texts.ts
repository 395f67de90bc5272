import type { Budget, Change } from "./find-changes.ts";
import { findChanges, MAX_COMPARISONS } from "./find-changes.ts";

/** A piece of a line, and whether it is what changed in the line. */
export type Piece = { readonly text: string; readonly isChanged: boolean };

/** A line with its number in its text, from 1. */
export type ComparedLine = { readonly number: number; readonly pieces: readonly Piece[] };

/** A row of two texts side by side: a line on both sides or on one, or lines left out that are alike. */
export type ComparedRow =
  | { readonly kind: "same"; readonly before: ComparedLine; readonly after: ComparedLine }
  | { readonly kind: "changed"; readonly before: ComparedLine | undefined; readonly after: ComparedLine | undefined }
  | { readonly kind: "gap"; readonly lines: number };

/** Lines that are alike shown around each change; the rest is left out. */
export const CONTEXT_LINES = 3;
/** Most rows of a comparison; one with more is too long to read, and to write into a page. */
export const MAX_COMPARED_ROWS = 600;
/** Longest line in which changed words are looked for, in words and what stands between them. */
export const MAX_LINE_WORDS = 4_000;
/** Comparisons that finding changed words may cost, for all lines together. */
export const MAX_WORD_COMPARISONS = MAX_COMPARISONS / 2;
/** Share of a line that must be alike for its changed words to be marked: below it, the lines have nothing in common. */
const MIN_ALIKE = 0.3;

// A script without spaces between words has one word a character.
const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[\p{L}\p{N}\p{M}_]+|\s+|[^\p{L}\p{N}\p{M}_\s]/gu;

/**
 * Compares two texts line by line, and the words of lines that changed a little. No rows when they are alike; undefined
 * when they are too different to compare, or the comparison is too long to show.
 */
export function compareTexts(before: string, after: string): ComparedRow[] | undefined {
  const texts = { before: toLines(before), after: toLines(after) };
  const changes = findChanges(texts.before, texts.after);
  if (changes === undefined || countRows(changes) > MAX_COMPARED_ROWS) return undefined;
  const budget = { left: MAX_WORD_COMPARISONS };
  const rows: ComparedRow[] = [];
  for (const [index, change] of changes.entries()) {
    rows.push(...linesBetween(texts, changes[index - 1], change), ...changedRows(texts, change, budget));
  }
  if (changes.length > 0) rows.push(...linesBetween(texts, changes.at(-1), undefined));
  return rows;
}

/** An empty text has no lines, so that all of one that came after it is new. */
function toLines(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}

type Texts = { readonly before: readonly string[]; readonly after: readonly string[] };

function countRows(changes: readonly Change[]): number {
  return changes.reduce(
    (rows, change) =>
      rows + 2 * CONTEXT_LINES + Math.max(change.beforeEnd - change.beforeStart, change.afterEnd - change.afterStart),
    0,
  );
}

/** What is alike between two changes, or before the first or after the last; of much only what is next to them. */
function linesBetween(texts: Texts, previous: Change | undefined, next: Change | undefined): ComparedRow[] {
  const from = previous?.beforeEnd ?? 0;
  const to = next?.beforeStart ?? texts.before.length;
  const shift = previous === undefined ? 0 : previous.afterEnd - previous.beforeEnd;
  const row = (index: number): ComparedRow => ({
    kind: "same",
    before: plainLine(texts.before, index),
    after: plainLine(texts.after, index + shift),
  });
  const head = previous === undefined ? from : Math.min(to, from + CONTEXT_LINES);
  const tail = next === undefined ? to : Math.max(head, to - CONTEXT_LINES);
  const gap: ComparedRow[] = tail > head ? [{ kind: "gap", lines: tail - head }] : [];
  return [...range(from, head).map(row), ...gap, ...range(tail, to).map(row)];
}

function changedRows(texts: Texts, change: Change, budget: Budget): ComparedRow[] {
  const removed = range(change.beforeStart, change.beforeEnd);
  const added = range(change.afterStart, change.afterEnd);
  return range(0, Math.max(removed.length, added.length)).map((index) =>
    changedRow(texts, { before: removed[index], after: added[index] }, budget),
  );
}

function changedRow(
  texts: Texts,
  { before, after }: { before: number | undefined; after: number | undefined },
  budget: Budget,
): ComparedRow {
  if (before === undefined || after === undefined) {
    return {
      kind: "changed",
      before: before === undefined ? undefined : plainLine(texts.before, before),
      after: after === undefined ? undefined : plainLine(texts.after, after),
    };
  }
  const marked = markWords(texts.before[before] ?? "", texts.after[after] ?? "", budget);
  if (marked === undefined) {
    return { kind: "changed", before: plainLine(texts.before, before), after: plainLine(texts.after, after) };
  }
  return {
    kind: "changed",
    before: { number: before + 1, pieces: marked.before },
    after: { number: after + 1, pieces: marked.after },
  };
}

/** The changed words of two lines; undefined where it costs too much, or nearly all of them changed. */
function markWords(before: string, after: string, budget: Budget): { before: Piece[]; after: Piece[] } | undefined {
  const words = { before: before.match(WORDS) ?? [], after: after.match(WORDS) ?? [] };
  const longest = Math.max(words.before.length, words.after.length);
  if (longest > MAX_LINE_WORDS || budget.left <= 0) return undefined;
  const changes = findChanges(words.before, words.after, budget);
  if (changes === undefined) return undefined;
  const removed = changes.map(({ beforeStart, beforeEnd }) => ({ start: beforeStart, end: beforeEnd }));
  const added = changes.map(({ afterStart, afterEnd }) => ({ start: afterStart, end: afterEnd }));
  const pieces = { before: toPieces(words.before, removed), after: toPieces(words.after, added) };
  const alike = pieces.before.reduce((sum, { text, isChanged }) => sum + (isChanged ? 0 : text.trim().length), 0);
  return alike < MIN_ALIKE * Math.min(before.length, after.length) ? undefined : pieces;
}

type Stretch = { readonly start: number; readonly end: number };

function toPieces(words: readonly string[], stretches: readonly Stretch[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end } of stretches) {
    pieces.push({ text: words.slice(at, start).join(""), isChanged: false });
    pieces.push({ text: words.slice(start, end).join(""), isChanged: true });
    at = end;
  }
  pieces.push({ text: words.slice(at).join(""), isChanged: false });
  return pieces.filter(({ text }) => text !== "");
}

function plainLine(lines: readonly string[], index: number): ComparedLine {
  const text = lines[index] ?? "";
  return { number: index + 1, pieces: text === "" ? [] : [{ text, isChanged: false }] };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
