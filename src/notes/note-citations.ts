import type { Database } from "../db/database.ts";
import type { Citation } from "./citation-store.ts";
import { findCitations } from "./citation-store.ts";
import { listCited } from "./cited.ts";
import type { Properties } from "./note.ts";

/** Properties of a note that has none. */
export const NO_PROPERTIES: Properties = {};

/** The properties of a row: hardly any note has some. */
export function readProperties(json: string): Properties {
  return json === "{}" ? NO_PROPERTIES : JSON.parse(json);
}

/** What is known of the pages that these notes are about, by URL, read in one go. */
export function citationsOf(
  db: Database,
  notes: readonly { readonly properties: Properties }[],
): ReadonlyMap<string, Citation> {
  const urls = notes
    .filter(({ properties }) => properties !== NO_PROPERTIES)
    .flatMap(({ properties }) => listCited(properties).map(({ url }) => url));
  return findCitations(db, [...new Set(urls)]);
}

/** The notes, each with what is known of the pages that it is about; as they are where nothing is known of any. */
export function withCitations<Note extends { readonly properties: Properties }>(
  db: Database,
  notes: Note[],
): (Note & { readonly citations?: ReadonlyMap<string, Citation> })[] {
  const citations = citationsOf(db, notes);
  return citations.size === 0 ? notes : notes.map((note) => ({ ...note, citations }));
}
