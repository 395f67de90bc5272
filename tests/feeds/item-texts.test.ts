import { expect, test } from "vitest";
import { buildFeed } from "../../src/feeds/build-feed.ts";
import { writeFeed } from "../../src/feeds/feed.ts";
import { createItemTexts } from "../../src/feeds/item-texts.ts";
import { RSS } from "../../src/feeds/rss.ts";
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts";
import { feedNote, feedSource } from "../support/read-feed.ts";

const NOTE = feedNote({ title: "Bits & <bytes>", contentHtml: "<p>Hello <b>there</b></p>\n" });

test.each([
  ["the first time", DEFAULT_SETTINGS],
  ["again", DEFAULT_SETTINGS],
  ["under another name of the author", { ...DEFAULT_SETTINGS, authorName: "Ada" }],
  ["in another time zone", { ...DEFAULT_SETTINGS, timeZone: "Asia/Tokyo" }],
  ["on a site in another language", { ...DEFAULT_SETTINGS, language: "de" }],
])("a feed is the same with items at hand as without: %s", (_, settings) => {
  const texts = createItemTexts();
  const { siteUrl } = feedSource([]);
  // What is kept was made under the usual settings.
  const usual = buildFeed(feedSource([NOTE]));
  expect([...texts.list({ siteUrl, settings: DEFAULT_SETTINGS, feed: usual, notes: [NOTE] })]).toHaveLength(1);

  const source = feedSource([NOTE, feedNote({ id: 2 })], { settings });
  const feed = buildFeed(source);
  const kept = texts.list({ siteUrl, settings, feed, notes: source.list.notes });

  expect([...writeFeed(feed, RSS, kept)].join("")).toBe([...writeFeed(buildFeed(source), RSS)].join(""));
});

test("the item of a note that is kept is not made again", () => {
  const texts = createItemTexts();
  const { siteUrl } = feedSource([]);
  let reads = 0;
  const note = Object.defineProperty({ ...NOTE }, "contentHtml", {
    get() {
      reads += 1;
      return NOTE.contentHtml;
    },
  });
  const feed = buildFeed(feedSource([]));
  const list = () => [...texts.list({ siteUrl, settings: DEFAULT_SETTINGS, feed, notes: [note] })];

  const first = list();
  const readsOnce = reads;

  expect(list()).toEqual(first);
  expect(readsOnce).toBeGreaterThan(0);
  expect(reads).toBe(readsOnce);
});
