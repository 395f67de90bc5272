import { randomUUID } from "node:crypto";
import type { Context } from "../../src/context/context.ts";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { insertNote } from "../../src/notes/note-store.ts";

/** What a test says of a stored note; the rest is a plain, listed note of now. */
export type StoredNoteInput = Partial<Omit<StoredNote, "id">>;

/**
 * Stores a note as it is given, past rules and rendering: for tests of what reads notes, with HTML, texts and times of
 * the test's own. Triggers run as always.
 */
export async function storeNote(ctx: Pick<Context, "db" | "clock">, input: StoredNoteInput = {}): Promise<StoredNote> {
  const [note] = await storeNotes(ctx, [input]);
  if (note === undefined) throw new Error("nothing was stored");
  return note;
}

/** Stores many notes in one transaction, in the order given. */
export function storeNotes(
  ctx: Pick<Context, "db" | "clock">,
  inputs: readonly StoredNoteInput[],
): Promise<StoredNote[]> {
  const now = ctx.clock();
  return ctx.db.write(() =>
    inputs.map((input) => {
      const uuid = randomUUID();
      const note: Omit<StoredNote, "id"> = {
        uid: `urn:uuid:${uuid}`,
        anchor: uuid.slice(0, 8),
        slug: `note-${uuid}`,
        kind: "note",
        status: "published",
        restoreStatus: undefined,
        visibility: "public",
        title: undefined,
        content: "Hello",
        contentFormat: "markdown",
        contentHtml: "<p>Hello</p>\n",
        contentText: "Hello",
        unspacedText: undefined,
        rendererVersion: 1,
        tags: [],
        language: undefined,
        publishedAt: now,
        publishedOffset: undefined,
        updatedAt: undefined,
        firstPublicAt: undefined,
        createdAt: now,
        changedAt: now,
        trashedAt: undefined,
        version: 1,
        properties: {},
        madeBy: "test",
        importMark: undefined,
        ...input,
      };
      return { ...note, id: insertNote(ctx.db, note) };
    }),
  );
}
