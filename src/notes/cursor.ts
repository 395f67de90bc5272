import type { Timestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";

/** A place between two notes of a list: that of the note with this time and id. */
export type Cursor = { readonly publishedAt: Timestamp; readonly id: number };

const FORM = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})-(\d{1,15})$/u;

/** Writes a cursor as URLs carry it: `20260301T093000000-42`. */
export function formatCursor(cursor: Cursor): string {
  return `${cursor.publishedAt.replace(/[-:.Z]/gu, "")}-${cursor.id}`;
}

/** Reads a cursor of a URL; undefined stays undefined. Throws `invalid` naming `field` for anything else. */
export function parseCursor(text: string | undefined, field: string): Cursor | undefined {
  if (text === undefined) return undefined;
  const cursor = readCursor(text);
  if (cursor !== undefined) return cursor;
  throw invalid(field, said`“${field}” is no place in this list. Begin again at its first page.`);
}

/** Reads a cursor where a wrong one is no error: undefined for what is none. */
export function readCursor(text: string): Cursor | undefined {
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, milliseconds, id] = parts;
  const publishedAt = `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z` as Timestamp;
  return { publishedAt, id: Number(id) };
}

/** The one of two places that lies further on in a list, where the older notes are. */
export function earlier(one: Cursor, other: Cursor): Cursor {
  return isBefore(one, other) ? one : other;
}

/** The one of two places that lies nearer to the newest note. */
export function later(one: Cursor, other: Cursor): Cursor {
  return isBefore(one, other) ? other : one;
}

function isBefore(one: Cursor, other: Cursor): boolean {
  return one.publishedAt === other.publishedAt ? one.id < other.id : one.publishedAt < other.publishedAt;
}
