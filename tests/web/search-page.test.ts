import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, test, vi } from "vitest";
import { SMALL_SITE_NOTES } from "../../src/search/search-aside.ts";
import { indexNewNotes } from "../../src/search/search-index.ts";
import { SEARCH_RATE } from "../../src/web/rate-limit.ts";
import { searchLimitOf } from "../../src/web/search-limit.ts";
import { searchPages } from "../../src/web/search-page.ts";
import { testContext } from "../support/context.ts";
import { storeNotes } from "../support/stored-note.ts";

/** The search page in front of a site whose newest note has this number, and what asks it for a word that no note has. */
async function siteWithLastNote(id: number) {
  const { ctx } = await testContext();
  await storeNotes(ctx, [{ slug: "only", contentText: "harbour" }]);
  await ctx.db.write(() => ctx.db.run("UPDATE notes SET id = :id", { id }));
  await indexNewNotes(ctx.db);
  const [page] = searchPages(ctx, () => "made");
  const ask = (req = new IncomingMessage(new Socket())) => ({ req, answer: page?.make({}, { q: "missing" }, req) });
  return { ask, limit: searchLimitOf(ctx) };
}

test("a search that may take long is left to Express once there are more than 5,000 notes", async () => {
  const small = await siteWithLastNote(SMALL_SITE_NOTES);
  const large = await siteWithLastNote(SMALL_SITE_NOTES + 1);

  expect(small.ask().answer).toMatchObject({ html: "made" });
  expect(small.ask().answer?.keys).toBeUndefined();
  expect(large.ask().answer).toBeUndefined();
});

test("a search that is left to Express takes one turn of its network, and one past the limit is left to it, too", async () => {
  vi.spyOn(performance, "now").mockReturnValue(10_000_000);
  const { ask, limit } = await siteWithLastNote(SMALL_SITE_NOTES + 1);

  const waits = Array.from({ length: SEARCH_RATE.atOnce + 1 }, () => limit.take(ask().req));

  expect(waits).toEqual([...waits.slice(1).map(() => 0), 1]);
});
