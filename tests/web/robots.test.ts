import { expect, test } from "vitest";
import { MAX_LLMS_NOTES } from "../../src/feeds/llms-text.ts";
import { TRAINING_CRAWLERS } from "../../src/feeds/training-crawlers.ts";
import { changeSite } from "../../src/notes/change-site.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { MAX_NOT_FOUND_LENGTH } from "../../src/site/robots.ts";
import { testApp } from "../support/app.ts";
import { createAuthor, logInAgent } from "../support/author.ts";
import { query } from "../support/dom.ts";
import { fillIn, formTo } from "../support/forms.ts";
import { storeNotes } from "../support/stored-note.ts";

const origin = { madeBy: "admin" };
const SETTINGS = "/admin/settings/robots";

test("every robot may find the site and read it, unless its author says otherwise", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);

  const robots = await http.get("/robots.txt").expect(200);
  const home = await http.get("/").expect(200);
  await http.get("/.well-known/tdmrep.json").expect(404);

  expect(robots.text).toMatch(/^User-agent: \*\nDisallow: \/admin\n/);
  expect(robots.text).toContain("Sitemap: http://blog.example/sitemap.xml");
  expect(robots.text).not.toContain("GPTBot");
  expect(query(home.text, "meta[name=robots]")).toBeUndefined();
});

test("refusing training names the crawlers and says so to the others, and leaves search engines the site", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  await changeSite(ctx, { robots: "no-training" });

  const { text } = await http.get("/robots.txt").expect(200);
  const home = await http.get("/").expect(200);
  const reservation = await http.get("/.well-known/tdmrep.json").expect(200);
  const [everyone = "", refused = "", sitemap = ""] = text.split("\n\n");

  expect(everyone).toContain("User-agent: *\nContent-Signal: search=yes, ai-train=no\nDisallow: /admin");
  expect(everyone).not.toContain("Disallow: /\n");
  expect(refused.split("\n")).toEqual([...TRAINING_CRAWLERS.map((name) => `User-agent: ${name}`), "Disallow: /"]);
  expect(sitemap).toContain("/sitemap.xml");
  expect(query(home.text, "meta[name=robots]")?.attributes.content).toBe("noai, noimageai");
  expect(query(home.text, "meta[name=tdm-reservation]")?.attributes.content).toBe("1");
  expect(reservation.body).toEqual([{ location: "/", "tdm-reservation": 1 }]);
});

test("no crawler of the list fetches for search or for a person", () => {
  expect(TRAINING_CRAWLERS.filter((name) => /user|search|googlebot$|bingbot/i.test(name))).toEqual([]);
  expect(new Set(TRAINING_CRAWLERS).size).toBe(TRAINING_CRAWLERS.length);
});

test("refusing all robots refuses all, and no page is for search engines", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  await changeSite(ctx, { robots: "none" });

  const { text } = await http.get("/robots.txt").expect(200);
  const home = await http.get("/").expect(200);

  expect(text).toBe("User-agent: *\nDisallow: /\n");
  expect(query(home.text, "meta[name=robots]")?.attributes.content).toBe("noindex, nofollow");
});

test("the choices are made by a form, and one that breaks a rule keeps what was typed", async () => {
  const app = await testApp();
  await logInAgent(app);
  const { http } = app;
  const page = { path: SETTINGS, action: SETTINGS };

  const done = await fillIn(http, page, { robots: "none", llms_txt: "1", not_found: "Lost? **Search.**" });
  const kept = formTo((await http.get(SETTINGS)).text, SETTINGS);
  const wrong = await fillIn(http, page, { not_found: "x".repeat(MAX_NOT_FOUND_LENGTH + 1) });
  await fillIn(http, page, { not_found: "x".repeat(MAX_NOT_FOUND_LENGTH) });

  expect(done.status).toBe(303);
  expect(kept.fields).toMatchObject({ robots: "none", llms_txt: "1", not_found: "Lost? **Search.**" });
  expect(kept.fields).not.toHaveProperty("markdown_copies");
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain(`shorten it to ${MAX_NOT_FOUND_LENGTH.toLocaleString("en")}`);
  expect((await http.get("/nowhere")).text).toContain("x".repeat(MAX_NOT_FOUND_LENGTH));
});

test("what readers are told where nothing is, is Markdown, and as safe as any note", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  await changeSite(ctx, { notFound: 'See the [archive](/archive). <script>alert(1)</script><b onclick="x()">!</b>' });

  const { text } = await http.get("/nowhere").expect(404);
  const { text: wrongMethod } = await http.post("/").expect(405);

  expect(query(text, "main a[href=/archive]")).toBeDefined();
  expect(text).not.toMatch(/<script>|onclick/);
  expect(text).not.toContain("There is no such page");
  expect(wrongMethod).not.toContain("See the");
});

test("llms.txt names the site, its pages and its newest notes, and nothing that is not for everyone", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  await http.get("/llms.txt").expect(404);
  await changeSite(ctx, { llmsTxt: "on", siteDescription: "About [rain]" });
  await publishNote(ctx, { kind: "page", title: "About", content: "Me." }, origin);
  await publishNote(ctx, { title: "A [long] walk", content: "In the rain.", slug: "walk" }, origin);
  await publishNote(ctx, { content: "Secret", visibility: "unlisted" }, origin);

  const { text, headers } = await http.get("/llms.txt").expect(200);

  expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
  expect(text.split("\n").slice(0, 10)).toEqual([
    "# Ada writes",
    "",
    "> About \\[rain\\]",
    "",
    "## Pages",
    "",
    "- [About](http://blog.example/about): Me.",
    "",
    "## Newest notes",
    "",
  ]);
  expect(text).toContain("- [A \\[long\\] walk](http://blog.example/notes/walk): In the rain.");
  expect(text).not.toContain("Secret");
});

test("llms.txt has as many notes as its limit, and leads to their copies where there are some", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  await storeNotes(
    ctx,
    Array.from({ length: MAX_LLMS_NOTES + 1 }, () => ({})),
  );
  await changeSite(ctx, { llmsTxt: "on", markdownCopies: "on" });

  const { text } = await http.get("/llms.txt").expect(200);

  expect(text.match(/\/notes\/[\w-]+\.md\)/g)).toHaveLength(MAX_LLMS_NOTES);
});

test("llms.txt is made anew when a note or a page changes", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  await changeSite(ctx, { llmsTxt: "on" });
  const page = await publishNote(ctx, { kind: "page", title: "About", content: "Me." }, origin);
  await http.get("/llms.txt").expect(200);

  await reviseNote(ctx, page.id, { title: "Contact", origin });
  await publishNote(ctx, { title: "New", content: "x" }, origin);
  const { text } = await http.get("/llms.txt").expect(200);

  expect(text).toContain("[Contact]");
  expect(text).toContain("[New]");
});

test("a note has a copy as its author wrote it, which leads search engines to the note", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  await publishNote(ctx, { title: "A *title*", content: "Some **words**.\n", slug: "words" }, origin);
  await publishNote(ctx, { kind: "page", title: "About", content: "Me." }, origin);
  await http.get("/notes/words.md").expect(404);
  await changeSite(ctx, { markdownCopies: "on" });

  const { text, headers } = await http.get("/notes/words.md").expect(200);
  const page = await http.get("/about.md").expect(200);
  const note = await http.get("/notes/words").expect(200);

  expect(text).toBe(
    "# A *title*\n\n- Published: 2026-03-01T10:30:00+01:00\n- Link: <http://blog.example/notes/words>\n\nSome **words**.\n",
  );
  expect(headers).toMatchObject({
    "content-type": "text/markdown; charset=utf-8",
    link: '<http://blog.example/notes/words>; rel="canonical"',
    "x-robots-tag": "noindex",
  });
  expect(page.text).toContain("# About");
  expect(query(note.text, "link[type=text/markdown]")?.attributes.href).toBe("/notes/words.md");
});

test("a copy is as public as its note: none of a private one, gone with one that is", async () => {
  const app = await testApp();
  await logInAgent(app);
  const { ctx, http } = app;
  await changeSite(ctx, { markdownCopies: "on" });
  await publishNote(ctx, { content: "Mine", slug: "mine", visibility: "private" }, origin);
  await publishNote(ctx, { content: "Some", slug: "some", visibility: "unlisted" }, origin);
  const gone = await publishNote(ctx, { content: "Gone", slug: "gone" }, origin);
  await trashNote(ctx, gone.id, origin);

  const answers = [];
  for (const name of ["mine", "some", "gone", "none"]) answers.push((await http.get(`/notes/${name}.md`)).status);
  const { headers } = await http.get("/notes/some.md");

  expect(answers).toEqual([404, 200, 410, 404]);
  expect(headers["cache-control"]).toBe("private, no-cache");
});

test("a copy comes from the cache, with its headers, until its note changes", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  await changeSite(ctx, { markdownCopies: "on" });
  const note = await publishNote(ctx, { content: "Old", slug: "words" }, origin);
  await http.get("/notes/words.md").expect(200);

  const kept = await http.get("/notes/words.md").expect(200);
  await reviseNote(ctx, note.id, { content: "New", origin });
  const changed = await http.get("/notes/words.md").expect(200);

  expect(kept.headers["x-robots-tag"]).toBe("noindex");
  expect(kept.text).toContain("Old");
  expect(changed.text).toContain("New");
});
