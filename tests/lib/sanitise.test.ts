import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import { renderNow } from "../../src/lib/render.ts";
import { MAX_HTML_CHARACTERS, sanitise, shapeOwn } from "../../src/lib/sanitise.ts";
import { MAX_NESTING } from "../../src/lib/shape-html.ts";
import { serializeHtml } from "../../src/lib/write-html.ts";
import { expectHarmless } from "../support/harmless.ts";
import { HOSTILE_MARKUP } from "../support/hostile-markup.ts";

/** What the renderer itself writes, and the beginnings of Markdown: mixed up, they must not fool it either. */
const OWN_PIECES = [
  ...["table-scroll", "alert alert-note", "footnotes", "k3x9"].map(
    (name) => `<div class="${name}" id="k3x9-a" tabindex=0>`,
  ),
  ...[
    "</div>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<caption>",
    "<p>",
    "</p>",
    "<ul>",
    "<li class=task-list-item>",
    "<dl><dt>",
  ],
  ...[
    '<section class="footnotes">',
    '<h2 class="sr-only">',
    "<h2 id=k3x9-h-a>",
    "</h2>",
    "<summary>",
    "<details>",
    "<ruby><rt>",
  ],
  ...[
    '<a class="hashtag" href="/tags/x">',
    '<a class="footnote-backref" aria-label=x href="#k3x9-fn-1">',
    "<a href=#a>",
    "</a>",
  ],
  ...[
    '<pre><code class="language-js">',
    "<pre>\n",
    "</code></pre>",
    '<span class="hljs-a">',
    "<input type=checkbox>",
    "<video src=/a>",
  ],
  ...[
    "<source src=/a>",
    "<audio>",
    "</video>",
    "<img alt=x>",
    "<img src=a>",
    "<b>",
    "</b>",
    "<em title=a>",
    "<s>",
    "</s>",
    "<br>",
    "<hr>",
  ],
  ...[
    "\n\n",
    "\n",
    "# a",
    "- ",
    "1. ",
    "> ",
    "> [!NOTE]\n",
    "|a|\n|-|\n",
    "[^1]",
    "[^1]: ",
    "```js\n",
    "`",
    "**",
    "#tag ",
    "    ",
    "a",
    "א",
  ],
];

const FORMATS = ["markdown", "html", "text"];

test("there are at least a hundred hostile inputs", () => {
  expect(new Set(HOSTILE_MARKUP).size).toBeGreaterThan(100);
});

describe.each(FORMATS)("as %s", (format) => {
  test.each(HOSTILE_MARKUP.map((markup) => [markup.slice(0, 90), markup]))("nothing of %s can run", (_name, markup) => {
    const { html } = renderNow({ content: markup, format, anchor: "k3x9" });

    expectHarmless(html, "k3x9");
    expect(again(html)).toBe(html);
  });
});

test.each([
  ["a link", (markup: string) => `[text ${markup} text](https://a.example)`],
  ["a heading", (markup: string) => `# ${markup}`],
  ["a list", (markup: string) => `- ${markup}\n- after`],
  ["a quotation", (markup: string) => `> ${markup}\n\nafter`],
  ["a table", (markup: string) => `| ${markup} |\n|---|\n| ${markup} |`],
  ["a footnote", (markup: string) => `text[^1]\n\n[^1]: ${markup}`],
  ["an image's description", (markup: string) => `![${markup}](/media/a.png)`],
  ["two hostile inputs", (markup: string) => `${markup}\n${HOSTILE_MARKUP[markup.length % HOSTILE_MARKUP.length]}`],
])("nothing in %s can run", (_place, place) => {
  for (const markup of HOSTILE_MARKUP) {
    const { html } = renderNow({ content: place(markup), format: "markdown", anchor: "k3x9" });

    expectHarmless(html, "k3x9");
    expect(again(html)).toBe(html);
  }
});

test("no mixture of hostile pieces leaves anything that can run, and sanitising again changes nothing", () => {
  const pieces = HOSTILE_MARKUP.filter((markup) => markup.length < 200).flatMap((markup) => [
    markup,
    ...markup.split(/(?=[<>"])/),
  ]);
  const mixture = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 6 })), {
    maxLength: 8,
  });

  const ownMixture = fc.array(fc.constantFrom(...OWN_PIECES), { maxLength: 14 });

  fc.assert(
    fc.property(fc.oneof(mixture, ownMixture), fc.constantFrom(...FORMATS), (parts, format) => {
      const { html } = renderNow({ content: parts.join(""), format, anchor: "k3x9" });
      expectHarmless(html, "k3x9");
      expect(again(html)).toBe(html);
    }),
    { numRuns: 300 },
  );
});

test("what the renderer wrote itself passes the sanitiser unchanged", () => {
  const content =
    "# T\n\ntext[^1] #tag <kbd>x</kbd>\n\n- [x] a\n\n|a|\n|-|\n\n> [!TIP]\n> b\n\n```js\nlet a;\n```\n\n[^1]: n";

  const { html, text } = renderNow({ content, format: "markdown", anchor: "k3x9" });

  expect(renderNow({ content: html, format: "html", anchor: "k3x9" })).toMatchObject({ html, text, hashtags: ["tag"] });
});

test.each([
  [
    "elements that are only a page's frame become plain blocks",
    "<article><header>a</header><main>b</main></article>",
    "<div><div>a</div><div>b</div></div>",
  ],
  [
    "old presentation goes, the words stay",
    "<font color=red><center>a</center></font> <big>b</big>",
    "<div>a</div><p>b</p>",
  ],
  ["unknown elements go, the words stay", "<p><o:p>a</o:p><blink>b</blink><foo-bar>c</foo-bar></p>", "<p>abc</p>"],
  ["elements of another kind of content go with it", "<p>a<svg><text>x</text></svg><math>y</math>b</p>", "<p>ab</p>"],
  ["comments go", "<p>a<!-- b -->c</p>", "<p>ac</p>"],
  ["the page's own h1 is not taken", "<h1>a</h1>", "<h2>a</h2>"],
  [
    "what a page may need stays",
    "<figure><img src=/a.png alt=b><figcaption>c</figcaption></figure>",
    '<figure><img src="/a.png" alt="b" loading="lazy" decoding="async"><figcaption>c</figcaption></figure>',
  ],
  ["empty links and paragraphs go", "<p></p><p>a<a href=/></a></p>", "<p>a</p>"],
  ["a link without an address leaves its words", "<p><a name=x>a</a></p>", "<p>a</p>"],
  [
    "a link around an image without description is named by its address",
    "<a href=/b><img src=/a.png></a>",
    '<p><a href="/b" aria-label="/b"><img src="/a.png" alt="" loading="lazy" decoding="async"></a></p>',
  ],
  ["an image without an address leaves its description", "<p><img alt='a cat' src=data:x></p>", "<p>a cat</p>"],
  [
    "players have controls and wait",
    "<video src=/v.mp4 autoplay><p>old</p></video>",
    '<p><video src="/v.mp4" controls="" preload="none"></video></p>',
  ],
  [
    "what would play from another server is a link",
    "<p><video src=https://a.example/v.mp4 poster=/p.png></video> <audio title='A song'><source src=https://a.example/s.ogg></audio></p>",
    '<p><a href="https://a.example/v.mp4">https://a.example/v.mp4</a> <a href="https://a.example/s.ogg">A song</a></p>',
  ],
  [
    "in a link it is the link's words",
    "<p><a href=/x><video src=https://a.example/v.mp4 title=Film></video></a></p>",
    '<p><a href="/x">Film</a></p>',
  ],
  [
    "a player takes only what lies here",
    "<p><video src=https://a.example/v.mp4><source src=https://a.example/v.webm><source src=/v.webm><track src=https://a.example/t.vtt></video></p>",
    '<p><video controls="" preload="none"><source src="/v.webm"></video></p>',
  ],
  ["a player without a source goes", "<p>a<audio src=javascript:x></audio></p>", "<p>a</p>"],
  ["loose text becomes paragraphs", "a <b>b</b><ul><li>c</li></ul>d", "<p>a <b>b</b></p><ul><li>c</li></ul><p>d</p>"],
  ["direction and language stay", "<p dir=rtl lang=he>שלום</p>", '<p dir="rtl" lang="he">שלום</p>'],
  [
    "spans over more cells than make sense go",
    "<table><tr><td colspan=3 rowspan=1000>a",
    '<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table><tbody><tr><td colspan="3">a</td></tr></tbody></table></div>',
  ],
  [
    "check boxes are disabled and named",
    "<p><input type=checkbox checked name=x></p>",
    '<p><input type="checkbox" checked="" disabled="" aria-label="Done"></p>',
  ],
])("%s", (_name, dirty, clean) => {
  expect(serializeHtml(sanitise(dirty, "k3x9"))).toBe(clean);
});

test("a first line break in preformatted text survives every pass", () => {
  const once = serializeHtml(sanitise("<pre>\n\na</pre>", "k3x9"));

  expect(once).toBe('<pre tabindex="0">\n\na</pre>');
  expect(again(once)).toBe(once);
});

test("elements nested to the limit stay, deeper ones lose their tags and keep their text", () => {
  const nested = (depth: number) =>
    serializeHtml(sanitise(`${"<div>".repeat(depth)}x${"</div>".repeat(depth)}`, "k3x9"));

  expect(nested(MAX_NESTING)).toBe(`${"<div>".repeat(MAX_NESTING)}x${"</div>".repeat(MAX_NESTING)}`);
  expect(nested(MAX_NESTING + 1)).toBe(nested(MAX_NESTING));
  expect(nested(3000)).toBe(nested(MAX_NESTING));
});

test("HTML at the limit of length passes, longer HTML is refused with the remedy", () => {
  const paragraph = (length: number) => `<p>${"x".repeat(length - 7)}</p>`;

  expect(serializeHtml(shapeOwn(paragraph(MAX_HTML_CHARACTERS), "k3x9"))).toHaveLength(MAX_HTML_CHARACTERS);
  expect(serializeHtml(sanitise(paragraph(MAX_HTML_CHARACTERS), "k3x9"))).toHaveLength(MAX_HTML_CHARACTERS);
  for (const clean of [shapeOwn, sanitise]) {
    expect(() => clean(paragraph(MAX_HTML_CHARACTERS + 1), "k3x9")).toThrow(AppError);
    expect(() => clean(paragraph(MAX_HTML_CHARACTERS + 1), "k3x9")).toThrow(/2 MB of HTML. Split it/);
  }
});

test("ids are kept only with the note's own anchor, and only once", () => {
  const html = serializeHtml(sanitise("<p id=x>a</p><p id=k3x9-a>b</p><p id=k3x9-a>c</p><p id=other-a>d</p>", "k3x9"));

  expect(html).toBe('<p>a</p><p id="k3x9-a">b</p><p>c</p><p>d</p>');
});

function again(html: string): string {
  return renderNow({ content: html, format: "html", anchor: "k3x9" }).html;
}
