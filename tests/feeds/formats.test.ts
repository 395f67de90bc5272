import fc from "fast-check";
import { parseAtomFeed, parseFeed, parseJsonFeed, parseRssFeed } from "feedsmith";
import { describe, expect, test } from "vitest";
import { SUMMARY_CHARACTERS } from "../../src/feeds/build-feed.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { toXmlCharacters } from "../../src/lib/xml.ts";
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts";
import { hostileText } from "../support/hostile-text.ts";
import { FORMATS, feedNote, feedSource, readFeed, writeFeed, writePieces } from "../support/read-feed.ts";
import { childText, elements, parseXml } from "../support/strict-xml.ts";

const at = (text: string) => text as Timestamp;
const PERMALINK = "https://blog.example/notes/hello";

describe("the same note reads the same in every format", () => {
  const note = feedNote({
    title: "Bits & <bytes>",
    contentHtml: '<p><a href="/x">é &amp; &lt;b&gt;</a> <a href="#fn-1">1</a></p>',
    tags: [
      { name: "web-dev", label: "Web Dev" },
      { name: "äöü", label: "ÄÖÜ & Co" },
    ],
    language: "de",
    publishedAt: at("2026-11-21T22:30:05.000Z"),
    publishedOffset: -480,
    updatedAt: at("2026-11-22T01:00:00.000Z"),
  });

  test.each(FORMATS)("%s", (format) => {
    const { title, author, items } = readFeed(format, writeFeed(feedSource([note], { format })));

    expect({ title, author, items }).toEqual({
      title: "A site",
      author: "Ada",
      items: [
        {
          id: note.uid,
          url: PERMALINK,
          title: "Bits & <bytes>",
          html: `<p><a href="https://blog.example/x">é &amp; &lt;b&gt;</a> <a href="${PERMALINK}#fn-1">1</a></p>`,
          published: Date.UTC(2026, 10, 21, 22, 30, 5),
          updated: Date.UTC(2026, 10, 22, 1),
          tags: ["Web Dev", "ÄÖÜ & Co"],
          language: "de",
        },
      ],
    });
  });

  test.each(FORMATS)("%s, of hostile text, with whatever XML cannot hold left out", (format) => {
    const field = fc.option(hostileText(), { nil: undefined });

    fc.assert(
      fc.property(hostileText(), field, field, (content, title, label) => {
        const settings = { ...DEFAULT_SETTINGS, siteTitle: `t${content}`, authorName: `a${title ?? ""}` };
        const hostile = feedNote({
          // Escaped as stored HTML is, so that nothing in it is a tag whose URLs are rewritten.
          contentHtml: content.replace(/</g, "&lt;"),
          title,
          textStart: content.repeat(100),
          tags: label === undefined ? [] : [{ name: "tag", label }],
        });

        const feed = readFeed(format, writeFeed(feedSource([hostile, hostile], { format, settings })));

        const clean = (text: string | undefined) => (text === undefined ? undefined : toXmlCharacters(text));
        expect(feed.title).toBe(clean(settings.siteTitle));
        expect(feed.author).toBe(clean(settings.authorName));
        expect(feed.items).toHaveLength(2);
        expect(feed.items[1]?.html).toBe(clean(hostile.contentHtml));
        expect(feed.items[1]?.title || undefined).toBe(clean(title) || undefined);
        expect(feed.items[1]?.tags).toEqual(label === undefined ? [] : [clean(label)]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("an untitled note", () => {
  test("has no title in RSS and in JSON Feed, and an empty one in Atom, which wants the element", () => {
    const [rss, atom, json] = FORMATS.map((format) => writeFeed(feedSource([feedNote()], { format })));

    expect(childText(elements(parseXml(rss ?? ""), "item")[0]!, "title")).toBeUndefined();
    expect(childText(elements(parseXml(atom ?? ""), "entry")[0]!, "title")).toBe("");
    expect(JSON.parse(json ?? "").items[0]).not.toHaveProperty("title");
  });
});

describe("what a reader without content sees", () => {
  const short = "x".repeat(SUMMARY_CHARACTERS);

  test("is the whole of a short note", () => {
    const note = feedNote({ textStart: short, contentHtml: '<p><img src="/a.png"></p>' });
    const [rss, atom, json] = FORMATS.map((format) => writeFeed(feedSource([note], { format })));

    expect(childText(elements(parseXml(rss ?? ""), "item")[0]!, "description")).toBe(
      '<p><img src="https://blog.example/a.png"></p>',
    );
    expect(elements(parseXml(atom ?? ""), "summary")).toEqual([]);
    expect(JSON.parse(json ?? "").items[0]).not.toHaveProperty("summary");
  });

  test("is the beginning of a long one as plain text, which RSS takes for HTML", () => {
    const note = feedNote({ textStart: `AT&T <b> ${short}` });
    const [rss, atom, json] = FORMATS.map((format) => writeFeed(feedSource([note], { format })));

    expect(childText(elements(parseXml(rss ?? ""), "item")[0]!, "description")).toMatch(/^AT&amp;T &lt;b&gt; x+…$/);
    expect(elements(parseXml(atom ?? ""), "summary")[0]?.text).toMatch(/^AT&T <b> x+…$/);
    expect(JSON.parse(json ?? "").items[0].summary).toMatch(/^AT&T <b> x+…$/);
  });
});

describe("RSS", () => {
  const source = feedSource([feedNote({ title: "A & B < C", publishedOffset: -480 })], {
    settings: { ...DEFAULT_SETTINGS, siteTitle: "A & B", siteIcon: "icon.png", authorName: "Ada", language: "de" },
  });

  test("has a channel with everything that the profile asks for", () => {
    const { title, link, description, language, lastBuildDate, generator, image, atom } = parseRssFeed(
      writeFeed(source),
    );

    expect({ title, link, description, language, lastBuildDate, generator, image, atom }).toEqual({
      title: "A & B",
      link: "https://blog.example/",
      description: "A & B",
      language: "de",
      lastBuildDate: "Sun, 01 Mar 2026 09:30:00 +0000",
      generator: "StarPunk",
      image: { url: "https://blog.example/media/icon.png", title: "A & B", link: "https://blog.example/" },
      atom: { links: [{ rel: "self", type: "application/rss+xml", href: "https://blog.example/feed.xml" }] },
    });
  });

  test("has items whose guid is no address, whose author is named and whose date is the author's", () => {
    const [item] = parseRssFeed(writeFeed(source)).items ?? [];

    expect(item).toMatchObject({
      title: "A & B < C",
      link: PERMALINK,
      guid: { value: feedNote().uid, isPermaLink: false },
      pubDate: "Sun, 01 Mar 2026 01:30:00 -0800",
      dc: { creators: ["Ada"] },
      content: { encoded: "<p>Hello</p>" },
    });
  });

  test("writes plain text as the profile wants it, so that no reader takes it for HTML", () => {
    expect(writeFeed(source)).toContain("<title>A &#x26; B &#x3C; C</title>");
  });

  test.each([
    ["2026-01-05T00:00:00.000Z", undefined, "Mon, 05 Jan 2026 00:00:00 +0000"],
    ["2026-12-31T23:59:59.999Z", 840, "Fri, 01 Jan 2027 13:59:59 +1400"],
    ["2026-03-01T00:00:00.000Z", -720, "Sat, 28 Feb 2026 12:00:00 -1200"],
    ["2024-02-29T20:00:00.000Z", 345, "Fri, 01 Mar 2024 01:45:00 +0545"],
    ["1999-09-09T09:09:09.000Z", -210, "Thu, 09 Sep 1999 05:39:09 -0330"],
  ])("writes %s at offset %j as %s", (publishedAt, publishedOffset, pubDate) => {
    const text = writeFeed(feedSource([feedNote({ publishedAt: at(publishedAt), publishedOffset })]));

    expect(elements(parseXml(text), "pubDate")[0]?.text).toBe(pubDate);
  });
});

describe("Atom", () => {
  test("has a feed and entries with everything that RFC 4287 asks for", () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      siteTitle: "T",
      siteDescription: "D",
      authorName: "Ada",
      siteIcon: "i.png",
    };
    const note = feedNote({ title: "A & B", updatedAt: at("2026-03-02T00:00:00.000Z"), publishedOffset: 60 });

    const feed = parseAtomFeed(writeFeed(feedSource([note], { format: "atom", settings })));

    expect(feed).toMatchObject({
      id: "https://blog.example/feed.atom",
      title: { value: "T" },
      subtitle: { value: "D" },
      updated: "2026-03-02T00:00:00+00:00",
      authors: [{ name: "Ada", uri: "https://blog.example/" }],
      icon: "https://blog.example/media/i.png",
      generator: { text: "StarPunk" },
      entries: [
        {
          id: note.uid,
          title: { value: "A & B" },
          published: "2026-03-01T10:30:00+01:00",
          updated: "2026-03-02T00:00:00+00:00",
          content: { type: "html", value: "<p>Hello</p>" },
          links: [{ rel: "alternate", type: "text/html", href: PERMALINK }],
        },
      ],
    });
  });

  test("is valid while the site is empty and has no author yet", () => {
    const source = feedSource([], { format: "atom", changedAt: undefined, settings: DEFAULT_SETTINGS });

    const feed = parseXml(writeFeed(source));

    expect(childText(feed, "updated")).toBe("1970-01-01T00:00:00+00:00");
    expect(elements(feed, "name")[0]?.text).toBe("StarPunk");
  });
});

describe("JSON Feed", () => {
  test("has everything that version 1.1 asks for, and leaves out what a note does not have", () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      siteTitle: "T",
      authorName: "Ada",
      authorPhoto: "me.jpg",
      siteIcon: "i.png",
    };

    const text = writeFeed(feedSource([feedNote({ publishedOffset: 330 })], { format: "json", settings }));

    expect(JSON.parse(text)).toEqual({
      version: "https://jsonfeed.org/version/1.1",
      title: "T",
      home_page_url: "https://blog.example/",
      feed_url: "https://blog.example/feed.json",
      icon: "https://blog.example/media/i.png",
      language: "en",
      authors: [{ name: "Ada", url: "https://blog.example/", avatar: "https://blog.example/media/me.jpg" }],
      items: [
        {
          id: feedNote().uid,
          url: PERMALINK,
          content_html: "<p>Hello</p>\n",
          date_published: "2026-03-01T15:00:00+05:30",
        },
      ],
    });
    expect(parseJsonFeed(text).items).toHaveLength(1);
  });

  test("has no null in it", () => {
    expect(writeFeed(feedSource([feedNote()], { format: "json" }))).not.toContain("null");
  });
});

describe.each(FORMATS)("a page of the %s feed", (format) => {
  const place = (id: number) => ({ publishedAt: at("2026-03-01T09:30:00.000Z"), id });
  const first = `https://blog.example/feed.${format}`;
  const page = (id: number) => `${first}?before=20260301T093000000-${id}`;

  test("names itself alone when it holds every note", () => {
    const { links } = readFeed(format, writeFeed(feedSource([feedNote()], { format })));

    expect({ self: links.self, first: links.first, previous: links.previous, next: links.next }).toEqual({
      self: first,
    });
  });

  test("names the pages beside it", () => {
    const list = { notes: [feedNote()], older: place(7), newer: place(42) };

    const { links } = readFeed(format, writeFeed(feedSource([], { format, list, before: place(20) })));

    const back = format === "json" ? {} : { first, previous: page(42) };
    expect(links).toMatchObject({ self: page(20), next: page(7), ...back });
  });

  test("names the first page as the one before the second", () => {
    const list = { notes: [feedNote()], older: undefined, newer: undefined };

    const { links } = readFeed(format, writeFeed(feedSource([], { format, list, before: place(20) })));

    expect(links.previous).toBe(format === "json" ? undefined : first);
    expect(links.next).toBeUndefined();
  });

  test("of a tag leads to the page of the tag and is called after it", () => {
    const source = feedSource([feedNote()], { format, tag: { name: "café", label: "Café" } });

    const { feed } = parseFeed(writeFeed(source));

    expect(JSON.stringify(feed)).toContain("Café · A site");
    expect(JSON.stringify(feed)).toContain('"https://blog.example/tags/caf%C3%A9"');
    expect(readFeed(format, writeFeed(source)).links.self).toBe(`https://blog.example/tags/caf%C3%A9/feed.${format}`);
  });

  test("is written item by item, between a head and an end", () => {
    const notes = ["a", "b", "c"].map((title) => feedNote({ title: `title-${title}` }));

    const pieces = writePieces(feedSource(notes, { format }));

    expect(pieces.map((piece) => /title-./.exec(piece)?.[0])).toEqual([
      undefined,
      "title-a",
      "title-b",
      "title-c",
      undefined,
    ]);
  });
});

test("a feed is not older than its newest entry, also when that carries a later time than the last change", () => {
  const note = feedNote({ publishedAt: at("2026-05-01T00:00:00.000Z") });

  const feed = parseXml(writeFeed(feedSource([note], { format: "atom" })));

  expect(childText(feed, "updated")).toBe("2026-05-01T00:00:00+00:00");
});

test("the id of an Atom feed is the same on all of its pages", () => {
  const before = { publishedAt: at("2026-03-01T09:30:00.000Z"), id: 20 };

  const text = writeFeed(feedSource([], { format: "atom", before }));

  expect(childText(parseXml(text), "id")).toBe("https://blog.example/feed.atom");
});
