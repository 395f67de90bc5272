import { mf2 } from "microformats-parser";
import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { retractNote, reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import type { TestApp } from "../support/app.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { storeNotes } from "../support/stored-note.ts";

const AUTHOR = { madeBy: "admin" };

async function readyApp(): Promise<TestApp> {
  const app = await testApp();
  await createAuthor(app.ctx);
  await changeSettings(app.ctx, {
    timeZone: "UTC",
    siteTitle: "Notebook",
    authorName: "Ada",
    authorLinks: ["https://github.com/ada"],
  });
  return app;
}

test("before there is an author, home says that there is nothing yet", async () => {
  const { http } = await testApp();

  const page = await http.get("/").expect(200);

  expect(textOf(query(page.text, "main"))).toMatch(/nothing here yet/iu);
});

test("on its own page the first image of a note is loaded at once, the others as they come near", async () => {
  const { ctx, http } = await readyApp();
  const { slug } = await publishNote(ctx, { content: "`loading=` ![one](/a.png) ![two](/b.png)" }, AUTHOR);

  const [page, home] = [await http.get(`/notes/${slug}`).expect(200), await http.get("/").expect(200)];

  const loading = (text: string) => queryAll(text, ".e-content img").map((image) => image.attributes.loading);
  expect(loading(page.text)).toEqual([undefined, "lazy"]);
  expect(loading(home.text)).toEqual(["lazy", "lazy"]);
});

test("home is an h-feed with the newest notes first and one representative h-card", async () => {
  const { ctx, http, clock } = await readyApp();
  await publishNote(ctx, { content: "First words" }, AUTHOR);
  clock.advance(60);
  await publishNote(ctx, { content: "Long text", title: "Titled", tags: ["web"] }, AUTHOR);

  const page = await http.get("/").expect(200);

  const { items, rels } = mf2(page.text, { baseUrl: `${SITE_URL}/` });
  const feed = items.find((item) => item.type?.includes("h-feed"));
  expect(feed?.properties.name).toEqual(["Notebook"]);
  expect(feed?.children?.map((child) => child.properties.url?.[0])).toEqual([
    `${SITE_URL}/notes/titled`,
    `${SITE_URL}/notes/first-words`,
  ]);
  expect(feed?.children?.[0]?.properties.name).toEqual(["Titled"]);
  expect(feed?.children?.[1]?.properties.name).toBeUndefined();
  const cards = items.filter((item) => item.type?.includes("h-card"));
  expect(cards).toMatchObject([
    { properties: { name: ["Ada"], url: [`${SITE_URL}/`, "https://github.com/ada"], uid: [`${SITE_URL}/`] } },
  ]);
  expect(rels.me).toContain("https://github.com/ada");
});

test("an untitled note up to 600 characters stands on home in full, a longer one as a summary with a link", async () => {
  const { ctx, http } = await readyApp();
  await publishNote(ctx, { content: `${"word ".repeat(119)}final`, slug: "short" }, AUTHOR);
  await publishNote(ctx, { content: `${"word ".repeat(119)}final!`, slug: "long" }, AUTHOR);

  const page = await http.get("/").expect(200);

  const [long, short] = queryAll(page.text, ".h-entry");
  expect(textOf(short)).toContain("final");
  expect(textOf(long)).not.toContain("final");
  expect(textOf(long)).toContain("…");
});

test("a permalink is one h-entry with author, times, content and categories", async () => {
  const { ctx, http, clock } = await readyApp();
  await changeSettings(ctx, { timeZone: "America/Los_Angeles" });
  const note = await publishNote(ctx, { content: "Hello *there*", tags: ["Web Dev"] }, AUTHOR);
  clock.advance(3600);
  await reviseNote(ctx, note.id, { content: "Hello **there**", origin: AUTHOR });

  const page = await http.get("/notes/hello-there").expect(200);

  const { items } = mf2(page.text, { baseUrl: `${SITE_URL}/` });
  const entries = items.filter((item) => item.type?.includes("h-entry"));
  expect(entries).toMatchObject([
    {
      properties: {
        url: [`${SITE_URL}/notes/hello-there`],
        uid: [`${SITE_URL}/notes/hello-there`],
        published: ["2026-03-01T01:30:00-08:00"],
        updated: ["2026-03-01T02:30:00-08:00"],
        category: ["Web Dev"],
        author: [{ type: ["h-card"], properties: { name: ["Ada"], url: [`${SITE_URL}/`] } }],
        content: [{ value: "Hello there" }],
      },
    },
  ]);
  expect(entries[0]?.properties.name).toBeUndefined();
});

test("the JSON-LD of a note is JSON whatever its title says", async () => {
  const { ctx, http } = await readyApp();
  await publishNote(ctx, { content: "x", title: "</script><script>alert(1)</script>", slug: "evil" }, AUTHOR);

  const page = await http.get("/notes/evil").expect(200);

  const [script, ...others] = queryAll(page.text, "script");
  expect(others).toEqual([]);
  expect(JSON.parse(textOf(script))).toMatchObject({ headline: "</script><script>alert(1)</script>" });
});

test("pages of home lead through all notes, without a gap or a repeat, and back", async () => {
  const { ctx, http } = await readyApp();
  await changeSettings(ctx, { itemsPerPage: 3 });
  await storeNotes(
    ctx,
    Array.from({ length: 8 }, (_, index) => ({ slug: `n${index}`, contentText: `n${index}` })),
  );
  const slugs: string[] = [];
  const previous: string[] = [];

  for (let path = "/"; path !== ""; ) {
    const page = await http.get(path).expect(200);
    slugs.push(...queryAll(page.text, ".h-entry .u-url").map((link) => link.attributes.href ?? ""));
    const back = query(page.text, "link[rel=prev]")?.attributes.href;
    if (back) previous.push(back);
    path = query(page.text, "link[rel=next]")?.attributes.href ?? "";
  }

  const paths = [...new Set(slugs)].map((url) => new URL(url, SITE_URL).pathname);
  expect(paths).toEqual([7, 6, 5, 4, 3, 2, 1, 0].map((number) => `/notes/n${number}`));
  expect(previous).toHaveLength(2);
  const second = await http.get(previous[1] ?? "").expect(200);
  expect(second.text).toContain("/notes/n4");
  expect(second.text).not.toContain("/notes/n1");
});

test("a place in the list that is none is refused with a sentence", async () => {
  const { http } = await readyApp();

  const page = await http.get("/?before=yesterday").expect(400);

  expect(textOf(query(page.text, "main"))).toContain("is no place in this list");
});

test("a tag has a page of its notes, and other spellings of it lead there", async () => {
  const { ctx, http } = await readyApp();
  await publishNote(ctx, { content: "one", tags: ["Web Dev"] }, AUTHOR);
  await publishNote(ctx, { content: "two" }, AUTHOR);

  const page = await http.get("/tags/web-dev").expect(200);

  expect(queryAll(page.text, ".h-entry")).toHaveLength(1);
  await http.get("/tags/Web%20Dev").expect(301).expect("Location", "/tags/web-dev");
  await http.get("/tags/none").expect(404);
});

test("the archive goes by the author's calendar", async () => {
  const { ctx, http } = await readyApp();
  await changeSettings(ctx, { timeZone: "Pacific/Auckland" });
  const publishedAt = "2025-12-31T18:00:00.000Z" as Timestamp;
  await publishNote(ctx, { content: "new year", publishedAt }, AUTHOR);

  const archive = await http.get("/archive").expect(200);
  const month = await http.get("/archive/2026/01").expect(200);

  expect(archive.text).toContain('href="/archive/2026/01"');
  expect(month.text).toContain("/notes/new-year");
  await http.get("/archive/2026").expect(200);
  await http.get("/archive/2025/12").expect(404);
  await http.get("/archive/2026/13").expect(404);
  await http.get("/archive/26").expect(404);
});

test("what is not public is on no public page", async () => {
  const { ctx, http } = await readyApp();
  const input = (content: string) => ({ content: `${content} secretword`, tags: ["secrettag"], slug: content });
  await saveDraft(ctx, input("draft"), AUTHOR);
  await publishNote(ctx, { ...input("later"), publishedAt: "2027-01-01T00:00:00.000Z" as Timestamp }, AUTHOR);
  await publishNote(ctx, { ...input("private"), visibility: "private" }, AUTHOR);
  const unlisted = await publishNote(ctx, { ...input("unlisted"), visibility: "unlisted" }, AUTHOR);
  const trashed = await publishNote(ctx, input("trashed"), AUTHOR);
  await trashNote(ctx, trashed.id, AUTHOR);
  const retracted = await publishNote(ctx, input("retracted"), AUTHOR);
  await retractNote(ctx, retracted.id, { origin: AUTHOR });

  for (const path of [
    "/",
    "/archive",
    "/search?q=secretword",
    "/feed.xml",
    "/feed.atom",
    "/feed.json",
    "/sitemap.xml",
  ]) {
    const page = await http.get(path).expect(200);
    expect(page.text.replace('value="secretword"', ""), path).not.toMatch(
      /secrettag|(?:draft|later|private|unlisted|trashed|retracted) secretword/u,
    );
    expect(page.text, path).not.toContain(`/notes/${unlisted.slug}`);
  }
  await http.get("/tags/secrettag").expect(404);
  await http.get("/notes/draft").expect(404);
  await http.get("/notes/later").expect(404);
  await http.get("/notes/private").expect(404);
  await http.get("/notes/retracted").expect(404);
  await http.get("/notes/trashed").expect(410);
  await http.get("/notes/unlisted").expect(200);
});

test("a page of a note that is gone has nothing of it", async () => {
  const { ctx, http } = await readyApp();
  const note = await publishNote(ctx, { content: "bodyword", title: "Titleword", tags: ["tagword"] }, AUTHOR);
  await trashNote(ctx, note.id, AUTHOR);
  const trashed = await http.get("/notes/titleword").expect(410);
  await eraseNote(ctx, note.id);
  const erased = await http.get("/notes/titleword").expect(410);

  for (const page of [trashed, erased]) expect(page.text).not.toMatch(/bodyword|Titleword|tagword/u);
});

test("an old slug and an imported path lead to the note by 301", async () => {
  const { ctx, http } = await readyApp();
  const note = await publishNote(ctx, { content: "x", slug: "before", aliases: ["/2019/old post.html"] }, AUTHOR);
  await reviseNote(ctx, note.id, { slug: "after", origin: AUTHOR });

  for (const path of ["/notes/before", "/2019/old%20post.html"]) {
    expect((await http.get(path).expect(301)).headers.location).toBe("/notes/after");
  }
  await http.head("/notes/before").expect(301);
  await trashNote(ctx, note.id, AUTHOR);
  await http.get("/notes/before").expect(410);
});

test("a slug in another script is found by its encoded address", async () => {
  const { ctx, http } = await readyApp();
  await publishNote(ctx, { content: "x", title: "日本語 メモ" }, AUTHOR);

  const page = await http.get(encodeURI("/notes/日本語-メモ")).expect(200);

  expect(query(page.text, "link[rel=canonical]")?.attributes.href).toBe(
    `${SITE_URL}${encodeURI("/notes/日本語-メモ")}`,
  );
});

test("search shows its hits marked, and what was typed as text", async () => {
  const { ctx, http } = await readyApp();
  await publishNote(ctx, { content: "A needle in a script, <b>here</b>" }, AUTHOR);

  const page = await http.get(`/search?q=${encodeURIComponent('needle "><script>')}`).expect(200);

  expect(textOf(query(page.text, "mark"))).toBe("needle");
  expect(query(page.text, "script")).toBeUndefined();
  expect(query(page.text, "input[name=q]")?.attributes.value).toBe('needle "><script>');
});

test.each(["", "?q=", "?q=%22", "?q=*", "?q=a&q=b", "?q[]=x", "?q=NEAR(", `?q=${"x".repeat(6000)}`])(
  "search answers 200 to %s",
  async (suffix) => {
    const { http } = await readyApp();

    const page = await http.get(`/search${suffix}`);

    expect(page.status).toBe(200);
  },
);

test("a page answers 304 until something on it changes", async () => {
  const { ctx, http } = await readyApp();
  const note = await publishNote(ctx, { content: "one" }, AUTHOR);
  const first = await http.get("/").expect(200);
  const tag = first.headers.etag ?? "";

  const unchanged = await http.get("/").set("If-None-Match", tag).expect(304);
  await reviseNote(ctx, note.id, { content: "two", origin: AUTHOR });
  const changed = await http.get("/").set("If-None-Match", tag).expect(200);

  expect(unchanged.headers.etag).toBe(tag);
  expect(changed.headers.etag).not.toBe(tag);
});

test("a note without a title gets none anywhere: cards of other sites show that of the site", async () => {
  const { ctx, http } = await readyApp();
  await publishNote(ctx, { content: "Untitled words", slug: "untitled" }, AUTHOR);
  await publishNote(ctx, { content: "x", title: "Titled", slug: "titled" }, AUTHOR);
  const ogTitle = async (slug: string) => {
    const page = await http.get(`/notes/${slug}`).expect(200);
    return query(page.text, 'meta[property="og:title"]')?.attributes.content;
  };

  expect(await ogTitle("untitled")).toBe("Notebook");
  expect(await ogTitle("titled")).toBe("Titled");
  const page = await http.get("/notes/untitled").expect(200);
  expect(textOf(query(page.text, "title"))).toBe("Untitled words · Notebook");
  expect(JSON.parse(textOf(query(page.text, "script")))).not.toHaveProperty("headline");
});

test("a note that is a title alone is a page of its own, and a line in the list", async () => {
  const { ctx, http } = await readyApp();
  await publishNote(ctx, { content: "", title: "Only a title" }, AUTHOR);

  const page = await http.get("/notes/only-a-title").expect(200);
  const home = await http.get("/").expect(200);

  expect(textOf(query(page.text, "h1"))).toBe("Only a title");
  expect(textOf(query(home.text, ".h-entry .p-name"))).toBe("Only a title");
  expect(query(home.text, ".p-summary")).toBeUndefined();
});
