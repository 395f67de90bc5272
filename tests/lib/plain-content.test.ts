import { expect, test } from "vitest";
import { renderNow } from "../../src/lib/render.ts";

function html(content: string): string {
  return renderNow({ content, format: "text", anchor: "k3" }).html.trim();
}

test.each([
  ["marks of Markdown mean nothing", "*a* [b](c) # d", "<p>*a* [b](c) # d</p>"],
  ["tags are shown", "<b>a</b> & <script>", "<p>&lt;b&gt;a&lt;/b&gt; &amp; &lt;script&gt;</p>"],
  ["line breaks stay", "a\nb", "<p>a<br>\nb</p>"],
  ["empty lines part paragraphs", "a\n\n \n\nb\n", "<p>a</p>\n<p>b</p>"],
  [
    "an address is linked",
    "see https://a.example/b?c=d&e#f now",
    '<p>see <a href="https://a.example/b?c=d&amp;e#f">https://a.example/b?c=d&amp;e#f</a> now</p>',
  ],
  [
    "the sentence's end is not part of it",
    "(https://a.example/b), https://c.example.",
    '<p>(<a href="https://a.example/b">https://a.example/b</a>), <a href="https://c.example">https://c.example</a>.</p>',
  ],
  [
    "its own brackets are",
    "https://a.example/b_(c)",
    '<p><a href="https://a.example/b_(c)">https://a.example/b_(c)</a></p>',
  ],
  [
    "other schemes are not linked",
    "javascript:alert(1) ftp://a.example http://",
    "<p>javascript:alert(1) ftp://a.example http://</p>",
  ],
  ["nothing stays nothing", " \n ", ""],
])("%s", (_name, content, expected) => {
  expect(html(content)).toBe(expected);
});
