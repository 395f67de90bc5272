import { describe, expect, test } from "vitest";
import { decodePage, isPage } from "../../src/lib/decode-page.ts";
import {
  MAX_PAGE_AUTHOR_LENGTH,
  MAX_PAGE_EXCERPT_LENGTH,
  MAX_PAGE_TITLE_LENGTH,
  readPageNow,
} from "../../src/lib/read-page.ts";
import { readApp, readPage } from "../../src/lib/read-page-safely.ts";

const URL_HERE = "https://a.example/posts/1";

const NOTHING = {
  title: undefined,
  authorName: undefined,
  authorUrl: undefined,
  authorPhotoUrl: undefined,
  excerpt: undefined,
  imageUrl: undefined,
  language: undefined,
};

describe("what a page says of its post", () => {
  test("is read from its h-entry: name, author, beginning, photo, language", () => {
    const html = `<html lang="de"><title>A blog</title><meta property="og:title" content="Other">
      <article class="h-entry"><h1 class="p-name">Ein  Titel</h1>
      <p class="p-author h-card"><img class="u-photo" src="/ada.jpg" alt=""><a class="u-url p-name" href="/about">Ada</a></p>
      <img class="u-photo" src="photo.jpg" alt="x"><div class="e-content"><p>Der Text &amp; mehr.</p></div></article>`;

    expect(readPageNow(html, URL_HERE)).toEqual({
      title: "Ein Titel",
      authorName: "Ada",
      authorUrl: "https://a.example/about",
      authorPhotoUrl: "https://a.example/ada.jpg",
      excerpt: "Der Text & mehr.",
      imageUrl: "https://a.example/posts/photo.jpg",
      language: "de",
    });
  });

  test("is no title where the name of an h-entry is the beginning of its text", () => {
    const html = `<title>Ada: Hello there …</title><div class="h-entry"><p class="p-name e-content">Hello there, all</p></div>`;

    expect(readPageNow(html, URL_HERE)).toMatchObject({ title: undefined, excerpt: "Hello there, all" });
  });

  test("is that of the entry with this address, where the page has several", () => {
    const entry = (path: string, name: string) =>
      `<div class="h-entry"><a class="u-url p-name" href="${path}">${name}</a></div>`;

    expect(readPageNow(entry("/posts/0", "Zero") + entry("/posts/1", "One"), URL_HERE).title).toBe("One");
    expect(readPageNow(`<title>All</title>${entry("/posts/2", "Two")}${entry("/3", "Three")}`, URL_HERE).title).toBe(
      "All",
    );
  });

  test("is Open Graph where there are no microformats, and else title and description", () => {
    const graph = `<html lang="en-us"><title>Window</title><meta property="og:title" content="A &amp; B">
      <meta property="og:description" content="About it"><meta property="og:image" content="/i.png"><meta name="author" content="Bo">`;
    const plain = `<title>Only
      this</title><meta name="Description" content="And that">`;

    expect(readPageNow(graph, URL_HERE)).toEqual({
      ...NOTHING,
      ...{
        title: "A & B",
        excerpt: "About it",
        imageUrl: "https://a.example/i.png",
        authorName: "Bo",
        language: "en-US",
      },
    });
    expect(readPageNow(plain, URL_HERE)).toEqual({ ...NOTHING, title: "Only this", excerpt: "And that" });
  });

  test.each([
    "",
    "plain",
    "<body></body>",
    "<p class=h-entry>",
    "<title></title>",
    "\u0000<",
    `<html lang="x y"><body>`,
  ])("is nothing in %j", (html) => {
    expect({ ...readPageNow(html, URL_HERE), excerpt: undefined }).toEqual(NOTHING);
  });

  test("is never an address that is not on the web, nor markup", () => {
    const html = `<div class="h-entry"><b class="p-name">&lt;script&gt;alert(1)&lt;/script&gt;</b>
      <a class="p-author h-card" href="javascript:alert(1)">Eve<img class="u-photo" src="data:image/png;base64,AA"></a>
      <p class="e-content">Hi <script>alert(2)</script><b onclick="x()">you</b></p></div>`;

    expect(readPageNow(html, URL_HERE)).toMatchObject({
      title: "<script>alert(1)</script>",
      authorName: "Eve",
      authorUrl: undefined,
      authorPhotoUrl: undefined,
    });
    expect(readPageNow(html, URL_HERE).excerpt).not.toContain("onclick");
  });

  test.each([
    ["title", MAX_PAGE_TITLE_LENGTH, (text: string) => `<title>${text}</title>`],
    ["authorName", MAX_PAGE_AUTHOR_LENGTH, (text: string) => `<meta name="author" content="${text}">`],
    ["excerpt", MAX_PAGE_EXCERPT_LENGTH, (text: string) => `<meta name="description" content="${text}">`],
  ] as const)("has a %s of at most %i characters; a longer one is cut", (name, limit, page) => {
    const [fitting, long] = ["x".repeat(limit), "x".repeat(limit + 1)];

    expect(readPageNow(page(fitting), URL_HERE)[name]).toBe(fitting);
    expect(readPageNow(page(long), URL_HERE)[name]).toBe(`${"x".repeat(limit - 1)}…`);
  });
});

describe("any page", () => {
  test("is read beside the site, with the same result", async () => {
    const html = `<title>Long</title>${"<p>words</p>".repeat(2_000)}`;

    expect((await readPage(html, URL_HERE))?.title).toBe("Long");
  });

  test("that was made to keep parsers busy is left after its time", async () => {
    expect(await readPage("<div>".repeat(180_000), URL_HERE, 100)).toBeUndefined();
    expect(await readApp("<div>".repeat(180_000), URL_HERE, 100)).toBeUndefined();
  });
});

describe("the encoding of a page", () => {
  const text = "<title>Grüße</title>";

  test.each([
    ["its Content-Type", Buffer.from(text, "latin1"), "text/html; charset=ISO-8859-1"],
    ["its declaration", Buffer.from(`<meta charset="latin1">${text}`, "latin1"), "text/html"],
    ["its byte order mark", Buffer.from(`\ufeff${text}`, "utf16le"), "text/html; charset=utf-8"],
    ["nothing, which is UTF-8", Buffer.from(text), undefined],
    ["a name that nobody knows, which is UTF-8", Buffer.from(text), "text/html; charset=x-none"],
  ])("is said by %s", (_, body, contentType) => {
    expect(decodePage(body, contentType)).toContain("Grüße");
  });

  test("only HTML is a page", () => {
    expect([undefined, "text/HTML; charset=utf-8", "application/xhtml+xml"].map(isPage)).toEqual([true, true, true]);
    expect(["image/png", "application/pdf", "text/plain"].map(isPage)).toEqual([false, false, false]);
  });
});
