import fc from "fast-check";

/** Pieces of text that broke feeds, pages and parsers before. */
export const HOSTILE_PIECES = [
  "]]>",
  "<![CDATA[",
  "<!--",
  "-->",
  "&",
  "&amp;",
  "&#0;",
  "&#xFFFF;",
  "&bogus;",
  "<",
  ">",
  '"',
  "'",
  "</item>",
  "<?xml?>",
  "<script>alert(1)</script>",
  "\u0000",
  "\u0001",
  "\u000b",
  "\u001b[31m",
  "\u007f",
  "\u0085",
  "\u2028",
  "\ufeff",
  "\ufffe",
  "\uffff",
  "\ud800",
  "\udc00",
  "\udc00\ud800",
  "😀",
  "👩‍👩‍👧",
  "\u{1fffe}",
  "\u{10ffff}",
  "\u202e",
  "\u2067مرحبا\u2069",
  "שלום",
  "e\u0301",
  "\r",
  "\r\n",
  "\n",
  "\t",
  " ",
  "日本語",
  "ab c",
];

/** Text out of hostile pieces and of any UTF-16 at all, lone surrogates included. */
export function hostileText(): fc.Arbitrary<string> {
  const anyUnits = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 });
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_PIECES) },
    { weight: 1, arbitrary: anyUnits.map((units) => String.fromCharCode(...units)) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
  );
  return fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
}
