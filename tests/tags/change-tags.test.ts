import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { createSecret } from "../../src/lib/secrets.ts";
import { BULK_UNDO_SECONDS, MAX_BULK_NOTES } from "../../src/notes/bulk-act.ts";
import { findBulkAct, listBulkNotes } from "../../src/notes/bulk-act-store.ts";
import type { NoteInput } from "../../src/notes/note-input.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { followRedirect } from "../../src/redirects/follow.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { changeTags, undoTagAct } from "../../src/tags/change-tags.ts";
import { continueTagAct } from "../../src/tags/run-tag-act.ts";
import { saveSection } from "../../src/tags/save-section.ts";
import { findSection } from "../../src/tags/section-store.ts";
import type { AskedTagAct } from "../../src/tags/tag-act.ts";
import { MAX_MERGED_TAGS } from "../../src/tags/tag-act.ts";
import { testContext } from "../support/context.ts";

const AUTHOR = { madeBy: "admin", device: "Firefox" };
const EVER = "0" as ReturnType<Context["clock"]>;

async function change(ctx: Context, asked: Partial<AskedTagAct>): Promise<string> {
  const key = createSecret();
  await changeTags(ctx, { key, do: "rename", tags: ["sea"], label: "Ocean", ...asked }, AUTHOR);
  return key;
}

async function publish(ctx: Context, input: Partial<NoteInput>): Promise<number> {
  return (await publishNote(ctx, { content: "x", ...input }, AUTHOR)).id;
}

const labels = (ctx: Context, id: number) => findNote(ctx.db, id)?.tags.map(({ label }) => label);
const leads = (ctx: Context, path: string) => followRedirect(ctx.db, path)?.location;

/** Notes of every status that have the tag in one way or another. */
async function notes(ctx: Context) {
  const trashed = await publish(ctx, { tags: ["Sea"] });
  await trashNote(ctx, trashed, AUTHOR);
  return {
    public: await publish(ctx, { tags: ["Walks", "Sea", "Wind"] }),
    both: await publish(ctx, { tags: ["ocean", "SEA"] }),
    private: await publish(ctx, { tags: ["Sea"], visibility: "private" }),
    hashtag: await publish(ctx, { content: "At the #sea, `#sea`", tags: ["Wind"] }),
    plain: await publish(ctx, { content: "At the #sea", contentFormat: "text" }),
    html: await publish(ctx, { content: '<p><a class="hashtag" href="/tags/sea">#sea</a></p>', contentFormat: "html" }),
    draft: (await saveDraft(ctx, { content: "x", tags: ["Sea"] }, AUTHOR)).id,
    trashed,
    other: await publish(ctx, { tags: ["Seaside"] }),
  };
}

function states(ctx: Context, ids: Record<string, number>) {
  return Object.values(ids).map((id) => {
    const { version, changedAt, firstPublicAt, ...rest } = findNote(ctx.db, id) ?? {};
    return rest;
  });
}

test("renaming a tag gives every note the new one, in its place, in texts too, and is undone as a whole", async () => {
  const { ctx } = await testContext();
  const ids = await notes(ctx);
  const before = states(ctx, ids);

  const key = await change(ctx, {});
  const after = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, labels(ctx, id)]));
  const texts = [ids.hashtag, ids.plain].map((id) => findNote(ctx.db, id)?.content);
  const left = listBulkNotes(ctx.db, key).filter(({ reason }) => reason !== undefined);
  await undoTagAct(ctx, key);

  expect(after).toMatchObject({
    public: ["Walks", "Ocean", "Wind"],
    both: ["ocean"],
    private: ["Ocean"],
    hashtag: ["Wind", "Ocean"],
    plain: ["Ocean"],
    draft: ["Ocean"],
    trashed: ["Ocean"],
    other: ["Seaside"],
  });
  expect(texts).toEqual(["At the #Ocean, `#sea`", "At the #Ocean"]);
  expect(left.map(({ noteId }) => noteId)).toEqual(after.html?.includes("sea") ? [ids.html] : []);
  expect(states(ctx, ids)).toEqual(before);
});

test("each note has a revision of the author's, and readers' dates of change stay", async () => {
  const { ctx, clock } = await testContext();
  const id = await publish(ctx, { tags: ["Sea"] });
  clock.advance(60);

  const key = await change(ctx, {});
  await undoTagAct(ctx, key);

  expect(listRevisions(ctx.db, id).map(({ action, madeBy }) => [action, madeBy])).toEqual([
    ["undo", "admin"],
    ["revise", "admin"],
    ["publish", "admin"],
  ]);
  expect(findNote(ctx.db, id)?.updatedAt).toBeUndefined();
});

test("old addresses lead to the new one, page and feeds, without chains or circles, and undoing takes them back", async () => {
  const { ctx } = await testContext();
  await publish(ctx, { tags: ["Sea"] });

  await change(ctx, {});
  const first = [leads(ctx, "/tags/sea"), leads(ctx, "/tags/sea/feed.xml")];
  await change(ctx, { tags: ["ocean"], label: "Wide Water" });
  const second = [leads(ctx, "/tags/sea"), leads(ctx, "/tags/ocean"), leads(ctx, "/tags/ocean/feed.json")];
  const key = await change(ctx, { tags: ["wide-water"], label: "Sea" });
  const third = [leads(ctx, "/tags/sea"), leads(ctx, "/tags/ocean"), leads(ctx, "/tags/wide-water")];
  await undoTagAct(ctx, key);

  expect(first).toEqual(["/tags/ocean", "/tags/ocean/feed.xml"]);
  expect(second).toEqual(["/tags/wide-water", "/tags/wide-water", "/tags/wide-water/feed.json"]);
  expect(third).toEqual([undefined, "/tags/sea", "/tags/sea"]);
  expect([leads(ctx, "/tags/sea"), leads(ctx, "/tags/ocean")]).toEqual(["/tags/wide-water", "/tags/wide-water"]);
});

test("tags are merged into one, whatever their case and accents, and deleted from every note", async () => {
  const { ctx } = await testContext();
  const id = await publish(ctx, { content: "At the #café", tags: ["Cafe", "CAFES", "Wind"] });
  const [merged, gone] = [{ do: "merge", tags: ["cafe", "café", "cafes"], label: "Café" } as const, "delete" as const];

  const key = await change(ctx, merged);
  const after = findNote(ctx.db, id);
  await change(ctx, { do: gone, tags: ["café"], label: "" });

  expect(findBulkAct(ctx.db, key, EVER)?.action).toBe("merge_tags");
  expect(after).toMatchObject({ content: "At the #Café", tags: [{ label: "Café" }, { label: "Wind" }] });
  expect(findNote(ctx.db, id)).toMatchObject({ content: "At the Café", tags: [{ label: "Wind" }] });
  expect(leads(ctx, "/tags/cafes")).toBe("/tags/caf%C3%A9");
});

test("a tag that is only written otherwise keeps its address, and one with the name of another is merged", async () => {
  const { ctx } = await testContext();
  const id = await publish(ctx, { tags: ["css"] });
  await publish(ctx, { tags: ["Style"] });

  const relabelled = await change(ctx, { tags: ["css"], label: "CSS" });
  const written = labels(ctx, id);
  const merged = await change(ctx, { tags: ["css"], label: "style" });

  expect(written).toEqual(["CSS"]);
  expect(findBulkAct(ctx.db, relabelled, EVER)).toMatchObject({ action: "rename_tag", noteCount: 1 });
  expect(ctx.db.all("SELECT 1 FROM redirects WHERE source LIKE '/tags/css%'")).toHaveLength(2);
  expect(findBulkAct(ctx.db, merged, EVER)?.action).toBe("merge_tags");
  expect(labels(ctx, id)).toEqual(["style"]);
});

test("section and menu go along with a tag, that of the tag it becomes stays, and undoing brings both back", async () => {
  const { ctx } = await testContext();
  await publish(ctx, { tags: ["Sea"] });
  await publish(ctx, { tags: ["Land"] });
  await saveSection(ctx, "sea", { title: "By the sea", description: "All *wet*.", inMenu: true });
  await saveSection(ctx, "land", { title: "Dry", description: "" });
  const menu = () => readSettings(ctx.db).navigation.map(({ address }) => address);

  await change(ctx, {});
  const renamed = [findSection(ctx.db, "sea"), findSection(ctx.db, "ocean")?.title, menu().at(-1)];
  const key = await change(ctx, { tags: ["ocean"], label: "Land" });
  const merged = [findSection(ctx.db, "land")?.title, menu().at(-1)];
  await undoTagAct(ctx, key);
  const undone = [findSection(ctx.db, "ocean")?.title, menu().at(-1)];
  await change(ctx, { do: "delete", tags: ["ocean"] });

  expect(renamed).toEqual([undefined, "By the sea", "/tags/ocean"]);
  expect(merged).toEqual(["Dry", "/tags/land"]);
  expect(undone).toEqual(["By the sea", "/tags/ocean"]);
  expect([findSection(ctx.db, "ocean"), menu().includes("/tags/ocean")]).toEqual([undefined, false]);
});

test("a note that was saved since stays when it is undone; the same form does its act once", async () => {
  const { ctx } = await testContext();
  const [one, other] = [await publish(ctx, { tags: ["Sea"] }), await publish(ctx, { tags: ["Sea"] })];
  const key = await change(ctx, {});
  await reviseNote(ctx, one, { content: "rewritten", origin: AUTHOR });

  await changeTags(ctx, { key, do: "delete", tags: ["ocean"], label: "" }, AUTHOR);
  await undoTagAct(ctx, key);
  await undoTagAct(ctx, key);

  expect(labels(ctx, one)).toEqual(["Ocean"]);
  expect(findNote(ctx.db, other)).toMatchObject({ version: 3, tags: [{ label: "Sea" }] });
});

test("a tag with more notes than one act takes is changed and undone by a job, from where a stop has cut it", async () => {
  const { ctx } = await testContext();
  const note = await publish(ctx, { tags: ["Sea"] });
  const insert = `
    INSERT INTO notes (uid, anchor, slug, status, created_at, changed_at, published_at, version, made_by, content_format,
                        renderer_version, tags, content_text, content, content_html)
     SELECT 'urn:uuid:' || value, 'a', 's' || value, 'published', created_at, changed_at, published_at, 1, 'admin',
            'markdown', renderer_version, tags, '', '', ''
       FROM notes, (WITH RECURSIVE c(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM c WHERE value < :count) SELECT value FROM c)
      WHERE id = :note`;
  await ctx.db.write(() => ctx.db.run(insert, { note, count: MAX_BULK_NOTES }));
  const count = (tag: string) => ctx.db.get("SELECT count FROM listed_tags WHERE tag = :tag", { tag });

  const key = await change(ctx, {});
  const atFirst = count("sea");
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  await continueTagAct(ctx, key, stop.signal);
  const stopped = findBulkAct(ctx.db, key, EVER)?.finishedAt;
  await continueTagAct(ctx, key);
  const after = [count("sea"), count("ocean")];
  await undoTagAct(ctx, key);
  await continueTagAct(ctx, key);

  expect(atFirst).toEqual({ count: MAX_BULK_NOTES + 1 });
  expect(stopped).toBeUndefined();
  expect(after).toEqual([undefined, { count: MAX_BULK_NOTES + 1 }]);
  expect([count("sea"), count("ocean")]).toEqual([{ count: MAX_BULK_NOTES + 1 }, undefined]);
  expect(ctx.db.all("SELECT kind FROM jobs WHERE kind = 'notes.change_tag'")).toHaveLength(1);
});

test.each<[string, Partial<AskedTagAct>, string]>([
  ["a name that is none", { label: "!!!" }, "at least one letter or digit"],
  ["an empty name", { label: " " }, "at least one letter or digit"],
  ["two names", { label: "one, two" }, "leave out the comma"],
  ["a name that is too long", { label: "x".repeat(81) }, "at most 80 characters"],
  ["a tag that nothing has", { tags: ["none"] }, "No note has the tag “none” any more."],
  ["no tag", { tags: [] }, "No tag is chosen."],
  ["one tag to merge", { do: "merge" }, "Tick at least two tags"],
  [
    "more tags than are merged at once",
    { do: "merge", tags: Array.from({ length: MAX_MERGED_TAGS + 1 }, (_, n) => `t${n}`) },
    "At most 50 tags are merged at once.",
  ],
  ["a key that is none", { key: "x" }, "This form has no key."],
])("%s is refused, and nothing changed", async (_what, asked, sentence) => {
  const { ctx } = await testContext();
  await publish(ctx, { tags: ["Sea"] });

  await expect(change(ctx, asked)).rejects.toThrow(sentence);

  expect(ctx.db.all("SELECT 1 FROM bulk_acts")).toEqual([]);
});

test("an act is forgotten after an hour", async () => {
  const { ctx, clock } = await testContext();
  await publish(ctx, { tags: ["Sea"] });
  const key = await change(ctx, {});

  clock.advance(BULK_UNDO_SECONDS + 1);

  await expect(undoTagAct(ctx, key)).rejects.toMatchObject({ code: "gone" });
});
