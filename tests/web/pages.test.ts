import { mf2 } from "microformats-parser";
import { expect, test } from "vitest";
import { findNoteByAlias } from "../../src/notes/alias-store.ts";
import type { NoteInput } from "../../src/notes/note-input.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { restoreRevision, reviseNote } from "../../src/notes/revise.ts";
import { RESERVED_PAGES } from "../../src/notes/slug.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { listRoutes } from "../../src/web/route-table.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { testApp } from "../support/app.ts";
import { createAuthor, createLogin } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { queryAll } from "../support/dom.ts";

const origin = { madeBy: "admin" };
const ABOUT: NoteInput = { kind: "page", title: "About", content: "I write pagewords.", slug: "about", tags: ["web"] };

async function siteWithPage(input: NoteInput = ABOUT) {
  const app = await testApp();
  await createAuthor(app.ctx);
  await publishNote(app.ctx, { content: "A note", slug: "first", tags: ["web"] }, origin);
  const page = await publishNote(app.ctx, input, origin);
  return { ...app, page };
}

function entriesOf(html: string) {
  return mf2(html, { baseUrl: "http://blog.example/about" }).items;
}

test("a page stands at the top of the site, as an entry without a date", async () => {
  const { http } = await siteWithPage();

  const { text, headers } = await http.get("/about").expect(200);
  const [entry] = entriesOf(text);

  expect(headers.etag).toBeDefined();
  expect(entry).toMatchObject({
    type: ["h-entry"],
    properties: { name: ["About"], url: ["http://blog.example/about"] },
  });
  expect(entry?.properties).not.toHaveProperty("published");
  expect(entry?.properties).not.toHaveProperty("updated");
  expect(text).toContain('<link rel="canonical" href="http://blog.example/about">');
});

test("a page says when it was last updated if its author wants that", async () => {
  const { ctx, clock, http, page } = await siteWithPage();
  clock.advance(86_400_000);
  const properties = { "show-updated": ["true"] };

  await reviseNote(ctx, page.id, { content: "I write other words.", properties, origin });
  const { text } = await http.get("/about").expect(200);

  expect(entriesOf(text)[0]?.properties).toHaveProperty("updated");
  expect(text).toContain("Last updated");
});

test("a page is in no list, feed, archive or tag, but in search and in the sitemap", async () => {
  const { http } = await siteWithPage();
  const lists = ["/", "/archive", "/archive/2026", "/archive/2026/03", "/tags/web", "/notes/first"];
  const feeds = ["/feed.xml", "/feed.atom", "/feed.json", "/tags/web/feed.xml"];

  for (const path of [...lists, ...feeds]) {
    const { text } = await http.get(path).expect(200);
    expect(text, path).not.toContain("pagewords");
    expect(text, path).not.toContain("/about");
  }
  const found = await http.get("/search?q=pagewords").expect(200);
  const sitemap = await http.get("/sitemap.xml").expect(200);

  expect(queryAll(found.text, "article a").map(({ attributes }) => attributes.href)).toEqual(["/about"]);
  expect(sitemap.text).toContain("<loc>http://blog.example/about</loc>");
  expect(sitemap.text).not.toContain("/notes/about");
});

test("no page takes an address of the program, by its address or by its title, and the reason is said", async () => {
  const { ctx } = await testContext();

  for (const page of [{ slug: "archive" }, { title: "Search" }, { slug: "Series" }]) {
    await expect(publishNote(ctx, { kind: "page", content: "x", ...page }, origin)).rejects.toMatchObject({
      code: "invalid",
      field: "slug",
      message: expect.stringMatching(/^“\/(?:archive|search|series)” is an address of the program itself/),
    });
  }
});

test("every address of the program is reserved, so that no page can hide behind one", async () => {
  const { ctx } = await testContext();
  const first = listRoutes(createApp(ctx)).map(({ pattern }) => pattern.split("/")[1] ?? "");

  const words = [...new Set(first)].filter((segment) => /^[\w-]+$/.test(segment));

  expect(words.length).toBeGreaterThan(10);
  expect(words.filter((word) => !RESERVED_PAGES.has(word))).toEqual([]);
});

test("a renamed page leads from its old address to the new one, and another page cannot take the old one", async () => {
  const { ctx, http, page } = await siteWithPage();

  await reviseNote(ctx, page.id, { slug: "about-me", origin });
  const other = await publishNote(ctx, { kind: "page", title: "About", content: "Other." }, origin);

  await http.get("/about").expect(301).expect("Location", "/about-me");
  expect(other.slug).toBe("about-2");
});

test("a note that becomes a page takes its address along, and back, and each leads to the other", async () => {
  const { ctx, http } = await siteWithPage();
  const note = await publishNote(ctx, { content: "What I use.", title: "Uses", slug: "uses" }, origin);

  await reviseNote(ctx, note.id, { kind: "page", origin });
  await http.get("/uses").expect(200);
  await http.get("/notes/uses").expect(301).expect("Location", "/uses");
  const isGone = (await http.get("/")).text.includes("What I use.");
  await reviseNote(ctx, note.id, { kind: "article", origin });
  await http.get("/notes/uses").expect(200);
  await http.get("/uses").expect(301).expect("Location", "/notes/uses");

  expect(isGone).toBe(false);
  expect((await http.get("/")).text).toContain("/notes/uses");
});

test("restoring a revision from before a note became a page leaves it a page", async () => {
  const { ctx, http } = await siteWithPage();
  const note = await publishNote(ctx, { content: "Old words.", title: "Uses", slug: "uses" }, origin);
  await reviseNote(ctx, note.id, { kind: "page", content: "New words.", origin });

  await restoreRevision(ctx, note.id, { version: 1, origin });

  expect((await http.get("/uses").expect(200)).text).toContain("Old words.");
});

test("an old path of a note leads to it even where a page would like to stand", async () => {
  const { ctx, http } = await siteWithPage();
  await publishNote(ctx, { content: "Imported", slug: "imported", aliases: ["/contact"] }, origin);

  const page = await publishNote(ctx, { kind: "page", title: "Contact", content: "x" }, origin);
  await publishNote(ctx, { content: "Late", slug: "late", aliases: ["/about"] }, origin);

  expect(page.slug).toBe("contact-2");
  await http.get("/contact").expect(301).expect("Location", "/notes/imported");
  expect(findNoteByAlias(ctx.db, "/about")).toBeUndefined();
  await http.get("/about").expect(200);
});

test("a draft page is not found, a trashed and an erased one are gone, and a private one is its author's", async () => {
  const { ctx, http, page } = await siteWithPage();
  await saveDraft(ctx, { kind: "page", title: "Draft", content: "x" }, origin);
  await publishNote(ctx, { kind: "page", title: "Mine", content: "x", visibility: "private" }, origin);
  const { cookie } = await createLogin(ctx);

  const statusOf = async (path: string, headers = {}) => (await http.get(path).set(headers)).status;
  const before = [await statusOf("/draft"), await statusOf("/mine"), await statusOf("/mine", { Cookie: cookie })];
  await trashNote(ctx, page.id, origin);
  const trashed = await statusOf("/about");
  await eraseNote(ctx, page.id);

  expect(before).toEqual([404, 404, 200]);
  expect([trashed, await statusOf("/about")]).toEqual([410, 410]);
});

test("a page takes no other method than GET and HEAD", async () => {
  const { http } = await siteWithPage();

  await http.head("/about").expect(200);
  const refused = await http.post("/about").send("a=b").expect(405);
  await http.post("/nowhere").send("a=b").expect(404);

  expect(refused.headers.allow).toBe("GET, HEAD");
});
