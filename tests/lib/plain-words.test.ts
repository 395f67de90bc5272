import fc from "fast-check";
import { expect, test } from "vitest";
import { renderPlainWords } from "../../src/lib/plain-words.ts";
import { renderNow } from "../../src/lib/render.ts";
import { cleanText } from "../../src/lib/text.ts";

const full = (content: string) => renderNow({ content, format: "text", anchor: "nabc" });

test("words, lines and paragraphs are rendered as by the parser of HTML", () => {
  const content = '  One "two"  three’s \n\n \n four  \n\u3000five\n \nsix ';

  expect(renderPlainWords(content)).toEqual(full(content));
  expect(renderPlainWords(content)?.html).toBe(
    '<p>One "two"  three’s</p>\n<p>four  <br>\n\u3000five</p>\n<p>six</p>\n',
  );
});

test("hashtags are linked, each once, and what only looks like one is not", () => {
  const content = "#Tag and #tag, a#b, #1 (#web-dev)";

  expect(renderPlainWords(content)).toEqual(full(content));
  expect(renderPlainWords(content)?.hashtags).toEqual(["Tag", "web-dev"]);
});

test.each(["a <b>", "a > b", "R&D", "https://a.example/", "a\tb", "a\u00a0b"])(
  "%j may be more than words, and is left to the parser",
  (content) => {
    expect(renderPlainWords(content)).toBeUndefined();
  },
);

test("whatever is taken for words is rendered as by the parser", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      " ",
      "  ",
      "\n",
      "\n\n",
      " \n ",
      "\u2003",
      "\u3000",
      "\ufeff",
      "\u200b",
      "\u2028",
      "\v",
      "\r",
      "\f",
    ),
    fc.constantFrom(
      "word",
      "#tag",
      "#Tag",
      " #été-2",
      "#1",
      "##",
      "#日本",
      `#${"x".repeat(80)}`,
      `#${"y".repeat(81)}`,
      '"',
      "'",
      "`code`",
      "*",
      "_",
      "[a](b)",
      "\\",
      "://",
      "#",
      "=",
      ";",
      "amp;",
      "日本",
      "👩‍👩‍👧",
      "e\u0301",
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
  );

  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const content = cleanText(pieces.join(""));
      const words = renderPlainWords(content);
      if (words !== undefined) expect(words).toEqual(full(content));
    }),
    { numRuns: 2_000 },
  );
});
