import { expect, test } from "vitest";
import { MAX_BULK_NOTES } from "../../src/notes/bulk-act.ts";
import { listBulkNotes } from "../../src/notes/bulk-act-store.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { MAX_AWAITED_NOTES } from "../../src/search/search-index.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, textOf } from "../support/dom.ts";
import { formTo, submit } from "../support/forms.ts";
import { storeNotes } from "../support/stored-note.ts";

const AUTHOR = { madeBy: "admin" };

async function desk(count = 3) {
  const app = await testApp();
  await logInAgent(app);
  const ids: number[] = [];
  for (let made = 1; made <= count; made += 1) {
    app.clock.advance(1);
    ids.push((await publishNote(app.ctx, { content: `Harbour note ${made}`, slug: `note-${made}` }, AUTHOR)).id);
  }
  return { app, ids };
}

/** Presses a button of the form below the list of notes. */
async function press(app: TestApp, filled: Record<string, string | string[]>, path = "/admin") {
  const { text } = await app.http.get(path);
  return await submit(app.http, formTo(text, "/admin/bulk"), filled);
}

function statuses(app: TestApp, ids: readonly number[]) {
  return ids.map((id) => findNote(app.ctx.db, id)?.status);
}

test("the ticked notes are changed, the next page says what was done, and its button undoes all of it", async () => {
  const { app, ids } = await desk();

  const answer = await press(app, { note: [String(ids[0]), String(ids[1])], do: "trash" });
  const location = answer.headers.location ?? "";
  const result = await app.http.get(location);
  const after = statuses(app, ids);
  const gone = await app.http.get("/notes/note-1");
  const undo = await submit(app.http, formTo(result.text, `${location}/undo`));
  const undone = await app.http.get(undo.headers.location ?? "");

  expect([answer.status, undo.status, gone.status]).toEqual([303, 303, 410]);
  expect(textOf(query(result.text, "h1"))).toBe("Moved to the trash: 2 notes");
  expect(after).toEqual(["trashed", "trashed", "published"]);
  expect(statuses(app, ids)).toEqual(["published", "published", "published"]);
  expect(textOf(query(undone.text, "h1"))).toBe("Undone");
  expect(undone.text).not.toContain(`${location}/undo`);
  await app.http.get("/notes/note-1").expect(200);
});

test("what is left out stands in the result with its reason", async () => {
  const { app, ids } = await desk(1);
  const draft = await saveDraft(app.ctx, { content: "A draft" }, AUTHOR);

  const answer = await press(app, { note: [String(ids[0]), String(draft.id)], do: "publish" });
  const { text } = await app.http.get(answer.headers.location ?? "");

  expect(text).toContain("1 note was left out, each with its reason below.");
  expect(textOf(query(text, ".left-out"))).toBe("It was out already.");
});

test("a German author reads in German what was done and why a note was left out, which is stored in English", async () => {
  const { app, ids } = await desk(2);
  await changeSettings(app.ctx, { adminLanguage: "de" });
  const draft = await saveDraft(app.ctx, { content: "A draft" }, AUTHOR);

  const answer = await press(app, { note: [...ids, draft.id].map(String), do: "publish" });
  const key = (answer.headers.location ?? "").split("/").at(-1) ?? "";
  const { text } = await app.http.get(answer.headers.location ?? "");
  const list = await app.http.get("/admin");

  expect(textOf(query(list.text, ".row time"))).toContain("März");
  expect(textOf(query(text, "h1"))).toBe("1 Notiz veröffentlicht");
  expect(text).toContain("2 Notizen wurden ausgelassen; die Gründe stehen unten.");
  expect(textOf(query(text, ".left-out"))).toBe("Sie war schon veröffentlicht.");
  expect(listBulkNotes(app.ctx.db, key)[0]?.reason).toBe("It was out already.");
});

test("tags that are missing are asked for, with the ticked notes kept", async () => {
  const { app, ids } = await desk(1);

  const asked = await press(app, { note: String(ids[0]), do: "tag", tags: " , " });
  const again = await submit(app.http, formTo(asked.text, "/admin/bulk"), { tags: "Sea" });

  expect(asked.status).toBe(422);
  expect(textOf(query(asked.text, "#tags-error"))).toBe("Write the tags that the notes shall get.");
  expect(again.status).toBe(303);
  expect(findNote(app.ctx.db, ids[0] ?? 0)?.tags).toMatchObject([{ name: "sea" }]);
});

test("no ticked note is said, and nothing is done", async () => {
  const { app, ids } = await desk(1);

  const answer = await press(app, { do: "trash" });

  expect(answer.status).toBe(422);
  expect(textOf(query(answer.text, "[role=alert]"))).toBe("No note is ticked. Tick at least one.");
  expect(statuses(app, ids)).toEqual(["published"]);
});

test("all notes that match a search, on every page, are named first and then changed", async () => {
  const { app, ids } = await desk(60);
  const other = await publishNote(app.ctx, { content: "Something else" }, AUTHOR);

  const asked = await press(app, { scope: "all", do: "unlist" }, "/admin?q=harbour");
  const before = statuses(app, ids);
  const answer = await submit(app.http, formTo(asked.text, "/admin/bulk"));

  expect(textOf(query(asked.text, "h1"))).toBe("Unlist 60 notes?");
  expect(textOf(query(asked.text, ".named"))).toContain("and 50 notes more");
  expect(new Set(before)).toEqual(new Set(["published"]));
  expect(answer.status).toBe(303);
  expect(new Set(ids.map((id) => findNote(app.ctx.db, id)?.visibility))).toEqual(new Set(["unlisted"]));
  expect(findNote(app.ctx.db, other.id)?.visibility).toBe("public");
});

test("while more notes come into the search index than a search waits for, nobody is told that these are all that match", async () => {
  const { app, ids } = await desk(1);
  const asked = await app.http.get("/admin?q=harbour");
  await storeNotes(
    app.ctx,
    Array.from({ length: MAX_AWAITED_NOTES + 1 }, () => ({ contentText: "harbour" })),
  );

  const { status, text } = await submit(app.http, formTo(asked.text, "/admin/bulk"), { scope: "all", do: "unlist" });

  expect([status, text]).toEqual([503, expect.stringContaining("nobody knows all that matches. Wait a minute")]);
  expect(findNote(app.ctx.db, ids[0] ?? 0)?.visibility).toBe("public");
});

test("of more notes than one act takes, those come first that were changed longest ago", async () => {
  const { app } = await desk(1);
  const rows = Array.from({ length: MAX_BULK_NOTES }, (_, index) => index + 2);
  await app.ctx.db.write(() => {
    for (const id of rows) {
      app.ctx.db.run(
        `INSERT INTO notes (uid, anchor, slug, kind, status, visibility, content, content_format, content_html, content_text,
                            renderer_version, tags, properties, created_at, changed_at, version, made_by)
         VALUES ('u' || :id, 'a', 's' || :id, 'note', 'draft', 'public', 'x', 'text', '', 'x', 1, '[]', '{}',
                 '2026-03-02', '2026-03-02T00:00:00.000Z', 1, 'test')`,
        { id },
      );
    }
  });

  const asked = await press(app, { scope: "all", do: "trash" });
  const form = formTo(asked.text, "/admin/bulk");

  expect(textOf(query(asked.text, "h1"))).toBe(`Move to the trash: ${MAX_BULK_NOTES} notes?`);
  expect(textOf(query(asked.text, ".lead"))).toContain("There are more than 500");
  expect(form.fields.note).toHaveLength(MAX_BULK_NOTES);
  expect(form.fields.note?.[0]).toBe("1");
});

test("a list of a status offers what can be done there, and all of that status", async () => {
  const { app, ids } = await desk(2);
  await press(app, { note: ids.map(String), do: "trash" });

  const { text } = await app.http.get("/admin?status=trashed");
  const asked = await press(app, { scope: "all", do: "restore" }, "/admin?status=trashed");
  await submit(app.http, formTo(asked.text, "/admin/bulk"));

  expect([...text.matchAll(/name="do" value="(\w+)"/gu)].map(([, action]) => action)).toEqual(["restore"]);
  expect(text).toContain("All 2 notes of this list");
  expect(statuses(app, ids)).toEqual(["published", "published"]);
});

test("without the token nothing is done; after an hour the result is gone", async () => {
  const { app, ids } = await desk(1);
  const { text } = await app.http.get("/admin");
  const form = formTo(text, "/admin/bulk");

  const stolen = await submit(app.http, form, { csrf_token: "x", note: String(ids[0]), do: "trash" });
  const wrong = await submit(app.http, form, { note: String(ids[0]), do: "explode" });
  const done = await submit(app.http, form, { note: String(ids[0]), do: "trash" });
  app.clock.advance(3_601);
  const late = await app.http.get(done.headers.location ?? "");

  expect([stolen.status, wrong.status, done.status, late.status]).toEqual([403, 422, 303, 410]);
  expect(listBulkNotes(app.ctx.db, String(form.fields.act_key))).toHaveLength(1);
});
