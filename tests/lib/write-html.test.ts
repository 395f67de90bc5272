import { expect, test } from "vitest";
import { parseHtml } from "../../src/lib/html-tree.ts";
import { serializeHtml } from "../../src/lib/write-html.ts";

test.each([
  ["text is escaped, quotes in it are not", "<p>&amp; &lt;b&gt; \"c\" 'd'</p>", "<p>&amp; &lt;b&gt; \"c\" 'd'</p>"],
  [
    "no tag can be found in an attribute",
    `<p title='<b> "&amp;"'>a</p>`,
    '<p title="&lt;b&gt; &quot;&amp;&quot;">a</p>',
  ],
  ["a space that does not break is named", "<p title='a\u00a0b'>c\u00a0d</p>", '<p title="a&nbsp;b">c&nbsp;d</p>'],
  ["elements without an end have none", "a<br/>b<img src=x><hr>", 'a<br>b<img src="x"><hr>'],
  ["comments are left out", "a<!-- b -->c", "ac"],
  [
    "line breaks at the beginning of preformatted text stay",
    "<pre>\n\na</pre><pre>b</pre>",
    "<pre>\n\na</pre><pre>b</pre>",
  ],
])("%s", (_name, html, written) => {
  expect(serializeHtml(parseHtml(html))).toBe(written);
  expect(serializeHtml(parseHtml(written))).toBe(written);
});
