import { parseJsonFeed } from "feedsmith";
import { describe, expect, test } from "vitest";
import type { FeedNote } from "../../src/feeds/feed-notes-store.ts";
import { fetchCitation } from "../../src/notes/fetch-citation.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { elsewhere, POST_HTML, POST_URL } from "../support/elsewhere.ts";
import { FORMATS, feedNote, feedSource, readFeed, writeFeed } from "../support/read-feed.ts";
import { elements, parseXml } from "../support/strict-xml.ts";

const KNOWN = new Map([
  [
    POST_URL,
    {
      url: POST_URL,
      title: "Engines & <looms>",
      authorName: "Ada",
      authorUrl: undefined,
      authorPhoto: undefined,
      excerpt: "It weaves <patterns>.",
      image: undefined,
      language: "en",
      fetchedAt: undefined,
      reason: undefined,
    },
  ],
]);

describe.each(FORMATS)("%s says what a note is", (format) => {
  const htmlOf = (note: Partial<FeedNote>) =>
    readFeed(format, writeFeed(feedSource([feedNote({ contentHtml: "", ...note })], { format }))).items[0]?.html;

  test.each<[string, Partial<FeedNote>, string]>([
    [
      "a like of a page of which nothing is known",
      { kind: "like", properties: { "like-of": [POST_URL] } },
      `<p>Liked <a class="u-like-of" href="${POST_URL}">ada.example/posts/engines</a></p>`,
    ],
    [
      "a reply to a page that has arrived, before the text",
      { kind: "reply", properties: { "in-reply-to": [POST_URL] }, citations: KNOWN, contentHtml: "<p>Yes</p>" },
      `<p>In reply to <a class="u-in-reply-to" href="${POST_URL}">Engines &amp; &lt;looms&gt;</a> by Ada</p>
<blockquote><p>It weaves &lt;patterns&gt;.</p></blockquote>
<p>Yes</p>`,
    ],
    [
      "an RSVP",
      { kind: "rsvp", properties: { rsvp: ["maybe"], "in-reply-to": [POST_URL] } },
      `<p>RSVP: <data class="p-rsvp" value="maybe">Maybe</data></p>
<p>In reply to <a class="u-in-reply-to" href="${POST_URL}">ada.example/posts/engines</a></p>`,
    ],
    [
      "an event",
      {
        kind: "event",
        properties: { start: ["2026-06-01T19:00:00+02:00"], end: ["2026-06-02"], location: ["Town <hall>"] },
      },
      "<p>June 1, 2026 at 7:00 PM – June 2, 2026<br>Town &lt;hall&gt;</p>",
    ],
    ["a plain note, which says nothing of itself", { contentHtml: "<p>Text</p>" }, "<p>Text</p>"],
  ])("%s", (_, note, html) => {
    expect(htmlOf(note)?.trim()).toBe(html);
  });
});

test("Atom and JSON Feed name the pages besides, JSON Feed a bookmark as what the item is about", () => {
  const note = feedNote({
    kind: "bookmark",
    properties: { "bookmark-of": [POST_URL], "like-of": ["https://b.example/"] },
  });

  const atom = parseXml(writeFeed(feedSource([note], { format: "atom" })));
  const json = parseJsonFeed(writeFeed(feedSource([note], { format: "json" })));

  const related = elements(atom, "link").filter(({ attributes }) => attributes.rel === "related");
  expect(related.map(({ attributes }) => attributes.href)).toEqual(["https://b.example/", POST_URL]);
  expect(json.items?.[0]?.external_url).toBe(POST_URL);
});

test.each(["50", "all"])("what arrives of a page stands in the feed of %s notes at once", async (items) => {
  const config = { FEED_ITEMS: items === "all" ? ("all" as const) : 50 };
  const app = await testApp({ fetch: elsewhere({ [POST_URL]: POST_HTML }).fetch, config });
  await createAuthor(app.ctx);
  await publishNote(app.ctx, { content: "", tags: ["x"], properties: { "like-of": [POST_URL] } }, { madeBy: "admin" });
  const feeds = ["/feed.xml", "/feed.atom", "/feed.json", "/tags/x/feed.xml"];
  for (const path of feeds) expect((await app.http.get(path).expect(200)).text).toContain("ada.example/posts/engines");

  await fetchCitation(app.ctx, { url: POST_URL, isLastAttempt: true });

  for (const path of feeds) {
    const answer = await app.http.get(path).buffer(true).expect(200);
    expect(answer.text ?? String(answer.body)).toContain("On analytical engines");
  }
});
