import { join } from "node:path";
import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { Database } from "../../src/db/database.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { MAX_CONTENT_BYTES } from "../../src/lib/markdown.ts";
import { createSecret } from "../../src/lib/secrets.ts";
import {
  AUTOSAVE_LIFETIME_SECONDS,
  MAX_AUTOSAVE_FIELD_LENGTH,
  MAX_AUTOSAVE_FIELDS,
  MAX_NEW_AUTOSAVES,
  MAX_NOTE_AUTOSAVES,
  parseTypedFields,
} from "../../src/notes/autosave.ts";
import { findAutosave, listAutosaves, listNoteAutosaves } from "../../src/notes/autosave-store.ts";
import { discardAutosave, keepAutosave, takeOverAutosave } from "../../src/notes/keep-autosave.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { eraseNote } from "../../src/notes/trash.ts";
import { NOW, testContext } from "../support/context.ts";

const AUTHOR = { madeBy: "admin" };

type Typing = { editorKey?: string; noteId?: number | undefined; device?: string; content?: string };

function type(ctx: Context, { editorKey = createSecret(), noteId, device = "Firefox", content = "Half" }: Typing = {}) {
  return keepAutosave(ctx, { editorKey, noteId, device, fields: { content } });
}

function contents(ctx: Context, noteId?: number): (string | undefined)[] {
  return listNoteAutosaves(ctx.db, noteId, NOW).map(({ fields }) => fields.content);
}

test("what is typed in one editor stands in one row, the newest of it, with its size in bytes", async () => {
  const { ctx, clock } = await testContext();
  const editorKey = createSecret();

  await type(ctx, { editorKey, content: "Half" });
  clock.advance(2);
  await type(ctx, { editorKey, content: "Half a ß" });

  const kept = { editorKey, noteId: undefined, device: "Firefox", savedAt: addSeconds(NOW, 2), sizeBytes: 9 };
  expect(listAutosaves(ctx.db, { since: NOW, limit: 10 })).toEqual([{ ...kept, fields: { content: "Half a ß" } }]);
});

test("two devices at one note each keep their own, the newest first", async () => {
  const { ctx, clock } = await testContext();
  const note = await publishNote(ctx, { content: "Stored" }, AUTHOR);

  await type(ctx, { noteId: note.id, device: "Firefox on Linux", content: "At the desk" });
  clock.advance(1);
  await type(ctx, { noteId: note.id, device: "Safari on iPhone", content: "On the way" });

  expect(listNoteAutosaves(ctx.db, note.id, NOW)).toMatchObject([
    { device: "Safari on iPhone", fields: { content: "On the way" } },
    { device: "Firefox on Linux", fields: { content: "At the desk" } },
  ]);
  expect(contents(ctx)).toEqual([]);
});

test("who takes a text over writes on in it; the editor that still holds it gets a row of its own", async () => {
  const { ctx, clock } = await testContext();
  const phone = createSecret();
  await type(ctx, { editorKey: phone, content: "On the way" });

  const desk = (await takeOverAutosave(ctx, phone)) ?? "";
  await type(ctx, { editorKey: desk, content: "On the way home" });
  clock.advance(1);
  await type(ctx, { editorKey: phone, content: "On the way, still" });

  expect(contents(ctx)).toEqual(["On the way, still", "On the way home"]);
  expect(await takeOverAutosave(ctx, createSecret())).toBeUndefined();
});

test("discarding takes away what was looked at, and nothing that was typed since", async () => {
  const { ctx, clock } = await testContext();
  const shown = await type(ctx, { content: "Looked at" });
  clock.advance(1);
  const newer = await type(ctx, { editorKey: shown.editorKey, content: "Looked at, then more" });

  expect(await discardAutosave(ctx, shown)).toBe(false);
  expect(findAutosave(ctx.db, shown.editorKey)?.fields).toEqual({ content: "Looked at, then more" });
  expect(await discardAutosave(ctx, newer)).toBe(true);
  expect(findAutosave(ctx.db, shown.editorKey)).toBeUndefined();
});

test.each([
  ["new notes", MAX_NEW_AUTOSAVES, false],
  ["one stored note", MAX_NOTE_AUTOSAVES, true],
])("of %s as many are kept as the limit says; past it the oldest goes", async (_of, limit, isStored) => {
  const { ctx, clock } = await testContext();
  const noteId = isStored ? (await publishNote(ctx, { content: "Stored" }, AUTHOR)).id : undefined;
  for (let number = 1; number <= limit; number += 1) {
    await type(ctx, { noteId, content: String(number) });
    clock.advance(1);
  }

  const full = contents(ctx, noteId);
  await type(ctx, { noteId, content: "one more" });

  expect(full).toHaveLength(limit);
  expect(full.at(-1)).toBe("1");
  expect(contents(ctx, noteId)).toHaveLength(limit);
  expect(contents(ctx, noteId)).toContain("one more");
  expect(contents(ctx, noteId)).not.toContain("1");
});

test("what was just typed is kept though the clock was set back and others are newer by it", async () => {
  const { ctx, clock } = await testContext();
  for (let number = 0; number < MAX_NEW_AUTOSAVES; number += 1) await type(ctx);
  clock.advance(-3600);

  const { editorKey } = await type(ctx, { content: "in the past" });

  expect(findAutosave(ctx.db, editorKey)?.fields.content).toBe("in the past");
});

test("an autosave is kept for its lifetime, and is gone a second later", async () => {
  const { ctx, clock } = await testContext();
  const { editorKey } = await type(ctx, { content: "Long ago" });

  clock.advance(AUTOSAVE_LIFETIME_SECONDS);
  await type(ctx);
  const last = findAutosave(ctx.db, editorKey);
  clock.advance(1);
  await type(ctx);

  expect(last?.fields.content).toBe("Long ago");
  expect(findAutosave(ctx.db, editorKey)).toBeUndefined();
});

test("a text of the largest size is kept, one byte more is refused; so are fields too long or too many", () => {
  const field = (name: string, length: number) => ({ name, value: "a".repeat(length) });
  const many = (count: number) => Array.from({ length: count }, (_, index) => field(`f${index}`, 1));

  expect(parseTypedFields([field("content", MAX_CONTENT_BYTES)]).content).toHaveLength(MAX_CONTENT_BYTES);
  expect(() => parseTypedFields([field("content", MAX_CONTENT_BYTES + 1)])).toThrow("256 KB");
  expect(parseTypedFields([field("title", MAX_AUTOSAVE_FIELD_LENGTH)]).title).toHaveLength(MAX_AUTOSAVE_FIELD_LENGTH);
  expect(() => parseTypedFields([field("title", MAX_AUTOSAVE_FIELD_LENGTH + 1)])).toThrow("10,000 characters");
  expect(Object.keys(parseTypedFields(many(MAX_AUTOSAVE_FIELDS)))).toHaveLength(MAX_AUTOSAVE_FIELDS);
  expect(() => parseTypedFields(many(MAX_AUTOSAVE_FIELDS + 1))).toThrow("at most 50 fields");
});

test("erasing a note takes what was typed of it along, and nothing can be typed of it any more", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "Stored" }, AUTHOR);
  await type(ctx, { noteId: note.id });

  await eraseNote(ctx, note.id);

  expect(contents(ctx, note.id)).toEqual([]);
  await expect(type(ctx, { noteId: note.id })).rejects.toMatchObject({ code: "gone" });
  await expect(type(ctx, { noteId: 99 })).rejects.toMatchObject({ code: "not_found" });
  await expect(type(ctx, { editorKey: "short" })).rejects.toMatchObject({ code: "invalid", field: "editor_key" });
  expect(ctx.db.all("SELECT * FROM note_autosaves")).toEqual([]);
});

test("autosaves survive a restart", async () => {
  const { ctx, dir } = await testContext();
  await type(ctx, { content: "Before the restart" });
  ctx.db.close();

  const db = Database.open({ file: join(dir, "starpunk.db"), readers: 1 });
  const found = listAutosaves(db, { since: NOW, limit: 10 });
  db.close();

  expect(found.map(({ fields }) => fields.content)).toEqual(["Before the restart"]);
});
