import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { findLastNoteId } from "../../src/notes/listed-notes-store.ts";
import { findRandomNote, MAX_RANDOM_TRIES } from "../../src/notes/random-note.ts";
import { openNotebook } from "../support/notebook.ts";
import { storeNotes } from "../support/stored-note.ts";

const NOTES = 40;

/** Numbers that look like chance and are the same each time. */
function createChance(): () => number {
  let state = 7;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A site where one note in four is listed. */
async function mixedSite() {
  const app = await openNotebook();
  await storeNotes(
    app.ctx,
    Array.from({ length: NOTES }, (_, index) => ({
      slug: `n${index}`,
      visibility: index % 4 === 1 ? ("private" as const) : ("public" as const),
      status: index % 4 === 2 ? ("draft" as const) : ("published" as const),
      kind: index % 4 === 3 ? ("page" as const) : ("note" as const),
    })),
  );
  return app;
}

test("each listed note comes about as often as any other, and no other ever", async () => {
  const { ctx } = await mixedSite();
  const random = createChance();
  const counts = new Map<string, number>();

  for (let time = 0; time < 2_000; time += 1) {
    const { slug = "" } = findRandomNote(ctx.db, findLastNoteId(ctx.db), random) ?? {};
    counts.set(slug, (counts.get(slug) ?? 0) + 1);
  }

  expect([...counts.keys()].sort()).toEqual(Array.from({ length: NOTES / 4 }, (_, index) => `n${4 * index}`).sort());
  expect(Math.min(...counts.values())).toBeGreaterThan(120);
  expect(Math.max(...counts.values())).toBeLessThan(300);
});

test("where as many tries as the limit find none, a moment decides", async () => {
  const { ctx } = await openNotebook();
  const at = (day: number) => `2026-01-0${day}T12:00:00.000Z` as Timestamp;
  await storeNotes(ctx, [
    { slug: "first", publishedAt: at(1) },
    { slug: "second", publishedAt: at(9) },
  ]);
  let asked = 0;
  const miss = (then: number) => () => {
    asked += 1;
    return asked <= MAX_RANDOM_TRIES ? 0.999 : then;
  };

  const early = findRandomNote(ctx.db, 1_000_000, miss(0.5));
  asked = 0;
  const late = findRandomNote(ctx.db, 1_000_000, miss(1));

  expect(asked).toBe(MAX_RANDOM_TRIES + 1);
  expect([early?.slug, late?.slug]).toEqual(["first", "second"]);
  expect(findRandomNote(ctx.db, 1_000_000, miss(0))).toMatchObject({ slug: "first" });
});

test("the address of chance leads to a listed note, is kept nowhere, and leads home while there is none", async () => {
  const { ctx, http } = await openNotebook();

  const before = await http.get("/random").expect(302);
  await storeNotes(ctx, [{ slug: "only" }, { slug: "hidden", visibility: "private" }]);
  const after = await http.get("/random").expect(302);

  expect([before.headers.location, after.headers.location]).toEqual(["/", "/notes/only"]);
  expect(after.headers["cache-control"]).toBe("no-store");
  expect((await http.get("/robots.txt")).text).toContain("Disallow: /random\n");
});
