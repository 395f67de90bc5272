import type { IncomingMessage } from "node:http";
import { expect, test, vi } from "vitest";
import { createSite } from "../../src/app.ts";
import { changeSite } from "../../src/notes/change-site.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { createPageMaker } from "../../src/web/page-maker.ts";
import { SEARCH_RATE } from "../../src/web/rate-limit.ts";
import { readerPage } from "../../src/web/reader-page.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { createAuthor } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { testServer } from "../support/server.ts";

const AUTHOR = { madeBy: "admin" };

const PATHS = [
  "/",
  "/?before=20270101T000000000-9",
  "/notes/shown",
  "/notes/unlisted",
  "/notes/%E6%B5%B7",
  "/notes/private",
  "/notes/none",
  "/tags/sea",
  "/tags/Sea",
  "/tags/none",
  "/?before=no",
  "/search",
  "/search?q=text",
  "/search?q=%zz+none&q=text&sort=relevance",
  "/search?sort=newest&q=text&before=20270101T000000000-9",
];

/** A site with and without its front, and a note of each kind that readers may ask for. */
async function siteTwice() {
  const { ctx } = await testContext();
  await createAuthor(ctx);
  await publishNote(ctx, { content: "text", slug: "shown", tags: ["Sea"] }, AUTHOR);
  await publishNote(ctx, { content: "text", slug: "海" }, AUTHOR);
  await publishNote(ctx, { content: "text", slug: "unlisted", visibility: "unlisted" }, AUTHOR);
  await publishNote(ctx, { content: "text", slug: "private", visibility: "private" }, AUTHOR);
  const site = createSite(ctx);
  return { ctx, site, front: await testServer(site.listener), express: await testServer(createApp(ctx)) };
}

test.each(["copy", "load"])(
  "a page is the same, whether Express is asked or not (images: %s)",
  async (remoteImages) => {
    const { ctx, front, express } = await siteTwice();
    await changeSite(ctx, { remoteImages });

    for (const path of PATHS) {
      const answers = [];
      for (const { http } of [front, express]) {
        const { status, headers, text } = await http.get(path);
        const { date: _date, "x-request-id": id = "", ...said } = headers;
        answers.push({ status, said, text: text.replaceAll(id, "") });
      }

      expect(answers[0], path).toEqual(answers[1]);
    }
  },
);

test("searches are answered in front, kept nowhere, and limited there and behind together", async () => {
  const { site, front } = await siteTwice();
  vi.spyOn(performance, "now").mockReturnValue(10_000_000);

  const statuses: number[] = [];
  for (let count = 0; count <= SEARCH_RATE.atOnce; count += 1) {
    // Who takes no coding that there is, is answered behind.
    const coding = count % 2 === 0 ? "identity" : "*;q=0";
    statuses.push((await front.http.get("/search?q=text").set("Accept-Encoding", coding)).status);
  }

  expect(statuses.slice(0, 2)).toEqual([200, 406]);
  expect(statuses.indexOf(429)).toBe(SEARCH_RATE.atOnce);
  expect(site.pages.addresses()).toEqual([]);
});

test("a page that cannot be made is answered by Express, and the next one is made anew", async () => {
  const { ctx, site, front } = await siteTwice();
  const all = ctx.db.all.bind(ctx.db);
  ctx.db.all = () => {
    throw new Error("broken");
  };

  const failed = await front.http.get("/").expect(500);
  ctx.db.all = all;

  expect(failed.text).toContain("Request ");
  expect(site.pages.addresses()).toEqual([]);
  await front.http.get("/").expect(200);
  expect(site.pages.addresses()).toEqual(["/"]);
});

test.each([
  ["/a/x", { name: "x" }],
  ["/a/%E6%B5%B7", { name: "海" }],
  ["/a", undefined],
  ["/a/", undefined],
  ["/b/x", undefined],
  ["/a/x/y", undefined],
  ["/a/%e6%b5%b7", undefined],
  ["/a/../a/x", undefined],
  ["/a/%zz", undefined],
  ["*", undefined],
])("of /a/:name, %s asks for %o", async (path, expected) => {
  const { ctx } = await testContext();
  const asked: unknown[] = [];
  const page = readerPage("/a/:name", (params, query) => {
    asked.push(params, query);
    return { html: "x", keys: [] };
  });

  const made = createPageMaker(ctx, [page])({ path, place: "?before=1" }, {} as IncomingMessage);

  expect(asked).toEqual(expected === undefined ? [] : [expected, { before: "1" }]);
  expect(made?.address).toBe(expected === undefined ? undefined : path);
});
