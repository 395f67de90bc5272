import { expect, test } from "vitest";
import { changeSite } from "../../src/notes/change-site.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { moveSectionPin, saveSection } from "../../src/tags/save-section.ts";
import { TAGS_PER_PAGE } from "../../src/web/tag-view.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { formTo, submit } from "../support/forms.ts";

const AUTHOR = { madeBy: "admin" };

async function site(...tagsOfNotes: string[][]) {
  const app = await testApp();
  await logInAgent(app);
  for (const [index, tags] of tagsOfNotes.entries()) {
    app.clock.advance(1_000);
    await publishNote(app.ctx, { title: `N${index + 1}`, slug: `n${index + 1}`, content: "x", tags }, AUTHOR);
  }
  return app;
}

const texts = (html: string, selector: string) => queryAll(html, selector).map(textOf);
const entries = (html: string) => queryAll(html, "h2 a").map(({ attributes }) => attributes.href);

test("a section's page has its title, its description and its pinned notes first; feeds say the same", async () => {
  const { ctx, http } = await site(["Sea"], ["Sea"], ["Sea"]);
  await changeSite(ctx, { itemsPerPage: 2 });
  await saveSection(ctx, "sea", { title: "By the sea", description: "All *wet* places." });
  await moveSectionPin(ctx, "sea", { noteId: 1, move: "pin" });

  const { text } = await http.get("/tags/sea").expect(200);
  const older = queryAll(text, "link[rel=next]")[0]?.attributes.href ?? "";
  const second = await http.get(older).expect(200);
  const feed = await http.get("/tags/sea/feed.json").expect(200);

  expect(texts(text, "h1.p-name")).toEqual(["By the sea"]);
  expect(texts(text, "title")[0]).toContain("By the sea");
  expect(queryAll(text, "meta[name=description]")[0]?.attributes.content).toBe("All wet places.");
  expect(texts(text, ".p-summary em")).toEqual(["wet"]);
  expect(entries(text)).toEqual(["/notes/n1", "/notes/n3", "/notes/n2"]);
  expect([entries(second.text), texts(second.text, ".p-summary em")]).toEqual([["/notes/n1"], []]);
  expect(feed.body).toMatchObject({ title: expect.stringMatching(/^By the sea · /u), description: "All wet places." });
});

test("a section without notes has a page and feeds, and a tag that nothing has has none", async () => {
  const { ctx, http } = await site([]);
  await saveDraft(ctx, { content: "x", tags: ["Soon"] }, AUTHOR);

  await http.get("/tags/soon").expect(404);
  await saveSection(ctx, "soon", { title: "Coming soon", description: "" });

  expect((await http.get("/tags/soon").expect(200)).text).toContain("Coming soon");
  await http.get("/tags/soon/feed.xml").expect(200);
  await http.get("/tags/never").expect(404);
});

test("the list of tags counts, searches without accents, sorts, and goes on after as many as a page has", async () => {
  const { ctx, http } = await site(["Sea", "Café"], ["Sea"]);
  await saveDraft(ctx, { content: "x", tags: ["Sea"] }, AUTHOR);
  const many = Array.from({ length: TAGS_PER_PAGE }, (_, n) => `t${String(n).padStart(3, "0")}`);
  for (let from = 0; from < many.length; from += 50) {
    await publishNote(ctx, { content: "x", tags: many.slice(from, from + 50) }, AUTHOR);
  }

  const all = (await http.get("/admin/tags").expect(200)).text;
  const rest = (await http.get("/admin/tags?page=2").expect(200)).text;
  const found = (await http.get("/admin/tags?q=%23CAFE").expect(200)).text;
  const used = (await http.get("/admin/tags?order=count").expect(200)).text;

  expect(texts(all, ".row-label")).toHaveLength(TAGS_PER_PAGE);
  expect(texts(all, ".message")[0]).toContain("102 tags");
  expect(texts(rest, ".row-label")).toEqual(["t098", "t099"]);
  expect(texts(found, ".row-label")).toEqual(["Café"]);
  expect(texts(used, ".row-label")[0]).toBe("Sea");
  expect(texts(used, ".row-meta")[0]?.replace(/\s+/gu, " ")).toContain("2 notes 1 draft");
});

test("ticked tags are merged, the old address leads on, page and feed, and the act is undone", async () => {
  const { http } = await site(["Sea"], ["Seas"]);
  const form = formTo((await http.get("/admin/tags")).text, "/admin/tags/act");

  const done = await http
    .post("/admin/tags/act")
    .type("form")
    .send(`csrf_token=${form.fields.csrf_token}&act_key=${form.fields.act_key}&tag=sea&tag=seas&label=Ocean&do=merge`)
    .expect(303);
  const page = await http.get(done.headers.location ?? "").expect(200);
  const led = await http.get("/tags/seas").expect(301);
  const feed = await http.get("/tags/sea/feed.xml").expect(301);
  await submit(http, formTo(page.text, `${done.headers.location}/undo`)).expect(303);

  expect(texts(page.text, "h1")).toEqual(["Merged the tags on 2 notes"]);
  expect([led.headers.location, feed.headers.location]).toEqual(["/tags/ocean", "/tags/ocean/feed.xml"]);
  await http.get("/tags/ocean").expect(404);
  await http.get("/tags/seas").expect(200);
});

test("a tag is renamed and given a section on its own page; what is refused comes back as it was typed", async () => {
  const { http } = await site(["Sea"]);
  const open = async (path: string) => (await http.get(path).expect(200)).text;
  const section = formTo(await open("/admin/tags/sea"), "/admin/tags/sea/section");

  const long = await submit(http, section, { title: "x".repeat(101), description: "Kept" }).expect(422);
  await submit(http, section, { title: "By the sea", description: "Wet", in_menu: "1" }).expect(303);
  const rename = formTo(await open("/admin/tags/sea"), "/admin/tags/act");
  const refused = await submit(http, rename, { label: "one, two", do: "rename" }).expect(422);
  await submit(http, rename, { label: "Ocean", do: "rename" }).expect(303);

  expect([texts(long.text, "#title-error")[0], texts(long.text, "#description")]).toEqual([
    "This is 101 characters long; shorten it to 100 or fewer.",
    ["Kept"],
  ]);
  expect(queryAll(refused.text, "#label")[0]?.attributes.value).toBe("one, two");
  expect(texts(refused.text, "#label-error")).toEqual(["This is one tag: leave out the comma."]);
  expect(await open("/tags/ocean")).toContain("By the sea");
  await http.get("/admin/tags/sea").expect(404);
});

test("pins of a section are moved on its page", async () => {
  const { http } = await site(["Sea"], ["Sea"]);
  const press = async (note: string, move: string) => {
    const form = formTo((await http.get("/admin/tags/sea")).text, "/admin/tags/sea/pins");
    await submit(http, { ...form, fields: { csrf_token: form.fields.csrf_token ?? "" } }, { note, move }).expect(303);
  };

  await press("1", "pin");
  await press("2", "pin");
  await press("2", "up");
  const both = entries((await http.get("/tags/sea")).text);
  await press("2", "unpin");

  expect(both).toEqual(["/notes/n2", "/notes/n1"]);
  expect(queryAll((await http.get("/tags/sea")).text, ".pinned")).toHaveLength(1);
});

test.each([
  ["an unknown action", { do: "burn" }, 422],
  ["nothing ticked", { do: "delete", tag: "", from: "" }, 422],
  ["no token", { csrf_token: "" }, 403],
])("%s is refused", async (_what, sent, status) => {
  const { http } = await site(["Sea"]);
  const form = formTo((await http.get("/admin/tags/sea")).text, "/admin/tags/act");

  await submit(http, form, sent).expect(status);

  expect(entries((await http.get("/tags/sea")).text)).toEqual(["/notes/n1"]);
});
