import { describe, expect, test } from "vitest";
import { hashtagAt, MAX_HASHTAG_LENGTH } from "../../src/lib/hashtags.ts";
import { renderNow } from "../../src/lib/render.ts";

function render(content: string, format: string) {
  return renderNow({ content, format, anchor: "k3" });
}

describe.each(["markdown", "text"])("in %s", (format) => {
  test.each([
    ["alone", "#tag", ["tag"]],
    ["in a sentence", "A #tag, another (#b) and “#c”.", ["tag", "b", "c"]],
    ["of several words", "#web-dev #snake_case", ["web-dev", "snake_case"]],
    ["with digits", "#2026goals #web2 #a1-2", ["2026goals", "web2", "a1-2"]],
    [
      "of any script",
      "#日本語 #العربية #हिन्दी #größe #عربی‌فارسی",
      ["日本語", "العربية", "हिन्दी", "größe", "عربی‌فارسی"],
    ],
    ["after punctuation", "tags:#a;#b!", ["a", "b"]],
    ["twice", "#Tag #tag #TAG", ["Tag"]],
    ["before a hyphen that ends it", "#a- #b--c", ["a", "b"]],
  ])("a hashtag is found %s", (_name, content, labels) => {
    expect(render(content, format).hashtags).toEqual(labels);
  });

  test.each([
    ["a number", "#123 #1 #2026"],
    ["a number with words behind it", "#123-fix"],
    ["inside a word", "a#b C# foo#bar"],
    ["an address", "https://a.example/#b https://a.example/c#d a.example/#e ?x=#f"],
    ["a character reference", "&#x41; &#65;"],
    ["doubled", "##a #-a # a #"],
    ["after an at sign or a slash", "@#a /#b %#c"],
    ["an emoji", "#🎉"],
  ])("%s is no hashtag", (_name, content) => {
    expect(render(content, format).hashtags).toEqual([]);
  });

  test("it links to its tag under the name that the tag has in addresses", () => {
    expect(render("#Größe #Web_Dev", format).html.trim()).toBe(
      '<p><a class="hashtag" href="/tags/gr%C3%B6%C3%9Fe">#Größe</a> ' +
        '<a class="hashtag" href="/tags/web-dev">#Web_Dev</a></p>',
    );
  });
});

test.each([
  ["code", "`#a` ``#b``\n\n```\n#c\n```\n\n    #d"],
  ["a link", "[#a](/b) [x #c](/d) <https://e.example/#f> <a href=/g>#h</a>"],
  ["raw HTML that holds code", "<kbd>#a</kbd> <code>#b</code>\n\n<pre>#c</pre>"],
  ["a description of an image", "![#a](/b.png)"],
  ["an address by reference", "[x]\n\n[x]: /a#b"],
  ["what is escaped", "\\#a"],
])("in Markdown there are none in %s", (_name, content) => {
  expect(render(content, "markdown").hashtags).toEqual([]);
});

test.each([
  ["emphasis", "*#a* **b #c** ~~#d~~", ["a", "c", "d"]],
  ["lists, quotations and tables", "- #a\n\n> #b\n\n|#c|\n|-|\n|#d|", ["a", "b", "c", "d"]],
  ["a heading, where a space makes the difference", "# x #a\n\n#b", ["a", "b"]],
  ["footnotes and alerts", "x[^1]\n\n> [!NOTE]\n> #a\n\n[^1]: #b", ["a", "b"]],
  ["the line after an escaped one", "\\#a\n#b", ["b"]],
])("in Markdown there are some in %s", (_name, content, labels) => {
  expect(render(content, "markdown").hashtags).toEqual(labels);
});

test("HTML says what its tags are by links to them", () => {
  const content =
    '<p>#a <a class="hashtag" href="/tags/b">#b</a> <a class="hashtag" href="https://c.example">#c</a></p>';

  expect(render(content, "html").hashtags).toEqual(["b"]);
});

test("a hashtag at the limit of length is one, a longer run of letters is none", () => {
  const longest = "a".repeat(MAX_HASHTAG_LENGTH);

  expect(hashtagAt(`#${longest}`, "")).toBe(longest);
  expect(hashtagAt(`#${longest}a`, "")).toBeUndefined();
  expect(hashtagAt(`#${longest} b`, " ")).toBe(longest);
});
