import fc from "fast-check";
import type { DefaultTreeAdapterMap } from "parse5";
import { parseFragment, serialize } from "parse5";
import { describe, expect, test } from "vitest";
import { toAbsoluteHtml, withPlainImages } from "../../src/feeds/absolute-html.ts";
import { isUrl } from "../../src/lib/is-url.ts";
import { toXmlCharacters } from "../../src/lib/xml.ts";
import { hostileText } from "../support/hostile-text.ts";

const BASE = { siteUrl: "https://blog.example", permalink: "https://blog.example/notes/hello" };

describe("the URL of an attribute", () => {
  test.each([
    ["/media/a.png", "https://blog.example/media/a.png"],
    ["/tags/caf%C3%A9?a=1&amp;b=2#c", "https://blog.example/tags/caf%C3%A9?a=1&amp;b=2#c"],
    ["/", "https://blog.example/"],
    ["/a/../b", "https://blog.example/a/../b"],
    ["#fn-1", "https://blog.example/notes/hello#fn-1"],
    ["#", "https://blog.example/notes/hello#"],
    ["", "https://blog.example/notes/hello"],
    ["?page=2", "https://blog.example/notes/hello?page=2"],
    ["other", "https://blog.example/notes/other"],
    ["../about", "https://blog.example/notes/../about"],
    [" /padded ", "https://blog.example/padded"],
    ["//cdn.example/a.js", "//cdn.example/a.js"],
    ["https://other.example/x", "https://other.example/x"],
    ["HTTP://other.example/", "HTTP://other.example/"],
    ["mailto:me@example.com", "mailto:me@example.com"],
    ["data:image/png;base64,AA==", "data:image/png;base64,AA=="],
    ["tel:+1", "tel:+1"],
    ["/\t/other.example", "//other.example"],
    ["/\\other.example", "/\\other.example"],
    ["\\local", "https://blog.example\\local"],
  ])("%j becomes %j", (written, absolute) => {
    expect(toAbsoluteHtml(`<a href="${written}">x</a>`, BASE)).toBe(`<a href="${absolute}">x</a>`);
  });

  test.each([
    ["href", '<a href="/x">', '<a href="https://blog.example/x">'],
    ["src", '<img src="/x" alt="" />', '<img src="https://blog.example/x" alt="" />'],
    ["poster", '<video poster="/x">', '<video poster="https://blog.example/x">'],
    ["cite", '<blockquote cite="/x">', '<blockquote cite="https://blog.example/x">'],
    ["in capitals", '<A HREF="/x">', '<A HREF="https://blog.example/x">'],
    ["in single quotes", "<a href='/x'>", "<a href='https://blog.example/x'>"],
    ["without quotes", "<a href=/x>", "<a href=https://blog.example/x>"],
    ["with room around the =", '<a href = "/x">', '<a href = "https://blog.example/x">'],
    ["on a line of its own", '<a\nhref="/x"\n>', '<a\nhref="https://blog.example/x"\n>'],
    ["beside a value with >", '<a title="a > b" href="/x">', '<a title="a > b" href="https://blog.example/x">'],
  ])("is found: %s", (_, html, expected) => {
    expect(toAbsoluteHtml(html, BASE)).toBe(expected);
  });

  test.each([
    ["text", '<p>href="/x" and src=/y</p>'],
    ["another value", `<img alt=" href='/x' " title=' src="/y"' />`],
    ["another attribute", '<td data-href="/x" headers="/y" id="/z">'],
    ["escaped markup", '<code>&lt;a href="/x"&gt;</code>'],
    ["an attribute without value", "<details open>"],
  ])("is not seen in %s", (_, html) => {
    expect(toAbsoluteHtml(html, BASE)).toBe(html);
  });
});

test.each([
  ["/a.png 1x, /b.png 2x", "https://blog.example/a.png 1x, https://blog.example/b.png 2x"],
  ["/a.png,/b.png 2x", "https://blog.example/a.png,/b.png 2x"],
  ["/a.png, b.png 300w", "https://blog.example/a.png, https://blog.example/notes/b.png 300w"],
  ["data:image/png;base64,AA== 1x,/b 2x", "data:image/png;base64,AA== 1x,https://blog.example/b 2x"],
  ["https://x.example/a 1x", "https://x.example/a 1x"],
  ["", ""],
])("the srcset %j becomes %j", (written, absolute) => {
  expect(toAbsoluteHtml(`<img srcset="${written}">`, BASE)).toBe(`<img srcset="${absolute}">`);
});

type Node = DefaultTreeAdapterMap["node"];
type Element = DefaultTreeAdapterMap["element"];

// Stored HTML holds clean text only.
const text = hostileText().map(toXmlCharacters);
const url = fc.oneof(
  fc.constantFrom("/a", "//h/a", "#f", "", "a/b", "https://h.example/", "mailto:a@b.c", "?q"),
  text.map((path) => `/${path}`),
  text,
);
const element = fc.record({
  name: fc.constantFrom("a", "img", "video", "p", "code", "blockquote"),
  attributes: fc.dictionary(fc.constantFrom("href", "src", "poster", "cite", "title", "alt", "class", "id"), url),
  text,
});

test("whatever the HTML says, only URLs change, and each to what a browser makes of it", () => {
  fc.assert(
    fc.property(fc.array(element, { maxLength: 5 }), (written) => {
      const html = serialize(toFragment(written));

      const before = listElements(parseFragment(html));
      const after = listElements(parseFragment(toAbsoluteHtml(html, BASE)));

      expect(after.map(shape)).toEqual(before.map(shape));
      expect(after.map(urls)).toEqual(before.map(urls));
      expect(
        after.flatMap((node) => urlTexts(node)).filter((value) => !/^(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(value)),
      ).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

const URL_NAMES = ["href", "src", "poster", "cite"];

function toFragment(written: { name: string; attributes: Record<string, string>; text: string }[]) {
  const fragment = parseFragment(written.map(({ name }) => `<${name}></${name}>`).join(""));
  fragment.childNodes.forEach((node, index) => {
    const from = written[index];
    if (!from || !("attrs" in node)) return;
    node.attrs = Object.entries(from.attributes).map(([name, value]) => ({ name, value }));
    if (from.name !== "img") node.childNodes = parseFragment("x").childNodes;
    for (const child of node.childNodes) if ("value" in child) child.value = from.text;
  });
  return fragment;
}

function listElements(node: Node): Element[] {
  const below = "childNodes" in node ? node.childNodes.flatMap(listElements) : [];
  return "attrs" in node ? [node, ...below] : below;
}

function shape(node: Element) {
  const text = node.childNodes.map((child) => ("value" in child ? child.value : ""));
  return { name: node.nodeName, text, attributes: node.attrs.filter(({ name }) => !URL_NAMES.includes(name)) };
}

function urlTexts(node: Element): string[] {
  return node.attrs.filter(({ name }) => URL_NAMES.includes(name)).map(({ value }) => value);
}

function urls(node: Element): string[] {
  return urlTexts(node).map((value) => (isUrl(value, BASE.permalink) ? new URL(value, BASE.permalink).href : "none"));
}

describe("an image in several sizes", () => {
  test("has only its src in a feed", () => {
    const html =
      '<p>x <picture><source type="image/avif" srcset="/media/x-480.avif 480w" sizes="100vw">' +
      '<img class="u-photo" src="/media/x.jpg" alt="a &gt; b" width="9" height="9" srcset="/media/x-480.jpg 480w" sizes="100vw"></picture></p>';

    expect(withPlainImages(html)).toBe(
      '<p>x <img class="u-photo" src="/media/x.jpg" alt="a &gt; b" width="9" height="9"></p>',
    );
  });

  test("takes nothing else along: text about images, videos and their sources stay", () => {
    const html =
      '<p>&lt;picture&gt; srcset="a" sizes="b" <img src="/media/x.jpg" srcset="/media/x-480.jpg 480w" sizes="100vw"></p>' +
      '<video><source src="/media/a.mp4" type="video/mp4"></video>';

    expect(withPlainImages(html)).toBe(
      '<p>&lt;picture&gt; srcset="a" sizes="b" <img src="/media/x.jpg"></p>' +
        '<video><source src="/media/a.mp4" type="video/mp4"></video>',
    );
  });
});
