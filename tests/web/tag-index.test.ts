import fc from "fast-check";
import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { retractNote, reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, restoreNote, trashNote } from "../../src/notes/trash.ts";
import { INDEX_TAGS_PER_PAGE } from "../../src/web/tag-index.ts";
import { testContext } from "../support/context.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { openNotebook } from "../support/notebook.ts";
import { storeNotes } from "../support/stored-note.ts";

const AUTHOR = { madeBy: "admin" };
const origin = AUTHOR;
const tag = (label: string) => ({ name: label.toLowerCase(), label });
const names = (html: string) =>
  queryAll(html, ".tag-index a")
    .filter(({ attributes }) => attributes.class === undefined)
    .map(textOf);

test("all tags of listed notes stand by name or by use, with how many notes have each, and their feeds", async () => {
  const { ctx, http } = await openNotebook();
  await storeNotes(ctx, [
    { slug: "a", tags: [tag("Sea"), tag("Boats"), tag("2026")] },
    { slug: "b", tags: [tag("Sea"), tag("Été")] },
    { slug: "c", tags: [tag("Secret")], visibility: "private" },
  ]);

  const byName = await http.get("/tags").expect(200);
  const byCount = await http.get("/tags/by/count").expect(200);

  expect(names(byName.text)).toEqual(["2026", "Boats", "Sea", "Été"]);
  expect(queryAll(byName.text, ".tag-group h2").map(textOf)).toEqual(["0–9", "B", "S", "E"]);
  expect(names(byCount.text)).toEqual(["Sea", "2026", "Boats", "Été"]);
  expect(textOf(query(byCount.text, ".tag-index .count"))).toBe("2 notes");
  expect(query(byCount.text, ".tag-feed")?.attributes.href).toBe("/tags/sea/feed.xml");
  expect(query(byName.text, "[aria-current=page]")?.attributes.href).toBe("/tags");
});

test("a site with more tags than a page has leads on to the others, in both orders", async () => {
  const { ctx, http } = await openNotebook();
  const all = Array.from({ length: INDEX_TAGS_PER_PAGE + 1 }, (_, index) => `t${String(index).padStart(5, "0")}`);
  await storeNotes(ctx, [
    { slug: "all", tags: all.map(tag) },
    { slug: "last", tags: [tag(all.at(-1) ?? "")] },
  ]);

  for (const [path, last] of [
    ["/tags", all.at(-1)],
    ["/tags/by/count", all.at(-2)],
  ]) {
    const first = await http.get(path ?? "").expect(200);
    const next = await http.get(query(first.text, "link[rel=next]")?.attributes.href ?? "").expect(200);

    expect(names(first.text)).toHaveLength(INDEX_TAGS_PER_PAGE);
    expect(names(next.text)).toEqual([last]);
    expect(query(next.text, "nav.pages [rel=prev]")?.attributes.href).toBe(path);
  }
  await http.get("/tags?before=zzz").expect(404);
  for (const before of ["x", "9-", `5-${"x".repeat(161)}`])
    await http.get(`/tags/by/count?before=${before}`).expect(400);
});

test("a site without tags says that there is nothing yet", async () => {
  const { http } = await openNotebook();

  const page = await http.get("/tags").expect(200);

  expect(query(page.text, ".nothing")).toBeDefined();
  expect(query(page.text, ".orders")).toBeUndefined();
});

/** What the table says, and what the tags of the listed notes are. */
function bothCounts({ db }: Context) {
  const kept = db.all("SELECT tag, label, count FROM listed_tags ORDER BY tag");
  const counted = db.all(
    `SELECT tag, count(*) AS count,
            (SELECT label FROM note_tags AS newest WHERE newest.tag = note_tags.tag AND listed_at IS NOT NULL
              ORDER BY listed_at DESC, note_id DESC LIMIT 1) AS label
       FROM note_tags WHERE listed_at IS NOT NULL GROUP BY tag ORDER BY tag`,
  );
  return { kept, counted };
}

test("the table of tags says what counting would, whatever happens to notes", async () => {
  const labels = fc.uniqueArray(fc.constantFrom("Sea", "SEA", "Boats", "Town"), { maxLength: 3 });
  const step = fc.record({ what: fc.nat({ max: 6 }), note: fc.integer({ min: 1, max: 4 }), tags: labels });

  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { ctx } = await testContext();
      for (const { what, note, tags } of steps) await change(ctx, what, { note, tags }).catch(() => undefined);
      const { kept, counted } = bothCounts(ctx);
      expect(kept).toEqual(counted);
    }),
    { numRuns: 40 },
  );
});

function change(ctx: Context, what: number, { note, tags }: { note: number; tags: string[] }): Promise<unknown> {
  const acts = [
    () => publishNote(ctx, { content: "x", tags }, AUTHOR),
    () => reviseNote(ctx, note, { tags, origin }),
    () => trashNote(ctx, note, AUTHOR),
    () => restoreNote(ctx, note, AUTHOR),
    () => retractNote(ctx, note, { origin }),
    () => reviseNote(ctx, note, { visibility: "private", origin }),
    () => eraseNote(ctx, note),
  ];
  return (acts[what] ?? (() => Promise.resolve()))();
}
