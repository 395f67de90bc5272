import { brotliCompressSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import { MAX_FAMILY_LENGTH } from "../../src/site/look.ts";
import { MAX_FONT_BYTES, MAX_UNFOLDED_BYTES, readFont } from "../../src/theme/woff2.ts";
import { squareFont } from "../support/fonts.ts";

test.each([
  [{}, { family: "Squares", weights: [400, 400], isItalic: false }],
  [
    { family: "Größe  Ä", weight: 700, isItalic: true },
    { family: "Größe Ä", weights: [700, 700], isItalic: true },
  ],
  [{ range: [100, 900] as const }, { family: "Squares", weights: [100, 900], isItalic: false }],
  [{ family: "x".repeat(200) }, { family: "x".repeat(MAX_FAMILY_LENGTH), weights: [400, 400], isItalic: false }],
  [{ family: "  " }, { family: "Unnamed", weights: [400, 400], isItalic: false }],
])("a font with %j says %j of itself", (facts, found) => {
  expect(readFont(squareFont(facts))).toEqual(found);
});

test.each([
  ["an empty file", Buffer.alloc(0), "no WOFF2 font"],
  ["a picture", Buffer.from("\x89PNG\r\n"), "no WOFF2 font"],
  ["an older kind of font", Buffer.from("wOFF0000"), "no WOFF2 font"],
  ["a head alone", squareFont().subarray(0, 48), "damaged"],
  ["half a font", squareFont().subarray(0, 200), "damaged"],
  ["a font with something behind it", Buffer.concat([squareFont(), Buffer.from("<script>")]), "damaged"],
  ["a collection", patched(squareFont(), 4, "ttcf"), "damaged"],
])("%s is refused", (_what, bytes, reason) => {
  expect(() => readFont(bytes)).toThrow(reason);
});

test("a font is taken up to the limit, and one byte past it is refused with the limit", () => {
  const large = Buffer.alloc(MAX_FONT_BYTES + 1);

  expect(() => readFont(large)).toThrow("larger than 2 MB");
  expect(() => readFont(large.subarray(1))).toThrow("no WOFF2 font");
});

test("a font that unfolds to more than there may be is refused before it does", () => {
  const font = squareFont();
  const bomb = brotliCompressSync(Buffer.alloc(MAX_UNFOLDED_BYTES + 1));
  const start = font.length - font.readUInt32BE(20) - 4;
  const bytes = Buffer.concat([font.subarray(0, start), bomb]);
  bytes.writeUInt32BE(bytes.length, 8);
  bytes.writeUInt32BE(bomb.length, 20);

  expect(() => readFont(bytes)).toThrow("damaged");
});

test("whatever bytes are changed, a font is read or refused with a sentence, and never anything else", () => {
  const font = squareFont({ range: [100, 900] });
  const change = fc.array(fc.tuple(fc.nat(font.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(change, (changes) => {
      const bytes = Buffer.from(font);
      for (const [at, value] of changes) bytes[at] = value;
      try {
        const { weights } = readFont(bytes);
        expect(weights.every((weight) => weight >= 1 && weight <= 1000)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }),
    { numRuns: 300 },
  );
  expect.hasAssertions();
});

function patched(bytes: Buffer, at: number, text: string): Buffer {
  bytes.write(text, at, "latin1");
  return bytes;
}
