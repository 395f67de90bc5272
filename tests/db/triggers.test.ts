import { describe, expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { indexNewNotes } from "../../src/search/search-index.ts";
import { testContext } from "../support/context.ts";

type Columns = Record<string, string | number | null>;

const DRAFT: Columns = { status: "draft", visibility: "public", published_at: null, tags: tags("Blue", "Sea") };
const PUBLISHED: Columns = { ...DRAFT, status: "published", published_at: "2026-03-01T09:30:00.000Z" };

describe("what readers could notice is written down", () => {
  test("publishing touches the note, the lists and each tag", async () => {
    const db = await openDatabase();

    await insert(db, PUBLISHED);

    expect(keys(db)).toEqual(["list", "note:1", "tag:blue", "tag:sea"]);
  });

  test.each([
    ["a draft", DRAFT],
    ["a scheduled note", { ...PUBLISHED, status: "scheduled" }],
    ["a private note", { ...PUBLISHED, visibility: "private" }],
    ["a note in the trash", { ...PUBLISHED, status: "trashed", restore_status: "published" }],
  ])("%s says nothing, neither when it is made nor when it is changed", async (_, columns) => {
    const db = await openDatabase();

    await insert(db, columns);
    await update(db, { title: "Changed", content_text: "changed", tags: tags("Red"), slug: "changed" });
    await update(db, { status: "draft", restore_status: null });

    expect(keys(db)).toEqual([]);
  });

  test("an unlisted note touches its own page only", async () => {
    const db = await openDatabase();

    await insert(db, { ...PUBLISHED, visibility: "unlisted" });
    await update(db, { title: "Changed", tags: tags("Red") });

    expect(keys(db)).toEqual(["note:1"]);
  });

  test.each<[string, Columns, Columns, string[]]>([
    ["publishing a draft", DRAFT, PUBLISHED, ["list", "note:1", "tag:blue", "tag:sea"]],
    ["revising", PUBLISHED, { content_text: "New" }, ["list", "note:1", "tag:blue", "tag:sea"]],
    ["renaming", PUBLISHED, { slug: "new" }, ["list", "note:1", "tag:blue", "tag:sea"]],
    [
      "retagging, the tag that it lost too",
      PUBLISHED,
      { tags: tags("Sea", "Red") },
      ["list", "note:1", "tag:blue", "tag:red", "tag:sea"],
    ],
    ["losing all tags", PUBLISHED, { tags: "[]" }, ["list", "note:1", "tag:blue", "tag:sea"]],
    ["retracting", PUBLISHED, { status: "draft" }, ["list", "note:1", "tag:blue", "tag:sea"]],
    [
      "trashing",
      PUBLISHED,
      { status: "trashed", restore_status: "published" },
      ["list", "note:1", "tag:blue", "tag:sea"],
    ],
    ["erasing", PUBLISHED, { status: "erased", tags: "[]" }, ["list", "note:1", "tag:blue", "tag:sea"]],
    ["making private", PUBLISHED, { visibility: "private" }, ["list", "note:1", "tag:blue", "tag:sea"]],
    [
      "making private and retagging, not the new tag",
      PUBLISHED,
      { visibility: "private", tags: tags("Red") },
      ["list", "note:1", "tag:blue", "tag:sea"],
    ],
    ["unlisting", PUBLISHED, { visibility: "unlisted" }, ["list", "note:1", "tag:blue", "tag:sea"]],
    [
      "listing what was unlisted",
      { ...PUBLISHED, visibility: "unlisted" },
      { visibility: "public" },
      ["list", "note:1", "tag:blue", "tag:sea"],
    ],
    ["unlisting what was private", { ...PUBLISHED, visibility: "private" }, { visibility: "unlisted" }, ["note:1"]],
    [
      "restoring",
      { ...PUBLISHED, status: "trashed", restore_status: "published" },
      { status: "published", restore_status: null },
      ["list", "note:1", "tag:blue", "tag:sea"],
    ],
    [
      "restoring a draft",
      { ...DRAFT, status: "trashed", restore_status: "draft" },
      { status: "draft", restore_status: null },
      [],
    ],
  ])("%s", async (_, before, change, expected) => {
    const db = await openDatabase();
    await insert(db, before);
    const revision = newestRevision(db);

    await update(db, change);

    expect(keys(db, revision)).toEqual(expected);
  });

  test("a setting that changes touches every page; one saved as it was touches none", async () => {
    const db = await openDatabase();
    await db.write(() => db.run(`INSERT INTO settings (name, value, changed_at) VALUES ('siteTitle', '"A"', '1')`));
    expect(keys(db)).toEqual(["site"]);
    const revision = newestRevision(db);

    await db.write(() => db.run(`UPDATE settings SET value = '"A"', changed_at = '2'`));
    expect(keys(db, revision)).toEqual([]);

    await db.write(() => db.run(`UPDATE settings SET value = '"B"', changed_at = '3'`));
    expect(keys(db, revision)).toEqual(["site"]);
  });
});

describe("links to a note from the notes beside it", () => {
  const TITLED: Columns = { ...PUBLISHED, title: "Title" };

  test.each<[string, Columns, Columns]>([
    ["it is published", DRAFT, PUBLISHED],
    ["it is retracted", PUBLISHED, { status: "draft" }],
    ["it is unlisted", PUBLISHED, { visibility: "unlisted" }],
    ["it moves in time", TITLED, { published_at: "2026-02-01T00:00:00.000Z" }],
    ["it is renamed", TITLED, { slug: "new" }],
    ["its title changes", TITLED, { title: "Other" }],
    ["its text changes and it has no title", PUBLISHED, { content_text: "Other" }],
  ])("change when %s", async (_, before, change) => {
    const db = await openDatabase();
    await insert(db, before);
    const revision = newestRevision(db);

    await update(db, change);

    expect(allKeys(db, revision)).toContain("link:1");
  });

  test.each<[string, Columns, Columns]>([
    ["the text of a titled note changes", TITLED, { content_text: "Other" }],
    ["its tags change", PUBLISHED, { tags: tags("Red") }],
    ["it was never in the lists", { ...PUBLISHED, visibility: "unlisted" }, { title: "Other" }],
  ])("stay as they are when %s", async (_, before, change) => {
    const db = await openDatabase();
    await insert(db, before);
    const revision = newestRevision(db);

    await update(db, change);

    expect(allKeys(db, revision)).not.toContain("link:1");
  });
});

describe("revisions", () => {
  test("only grow, and never come again, so that whoever asks for what is past one misses nothing", async () => {
    const db = await openDatabase();
    await insert(db, PUBLISHED);
    const seen = [newestRevision(db)];

    for (const content_text of ["a", "b", "c"]) {
      await update(db, { content_text });
      expect(keys(db, seen.at(-1))).toEqual(["list", "note:1", "tag:blue", "tag:sea"]);
      seen.push(newestRevision(db));
    }

    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });

  test("keep one row for each key, however often it changes", async () => {
    const db = await openDatabase();
    await insert(db, PUBLISHED);

    for (let round = 0; round < 20; round += 1) await update(db, { content_text: `Round ${round}` });

    expect(db.get("SELECT count(*) AS rows FROM public_changes")).toEqual({ rows: 5 });
  });

  test("of a transaction that failed leave nothing", async () => {
    const db = await openDatabase();
    await insert(db, PUBLISHED);
    const before = db.all("SELECT * FROM public_changes");

    const failed = db.write(() => {
      db.run("UPDATE notes SET title = 'lost'");
      throw new Error("no");
    });

    await expect(failed).rejects.toThrow("no");
    expect(db.all("SELECT * FROM public_changes")).toEqual(before);
  });

  test("never carry an earlier time than the one before, even when the clock goes back", async () => {
    const db = await openDatabase();
    await insert(db, { ...PUBLISHED, changed_at: "2026-03-01T09:30:00.000Z" });

    await update(db, { changed_at: "2026-02-01T00:00:00.000Z" });
    await db.write(() =>
      db.run(`INSERT INTO settings (name, value, changed_at) VALUES ('a', '1', '2026-01-01T00:00:00.000Z')`),
    );
    expect(times(db)).toEqual(["2026-03-01T09:30:00.000Z"]);

    await update(db, { changed_at: "2026-03-01T09:30:00.001Z" });
    expect(times(db).at(-1)).toBe("2026-03-01T09:30:00.001Z");
  });

  test("cost about the same on a site with 50,000 keys", async () => {
    const db = await openDatabase();
    await insert(db, PUBLISHED);
    const onSmallSite = await timeOf300Changes(db);
    await db.write(() =>
      db.run(
        `WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50000)
         INSERT INTO public_changes (key, changed_at) SELECT 'note:' || n, '2026-03-01T09:30:00.000Z' FROM numbers`,
      ),
    );

    const onLargeSite = await timeOf300Changes(db);

    // With a look at every key it would be 30 times as much.
    expect(onLargeSite).toBeLessThan(onSmallSite * 8);
  });
});

describe("tags, spread out", () => {
  test("follow the note, with its time while it stands in public lists", async () => {
    const db = await openDatabase();
    await insert(db, PUBLISHED);
    const listed = [
      { tag: "blue", label: "Blue", listed_at: PUBLISHED.published_at },
      { tag: "sea", label: "Sea", listed_at: PUBLISHED.published_at },
    ];
    expect(noteTags(db)).toEqual(listed);

    await update(db, { visibility: "unlisted" });
    expect(noteTags(db)).toEqual(listed.map((row) => ({ ...row, listed_at: null })));

    await update(db, { visibility: "public", published_at: "2025-01-01T00:00:00.000Z", tags: tags("Sea") });
    expect(noteTags(db)).toEqual([{ tag: "sea", label: "Sea", listed_at: "2025-01-01T00:00:00.000Z" }]);

    await update(db, { status: "erased", tags: "[]" });
    expect(noteTags(db)).toEqual([]);
  });

  test("of drafts are there without a time", async () => {
    const db = await openDatabase();

    await insert(db, DRAFT);

    expect(noteTags(db).map((row) => row.listed_at)).toEqual([null, null]);
  });
});

describe("the search index", () => {
  test("finds a note by title, text and tag, with or without accents, and forgets what was replaced", async () => {
    const db = await openDatabase();
    await insert(db, { ...PUBLISHED, title: "Zürich", content_text: "crème brûlée" });
    await indexNewNotes(db);
    expect(["zurich", "Creme", "sea"].map((term) => search(db, term))).toEqual([[1], [1], [1]]);

    await update(db, { title: null, content_text: "bread", tags: tags("Food") });

    expect(["zurich", "creme", "sea"].map((term) => search(db, term))).toEqual([[], [], []]);
    expect(["bread", "food"].map((term) => search(db, term))).toEqual([[1], [1]]);
  });

  test("keeps drafts and trashed notes, for the author, and drops erased ones", async () => {
    const db = await openDatabase();
    await insert(db, { ...DRAFT, content_text: "bread" });
    await indexNewNotes(db);
    expect(search(db, "bread")).toEqual([1]);

    await update(db, { status: "trashed", restore_status: "draft" });
    expect(search(db, "bread")).toEqual([1]);

    await update(db, { status: "erased", restore_status: null, content_text: "" });
    expect(search(db, "bread")).toEqual([]);
  });

  test("is not written when only the status changes", async () => {
    const db = await openDatabase();
    await insert(db, PUBLISHED);
    await indexNewNotes(db);
    const before = db.all("SELECT * FROM note_search_data");

    await update(db, { status: "trashed", restore_status: "published" });

    expect(db.all("SELECT * FROM note_search_data")).toEqual(before);
  });
});

describe("a note cannot be", () => {
  test.each<[string, Columns]>([
    ["published without a time", { ...PUBLISHED, published_at: null }],
    ["scheduled without a time", { ...PUBLISHED, status: "scheduled", published_at: null }],
    ["in the trash without a way back", { ...PUBLISHED, status: "trashed" }],
    ["out of the trash with a way back", { ...PUBLISHED, restore_status: "draft" }],
    ["of an unknown status", { ...PUBLISHED, status: "lost" }],
    ["of an unknown visibility", { ...PUBLISHED, visibility: "friends" }],
    ["tagged with what is no JSON", { ...PUBLISHED, tags: "blue" }],
  ])("%s", async (_, columns) => {
    const db = await openDatabase();

    await expect(insert(db, columns)).rejects.toMatchObject({
      code: expect.stringMatching(/^SQLITE_(CONSTRAINT|ERROR)/),
    });

    expect(db.get("SELECT count(*) AS notes FROM notes")).toEqual({ notes: 0 });
  });
});

async function openDatabase(): Promise<Database> {
  return (await testContext()).ctx.db;
}

function tags(...labels: string[]): string {
  return JSON.stringify(labels.map((label) => ({ name: label.toLowerCase(), label })));
}

function insert(db: Database, columns: Columns): Promise<unknown> {
  const row = {
    title: null,
    restore_status: null,
    content_text: "Text",
    changed_at: "2026-03-01T09:30:00.000Z",
    ...columns,
  };
  return db.write(() =>
    db.run(
      `INSERT INTO notes (uid, anchor, slug, status, restore_status, visibility, title, content, content_format,
                          content_html, content_text, renderer_version, tags, published_at, created_at, changed_at,
                          version, made_by)
       VALUES ('urn:uuid:1', 'n1', 'one', :status, :restore_status, :visibility, :title, '', 'text', '', :content_text,
               1, :tags, :published_at, :changed_at, :changed_at, 1, 'admin')`,
      row,
    ),
  );
}

function update(db: Database, change: Columns): Promise<unknown> {
  const row = { ...db.get<Columns>("SELECT * FROM notes WHERE id = 1"), ...change };
  return db.write(() =>
    db.run(
      `UPDATE notes
          SET slug = :slug, status = :status, restore_status = :restore_status, visibility = :visibility,
              title = :title, content_text = :content_text, tags = :tags, published_at = :published_at,
              changed_at = :changed_at
        WHERE id = 1`,
      row,
    ),
  );
}

async function timeOf300Changes(db: Database): Promise<number> {
  const startedAt = performance.now();
  await db.write(() => {
    for (let round = 0; round < 300; round += 1) {
      db.run("UPDATE notes SET content_text = content_text || :round", { round: String(round) });
    }
  });
  return performance.now() - startedAt;
}

/** Changed keys but those of links, which have tests of their own. */
function keys(db: Database, after = 0): string[] {
  return allKeys(db, after).filter((key) => !key.startsWith("link:"));
}

function allKeys(db: Database, after: number): string[] {
  return db
    .all<{ key: string }>("SELECT key FROM public_changes WHERE revision > :after ORDER BY key", { after })
    .map((row) => row.key);
}

function newestRevision(db: Database): number {
  return db.get<{ revision: number | null }>("SELECT max(revision) AS revision FROM public_changes")?.revision ?? 0;
}

function times(db: Database): string[] {
  return db
    .all<{ changed_at: string }>("SELECT DISTINCT changed_at FROM public_changes ORDER BY changed_at")
    .map((row) => row.changed_at);
}

function noteTags(db: Database): { tag: string; label: string; listed_at: string | null }[] {
  return db.all("SELECT tag, label, listed_at FROM note_tags ORDER BY tag");
}

function search(db: Database, term: string): number[] {
  return db
    .all<{ rowid: number }>("SELECT rowid FROM note_search WHERE note_search MATCH :term", { term })
    .map((row) => row.rowid);
}
