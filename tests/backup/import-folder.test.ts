import { utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findNote, listImportedSlugs } from "../../src/notes/note-store.ts";
import { publishScheduledNote } from "../../src/notes/publish-scheduled.ts";
import { retractNote, reviseNote } from "../../src/notes/revise.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { eraseNote, restoreNote, trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { testApp } from "../support/app.ts";
import { testContext } from "../support/context.ts";
import { importedNote, importLines, writeFolder } from "../support/import.ts";

const ADMIN = { madeBy: "admin" };
const EDITED = "The note was edited here since it was imported. Use --overwrite to replace it.";

test("a file becomes a note with all that its front matter says", async () => {
  const { ctx } = await testContext();
  const file =
    "---\ntitle: A title\ndate: 2021-05-06T07:08:09-07:00\nupdated: 2021-06-01T00:00:00-07:00\ntags: [One, Two words]\n" +
    "slug: chosen\nlanguage: de\nvisibility: unlisted\nmood: fine\nplace: {lat: 1, lon: 2}\n---\n\nThe *text*. #three\n";

  const lines = await importLines(ctx, writeFolder({ "deep/down/file.md": file }));

  expect(lines).toEqual(["created deep/down/file.md"]);
  expect(importedNote(ctx, "deep/down/file.md")).toMatchObject({
    title: "A title",
    slug: "chosen",
    content: "The *text*. #three\n",
    tags: [
      { name: "one", label: "One" },
      { name: "two-words", label: "Two words" },
      { name: "three", label: "three" },
    ],
    language: "de",
    status: "published",
    visibility: "unlisted",
    publishedAt: "2021-05-06T14:08:09.000Z",
    publishedOffset: -420,
    updatedAt: "2021-06-01T07:00:00.000Z",
    properties: { mood: ["fine"], place: [{ lat: 1, lon: 2 }] },
    madeBy: "import",
    kind: "article",
  });
});

test("the second import of the same folder changes nothing", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({
    "a.md": "one",
    "sub/b.md": "two",
    "sub/c.markdown": "three",
    "d.txt": "no",
    ".e.md": "no",
  });
  await importLines(ctx, root);
  const before = ctx.db.all("SELECT * FROM notes");

  const lines = await importLines(ctx, root);

  expect(lines).toEqual(["unchanged a.md", "unchanged sub/b.md", "unchanged sub/c.markdown"]);
  expect(ctx.db.all("SELECT * FROM notes")).toEqual(before);
});

test("a changed file revises its note; what it no longer says is taken away", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({
    "a.md": "---\ntitle: Old\nlanguage: de\ntags: [x]\nmood: fine\ndate: 2021-01-01\n---\nold",
    "b.md": "same",
  });
  await importLines(ctx, root);
  const before = importedNote(ctx, "a.md");
  writeFolder({ "a.md": "---\ndate: 2021-01-02T00:00:00+05:30\n---\nnew" }, root);

  const lines = await importLines(ctx, root);

  expect(lines).toEqual(["changed a.md", "unchanged b.md"]);
  expect(importedNote(ctx, "a.md")).toMatchObject({
    id: before.id,
    uid: before.uid,
    slug: "a",
    title: undefined,
    language: undefined,
    tags: [],
    properties: {},
    content: "new",
    publishedAt: "2021-01-01T18:30:00.000Z",
    publishedOffset: 330,
    version: 2,
  });
  expect(listRevisions(ctx.db, before.id).map(({ content, action }) => `${action} ${content}`)).toEqual([
    "revise new",
    "publish old",
  ]);
});

test("a file without a date has the time of its last writing, and keeps it when it changes", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({ "a.md": "old" });
  utimesSync(join(root, "a.md"), 0, Date.parse("2020-05-05T05:05:05Z") / 1000);
  await importLines(ctx, root);

  writeFolder({ "a.md": "new" }, root);
  await importLines(ctx, root);

  expect(importedNote(ctx, "a.md")).toMatchObject({ content: "new", publishedAt: "2020-05-05T05:05:05.000Z" });
});

test.each(["", "date: None\n", "date:\n", "date: ~\n"])(
  "a file whose front matter has %j has the time of its update",
  async (date) => {
    const { ctx } = await testContext();
    const root = writeFolder({ "a.md": `---\n${date}updated: 2025-12-02T21:35:55-08:00\n---\nold` });
    await importLines(ctx, root);
    const made = importedNote(ctx, "a.md");
    writeFolder({ "a.md": `---\n${date}updated: 2026-01-01T00:00:00Z\n---\nnew` }, root);
    await importLines(ctx, root);

    const time = { publishedAt: "2025-12-03T05:35:55.000Z", publishedOffset: -480 };
    expect(made).toMatchObject({ ...time, updatedAt: undefined });
    expect(importedNote(ctx, "a.md")).toMatchObject({ ...time, updatedAt: "2026-01-01T00:00:00.000Z" });
  },
);

test("dates without an offset are meant in the author's zone", async () => {
  const { ctx } = await testContext();
  await changeSettings(ctx, { timeZone: "Asia/Tokyo" });

  await importLines(ctx, writeFolder({ "a.md": "---\ndate: 2021-07-01 09:00\n---\nx" }));

  expect(importedNote(ctx, "a.md")).toMatchObject({
    publishedAt: "2021-07-01T00:00:00.000Z",
    publishedOffset: undefined,
  });
});

test("notes are made oldest first, whatever their files are called", async () => {
  const { ctx } = await testContext();

  await importLines(
    ctx,
    writeFolder({
      "a.md": "---\ndate: 2021-01-03\n---\nx",
      "b.md": "---\ndate: 2021-01-01\n---\nx",
      "c.md": "---\ndate: 2021-01-02\n---\nx",
    }),
  );

  expect(listImportedSlugs(ctx.db).map(([path]) => path)).toEqual(["b.md", "c.md", "a.md"]);
});

test("files of the same name become notes of their own, and keep their slugs", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({
    "a/x.md": "---\ndate: 2021-01-02\n---\none",
    "b/x.md": "---\ndate: 2021-01-01\n---\ntwo",
    "admin.md": "---\ndate: 2021-01-03\n---\nthree",
  });
  await importLines(ctx, root);
  writeFolder({ "a/x.md": "---\ndate: 2021-01-02\n---\nmore", "b/x.md": "---\ndate: 2021-01-01\n---\nmore" }, root);

  await importLines(ctx, root);

  expect(listImportedSlugs(ctx.db)).toEqual([
    ["b/x.md", "x"],
    ["a/x.md", "x-2"],
    ["admin.md", "admin-2"],
  ]);
});

test("drafts stay drafts until their file says otherwise, and published notes go back with it", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({ "a.md": "---\ndraft: true\n---\nx", "b.md": "---\ndate: 2021-01-01\n---\nx" });
  await importLines(ctx, root);
  const drafted = importedNote(ctx, "a.md");
  writeFolder({ "a.md": "---\ndraft: false\n---\nx", "b.md": "---\ndraft: yes\ndate: 2021-01-01\n---\nx" }, root);

  const lines = await importLines(ctx, root);

  expect(drafted).toMatchObject({ status: "draft", publishedAt: undefined, slug: "a" });
  expect(lines).toEqual(["changed a.md", "changed b.md"]);
  expect(importedNote(ctx, "a.md")).toMatchObject({ status: "published", publishedAt: ctx.clock() });
  expect(importedNote(ctx, "b.md")).toMatchObject({ status: "draft", publishedAt: "2021-01-01T00:00:00.000Z" });
});

test("a note that was edited here is skipped, unless it is to be overwritten", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({ "a.md": "old", "b.md": "old" });
  await importLines(ctx, root);
  await reviseNote(ctx, importedNote(ctx, "a.md").id, { content: "mine", origin: ADMIN });
  await retractNote(ctx, importedNote(ctx, "b.md").id, { origin: ADMIN });
  writeFolder({ "a.md": "new", "b.md": "new" }, root);

  const lines = await importLines(ctx, root);
  const kept = [importedNote(ctx, "a.md"), importedNote(ctx, "b.md")];
  const overwritten = await importLines(ctx, root, { overwrite: true });

  expect(lines).toEqual([`skipped a.md: ${EDITED}`, `skipped b.md: ${EDITED}`]);
  expect(kept).toMatchObject([{ content: "mine" }, { content: "old", status: "draft" }]);
  expect(overwritten).toEqual(["changed a.md", "changed b.md"]);
  expect(importedNote(ctx, "a.md").content).toBe("new");
  expect(importedNote(ctx, "b.md")).toMatchObject({ content: "new", status: "published" });
  expect(await importLines(ctx, root)).toEqual(["unchanged a.md", "unchanged b.md"]);
});

test("what was edited here but not in its file is unchanged, also with --overwrite", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({ "a.md": "old" });
  await importLines(ctx, root);
  await reviseNote(ctx, importedNote(ctx, "a.md").id, { content: "mine", origin: ADMIN });

  const lines = await importLines(ctx, root, { overwrite: true });

  expect(lines).toEqual(["unchanged a.md"]);
  expect(importedNote(ctx, "a.md").content).toBe("mine");
});

test("a note whose time came, and one that was in the trash, were not edited", async () => {
  const { ctx, clock } = await testContext();
  const root = writeFolder({ "a.md": "---\ndate: 2026-03-02T00:00:00Z\n---\nold", "b.md": "old" });
  await importLines(ctx, root);
  const [waiting, trashed] = [importedNote(ctx, "a.md"), importedNote(ctx, "b.md")];
  clock.advance(24 * 3600);
  await publishScheduledNote(ctx, waiting.id);
  await trashNote(ctx, trashed.id, ADMIN);
  await restoreNote(ctx, trashed.id, ADMIN);
  writeFolder({ "a.md": "---\ndate: 2026-03-02T00:00:00Z\n---\nnew", "b.md": "new" }, root);

  const lines = await importLines(ctx, root);

  expect(waiting.status).toBe("scheduled");
  expect(lines).toEqual(["changed a.md", "changed b.md"]);
  expect(importedNote(ctx, "a.md")).toMatchObject({ content: "new", status: "published" });
});

test("trashed notes wait for the author, erased ones never come back", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({ "a.md": "old", "b.md": "old", "c.md": "old" });
  await importLines(ctx, root);
  const [trashed, erased] = [importedNote(ctx, "a.md").id, importedNote(ctx, "b.md").id];
  await trashNote(ctx, trashed, ADMIN);
  await eraseNote(ctx, erased);
  writeFolder({ "a.md": "new" }, root);

  const lines = await importLines(ctx, root, { overwrite: true });

  expect(lines).toEqual([
    "skipped a.md: The note is in the trash here. Restore it first.",
    "skipped b.md: The note was erased here.",
    "unchanged c.md",
  ]);
  expect(findNote(ctx.db, trashed)).toMatchObject({ status: "trashed", content: "old" });
  expect(findNote(ctx.db, erased)).toMatchObject({ status: "erased", content: "" });
  expect(listImportedSlugs(ctx.db)).toHaveLength(3);
});

test("path and aliases, also of whole addresses, lead to the note by 301, and a new slug leaves the old one leading there", async () => {
  const { ctx, http } = await testApp();
  const head = "---\npath: 2020/05/old.html\naliases: [/älter/, 'https://old.example/x%20y']\n";
  const root = writeFolder({ "a.md": `${head}---\nx` });
  await importLines(ctx, root);
  writeFolder({ "a.md": `${head}slug: b\n---\nx` }, root);
  await importLines(ctx, root);

  const paths = ["/2020/05/old.html", "/%C3%A4lter", "/x%20y", "/notes/a"];
  const answers = await Promise.all(paths.map((path) => http.get(path).redirects(0)));

  expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual(
    paths.map(() => [301, expect.stringMatching(/\/notes\/b$/)]),
  );
});

test("a dry run says what would happen and writes nothing", async () => {
  const { ctx } = await testContext();
  const root = writeFolder({ "a.md": "old", "b.md": "old" });
  await importLines(ctx, root);
  writeFolder({ "a.md": "new", "c.md": "# new", "d.md": "---\n- no\n---\n" }, root);
  const before = ctx.db.all("SELECT * FROM notes");

  const lines = await importLines(ctx, root, { dryRun: true });

  expect(lines).toEqual([
    "changed a.md",
    "unchanged b.md",
    "created c.md",
    "skipped d.md: The front matter is no list of keys and values.",
  ]);
  expect(ctx.db.all("SELECT * FROM notes")).toEqual(before);
  expect(ctx.db.get("SELECT count(*) AS rows FROM note_revisions")).toEqual({ rows: 2 });
});

test("two imports at once make each note once, and both say so", async () => {
  const { ctx } = await testContext();
  const files = Array.from({ length: 20 }, (_, number) => [`n${number}.md`, `---\ntags: [t]\n---\nNote ${number}`]);
  const root = writeFolder(Object.fromEntries(files));

  const [one = [], other = []] = await Promise.all([importLines(ctx, root), importLines(ctx, root)]);

  expect([...one, ...other].filter((line) => line.startsWith("created"))).toHaveLength(20);
  expect([...one, ...other].filter((line) => line.startsWith("unchanged"))).toHaveLength(20);
  expect(ctx.db.get("SELECT count(*) AS rows FROM notes")).toEqual({ rows: 20 });
});

test("progress is told after each file", async () => {
  const { ctx } = await testContext();
  const told: string[] = [];

  await importLines(ctx, writeFolder({ "a.md": "x", "b.md": "---\n[\n---\n" }), {
    onProgress: (done, total) => told.push(`${done}/${total}`),
  });

  expect(told).toEqual(["1/2", "2/2"]);
});
