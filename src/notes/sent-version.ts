import type { Database } from "../db/database.ts";
import { cleanText } from "../lib/text.ts";
import type { Visibility } from "./note.ts";
import { parseLanguage, parseTags, parseTitle } from "./note-input.ts";
import type { StoredNote } from "./note-store.ts";
import { insertRevision } from "./revision-store.ts";
import type { Save } from "./save.ts";

/** What an author sent on top of an older version, before it was put together with the stored one. */
export type SentVersion = {
  readonly title: string;
  readonly content: string;
  readonly tags: readonly string[];
  readonly language: string;
  readonly visibility: Visibility;
};

/** The same, by the rules of notes. */
export type ParsedVersion = Pick<StoredNote, "title" | "content" | "tags" | "language" | "visibility">;

/** Throws `invalid` for the first field that breaks its rule. */
export function parseSentVersion(sent: SentVersion): ParsedVersion {
  return {
    title: parseTitle(sent.title),
    content: cleanText(sent.content),
    tags: parseTags(sent.tags),
    language: parseLanguage(sent.language),
    visibility: sent.visibility,
  };
}

/**
 * Keeps it as a revision of its own, which readers never see. Returns the note as the save that follows finds it. Runs
 * inside a transaction.
 */
export function keepSentVersion(db: Database, note: StoredNote, kept: { sent: ParsedVersion; save: Save }): StoredNote {
  const version = note.version + 1;
  const { save } = kept;
  insertRevision(db, { ...note, ...kept.sent, version, changedAt: save.now }, { ...save, action: "send" });
  return { ...note, version };
}
