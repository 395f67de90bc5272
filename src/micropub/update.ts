import { isDeepStrictEqual } from "node:util";
import { chosenLabels } from "../notes/note.ts";
import type { StoredNote } from "../notes/note-store.ts";
import type { NoteChanges } from "../notes/revise.ts";
import { applyChanges } from "./changes.ts";
import type { MicropubSite } from "./note-properties.ts";
import { isColumn, keptProperties, toNoteInput, toProperties, wantsDraft } from "./note-properties.ts";
import type { Mf2Changes, Mf2Properties } from "./request.ts";

/** An update of a note in the words of the operations, and the status that it asks for. */
export type NoteUpdate = { readonly changes: NoteChanges; readonly wantsDraft: boolean | undefined };

/**
 * Converts an update (§3.4) to changes of the note as it is stored: what the client leaves as it is is not named, so that
 * it stays to the millisecond, and Markdown is not turned into plain text. Throws `invalid` for a wrong value.
 */
export function toNoteUpdate(note: StoredNote, update: Mf2Changes, site: MicropubSite): NoteUpdate {
  const before = toProperties(note, site);
  const after = applyChanges(before, update);
  const input = toNoteInput(after, site);
  const changed = (name: string) => !isDeepStrictEqual(before[name], after[name]);
  return {
    wantsDraft: wantsDraft(after),
    changes: {
      ...(changed("name") ? { title: input.title ?? "" } : {}),
      ...(changed("content") ? { content: input.content, contentFormat: formatAfter(note, input.contentFormat) } : {}),
      ...(changed("category") ? { tags: tagsAfter(note, update, after) } : {}),
      ...(changed("language") ? { language: input.language ?? "" } : {}),
      ...(changed("translation-of") ? { translationOf: input.translationOf ?? "" } : {}),
      ...(changed("visibility") ? { visibility: input.visibility } : {}),
      ...(changed("published") ? { publishedAt: input.publishedAt, publishedOffset: input.publishedOffset } : {}),
      ...(changed("updated") ? { updatedAt: input.updatedAt } : {}),
      properties: propertiesAfter(note, after, site),
    },
  };
}

/** `q=source` gives Markdown as text, so a text that comes back for it is Markdown. */
function formatAfter(note: StoredNote, sent: NoteChanges["contentFormat"]): NoteChanges["contentFormat"] {
  return sent === "text" && note.contentFormat === "markdown" ? "markdown" : sent;
}

/** Hashtags stand in the text and are chosen only by a client that names the whole list. */
function tagsAfter(note: StoredNote, update: Mf2Changes, after: Mf2Properties): string[] {
  const labels = (after.category ?? []) as string[];
  if (update.replace.category !== undefined) return labels;
  const chosen = new Set(chosenLabels(note));
  const hashtags = new Set(note.tags.map((tag) => tag.label).filter((label) => !chosen.has(label)));
  return labels.filter((label) => !hashtags.has(label));
}

/** Imported notes may have front matter by the name of a column; it is not the client's to take away. */
function propertiesAfter(note: StoredNote, after: Mf2Properties, site: MicropubSite): StoredNote["properties"] {
  const hidden = Object.entries(note.properties).filter(([name]) => isColumn(name));
  return { ...Object.fromEntries(hidden), ...keptProperties(after, site) };
}
