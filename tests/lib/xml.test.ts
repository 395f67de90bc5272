import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeXml, escapeXmlAttribute, toXmlCharacters } from "../../src/lib/xml.ts";
import { hostileText } from "../support/hostile-text.ts";
import { parseXml } from "../support/strict-xml.ts";

test.each([
  ["\u0000\u0008\u000b\u000c\u000e\u001f", ""],
  ["a\ufffeb\uffffc", "abc"],
  ["\ud800 \udc00 \udc00\ud800", "   ".slice(0, 2)],
  ["\t\n\r \u007f\u0085\u2028\ufdd0", "\t\n\r \u007f\u0085\u2028\ufdd0"],
  ["😀\u{10ffff}", "😀\u{10ffff}"],
  ["\u202eא\u200f\u2067ب\u2069", "\u202eא\u200f\u2067ب\u2069"],
  ["e\u0301", "e\u0301"],
])("of %j XML can hold %j", (text, held) => {
  expect(toXmlCharacters(text)).toBe(held);
});

test("text and attributes are escaped once", () => {
  const text = `<a href="x">'&amp;' ]]></a>`;

  expect(escapeXml(text)).toBe(`&lt;a href="x"&gt;'&amp;amp;' ]]&gt;&lt;/a&gt;`);
  expect(escapeXmlAttribute(text)).toBe("&lt;a href=&quot;x&quot;&gt;&apos;&amp;amp;&apos; ]]&gt;&lt;/a&gt;");
});

test("a strict parser reads every text back, from an element and from an attribute", () => {
  fc.assert(
    fc.property(hostileText(), (text) => {
      const root = parseXml(
        `<a b="${escapeXmlAttribute(text)}" c='${escapeXmlAttribute(text)}'>${escapeXml(text)}</a>`,
      );

      expect(root.text).toBe(toXmlCharacters(text));
      expect(root.attributes).toEqual({ b: toXmlCharacters(text), c: toXmlCharacters(text) });
    }),
    { numRuns: 500 },
  );
});
