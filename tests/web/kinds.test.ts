import { mf2 } from "microformats-parser";
import { describe, expect, test } from "vitest";
import { saveImage } from "../../src/media/save-image.ts";
import { fetchCitation } from "../../src/notes/fetch-citation.ts";
import type { NoteInput } from "../../src/notes/note-input.ts";
import { publishNote } from "../../src/notes/publish.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { elsewhere, POST_HTML, POST_URL } from "../support/elsewhere.ts";
import { picture } from "../support/images.ts";

const BASE = "http://blog.example/";

async function site(pages: Parameters<typeof elsewhere>[0] = { [POST_URL]: POST_HTML }): Promise<TestApp> {
  const app = await testApp({ fetch: elsewhere(pages).fetch });
  await createAuthor(app.ctx);
  return app;
}

function publish({ ctx }: TestApp, input: Partial<NoteInput>) {
  return publishNote(ctx, { content: "", slug: "it", ...input }, { madeBy: "admin" });
}

const arrive = ({ ctx }: TestApp) => fetchCitation(ctx, { url: POST_URL, isLastAttempt: true });

async function permalink({ http }: TestApp) {
  const { text } = await http.get("/notes/it").expect(200);
  const [item, ...others] = mf2(text, { baseUrl: BASE }).items;
  expect(others).toEqual([]);
  return { text, item };
}

const CITE = {
  type: ["h-cite"],
  properties: {
    url: [POST_URL],
    name: ["On analytical engines"],
    author: [{ type: ["h-card"], properties: { name: ["Ada Lovelace"], url: ["https://ada.example/"] } }],
    content: ["The engine weaves <patterns>."],
  },
};

describe.each([
  ["in-reply-to", "In reply to"],
  ["like-of", "Liked"],
  ["repost-of", "Reposted"],
  ["bookmark-of", "Bookmarked"],
])("a note with %s", (property, verb) => {
  test("links to the page as long as nothing is known of it, and invents no name", async () => {
    const app = await site();
    await publish(app, { properties: { [property]: [POST_URL] } });

    const { text, item } = await permalink(app);

    expect(item?.type).toEqual(["h-entry"]);
    expect(item?.properties[property]).toEqual([POST_URL]);
    expect(item?.properties.name).toBeUndefined();
    expect(item?.properties.content).toBeUndefined();
    expect(item?.properties.summary).toEqual([`${verb} ada.example/posts/engines`]);
    expect(textOf(query(text, "title"))).toContain("ada.example/posts/engines");
  });

  test("shows the page as an h-cite when it has arrived, in lists too", async () => {
    const app = await site();
    await publish(app, { content: "My words", properties: { [property]: [POST_URL] } });
    await permalink(app);
    await app.http.get("/").expect(200);

    await arrive(app);
    const { text, item } = await permalink(app);
    const home = await app.http.get("/").expect(200);

    expect(item?.properties[property]).toMatchObject([CITE]);
    expect(item?.properties.content).toMatchObject([{ value: "My words" }]);
    expect(item?.properties.name).toBeUndefined();
    expect(item?.properties.author).toMatchObject([{ type: ["h-card"], properties: { name: ["Ada"] } }]);
    expect(query(text, ".h-cite blockquote")?.attributes.lang).toBe("en-GB");
    const feed = mf2(home.text, { baseUrl: BASE }).items.find((each) => each.type?.includes("h-feed"));
    expect(feed?.children?.[0]?.properties[property]).toMatchObject([CITE]);
  });
});

test("pictures of a page are our own copies: no reader asks a third party", async () => {
  const app = await site({
    [POST_URL]: POST_HTML,
    "https://ada.example/ada.png": await picture(40, 30).png().toBuffer(),
    "https://ada.example/engine.png": await picture(900, 600).png().toBuffer(),
  });
  await publish(app, { properties: { "like-of": [POST_URL] } });
  await arrive(app);

  const { text } = await permalink(app);
  const sources = queryAll(text, ".h-cite img").map(({ attributes }) => attributes.src ?? "");

  expect(sources).toHaveLength(2);
  for (const source of sources) {
    expect(source).toMatch(/^\/media\/[\w-]{22}\.webp$/u);
    await app.http.get(source).expect(200);
  }
});

test("the images in the text of a photo note are its photos", async () => {
  const app = await site();
  const { name } = await saveImage(app.ctx, { bytes: await picture(40, 30).png().toBuffer() });
  await publish(app, { kind: "photo", content: `Dusk\n\n![The sea](/media/${name})` });

  const { item } = await permalink(app);

  expect(item?.properties.photo).toEqual([{ value: `${BASE}media/${name}`, alt: "The sea" }]);
});

test("an RSVP says its answer, and to what", async () => {
  const app = await site();
  await publish(app, { properties: { rsvp: ["yes"], "in-reply-to": [POST_URL] } });

  const { text, item } = await permalink(app);

  expect(item?.properties).toMatchObject({ rsvp: ["yes"], "in-reply-to": [POST_URL] });
  expect(textOf(query(text, "h1"))).toBe("RSVP to ada.example/posts/engines");
});

test("an event is an h-event with its times, where it is, and its name; and an Event for search engines", async () => {
  const app = await site();
  const place = { type: ["h-card"], properties: { name: ["Town hall"], url: ["https://town.example/"] } };
  const properties = { start: ["2026-06-01T19:00:00+02:00"], end: ["2026-06-02"], location: [place] };
  await publish(app, { kind: "event", title: "Homebrew", content: "Bring a laptop", properties });

  const { text, item } = await permalink(app);
  const home = mf2((await app.http.get("/").expect(200)).text, { baseUrl: BASE }).items;

  expect(item).toMatchObject({
    type: ["h-event"],
    properties: {
      name: ["Homebrew"],
      start: ["2026-06-01T19:00:00+02:00"],
      end: ["2026-06-02"],
      location: [{ type: ["h-card"], properties: { name: ["Town hall"], url: ["https://town.example/"] } }],
      content: [{ value: "Bring a laptop" }],
    },
  });
  expect(home.find((each) => each.type?.includes("h-feed"))?.children?.[0]?.type).toEqual(["h-event"]);
  expect(JSON.parse(textOf(query(text, 'script[type="application/ld+json"]')))).toMatchObject({
    "@type": "Event",
    name: "Homebrew",
    startDate: "2026-06-01T19:00:00+02:00",
    location: { "@type": "Place", name: "Town hall" },
  });
});

test.each<[string, Partial<NoteInput>, object]>([
  [
    "reply",
    { content: "Yes", properties: { "in-reply-to": [POST_URL] } },
    { "@type": "Comment", parentItem: { url: POST_URL } },
  ],
  [
    "repost",
    { properties: { "repost-of": [POST_URL] } },
    { "@type": "SocialMediaPosting", sharedContent: [{ url: POST_URL }] },
  ],
  ["like", { properties: { "like-of": [POST_URL] } }, { "@type": "SocialMediaPosting", about: [{ url: POST_URL }] }],
  ["article", { content: "Text", title: "Title" }, { "@type": "BlogPosting", headline: "Title" }],
])("what search engines are told of a %s", async (_, input, expected) => {
  const app = await site();
  await publish(app, input);

  const { text } = await permalink(app);

  expect(JSON.parse(textOf(query(text, 'script[type="application/ld+json"]')))).toMatchObject(expected);
});

test("archive, links beside and search say what a note without words is", async () => {
  const app = await site();
  await publish(app, { properties: { "like-of": [POST_URL] } });
  await publish(app, { slug: "next", content: "Next" });
  const beside = async () => textOf(query((await app.http.get("/notes/next")).text, '.neighbours [rel="prev"] bdi'));
  expect(await beside()).toBe("Like of ada.example/posts/engines");

  await arrive(app);

  expect(await beside()).toBe("Like of “On analytical engines”");
  const archive = await app.http.get("/archive/2026/03").expect(200);
  expect(queryAll(archive.text, ".line a").map(textOf)).toContain("Like of “On analytical engines”");
  const found = await app.http.get("/search?q=kind:like").expect(200);
  expect(textOf(query(found.text, "article"))).toContain("Like of “On analytical engines”");
});

test("whatever a page says of itself is text, and its addresses lead to the web alone", async () => {
  const hostile = `<div class="h-entry"><b class="p-name">&lt;img src=x onerror=alert(1)&gt;</b>
    <a class="p-author h-card" href="javascript:alert(1)">&lt;script&gt;</a><p class="e-content">&lt;/blockquote&gt;&lt;script&gt;</p></div>`;
  const app = await site({ [POST_URL]: hostile });
  await publish(app, { properties: { "like-of": [POST_URL] } });
  await arrive(app);

  const { text } = await permalink(app);

  expect(queryAll(text, ".h-cite img")).toEqual([]);
  expect(queryAll(text, "script").map(({ attributes }) => attributes.type)).toEqual(["application/ld+json"]);
  expect(queryAll(text, "a").filter(({ attributes }) => attributes.href?.startsWith("javascript:"))).toEqual([]);
  expect(textOf(query(text, ".h-cite .p-name"))).toBe("<img src=x onerror=alert(1)>");
});
