import fc from "fast-check";
import { expect, test } from "vitest";
import type { Colour } from "../../src/lib/colour.ts";
import {
  contrast,
  formatColour,
  fromOklch,
  makeReadable,
  mixColours,
  parseColour,
  toOklch,
} from "../../src/lib/colour.ts";

const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];
const part = fc.integer({ min: 0, max: 255 });
const anyColour: fc.Arbitrary<Colour> = fc.tuple(part, part, part);

test.each([
  ["#0b63c5", [11, 99, 197]],
  ["0B63C5", [11, 99, 197]],
  [" #abc ", [170, 187, 204]],
])("%s is a colour", (text, colour) => {
  expect(parseColour(text)).toEqual(colour);
});

test.each(["", "#", "red", "#12345", "#1234567", "rgb(1,2,3)", "#12345g", "#fff;}body{}", "url(x)"])(
  "%j is no colour",
  (text) => {
    expect(parseColour(text)).toBeUndefined();
  },
);

test("contrast is that of WCAG: 21 for black and white, 4.54 for #767676 and white, the same both ways", () => {
  const grey = parseColour("#767676") ?? BLACK;

  expect(contrast(BLACK, WHITE)).toBeCloseTo(21, 5);
  expect(contrast(grey, WHITE)).toBeCloseTo(4.54, 2);
  expect(contrast(WHITE, grey)).toBe(contrast(grey, WHITE));
  expect(contrast(grey, grey)).toBe(1);
});

test("OKLCH is that of CSS Color 4: red has lightness 0.628, chroma 0.258, hue 29 degrees", () => {
  const { lightness, chroma, hue } = toOklch([255, 0, 0]);

  expect([lightness, chroma, (hue * 180) / Math.PI].map((value) => Number(value.toFixed(3)))).toEqual([
    0.628, 0.258, 29.234,
  ]);
});

test("every colour comes back from OKLCH as it was", () => {
  fc.assert(
    fc.property(anyColour, (colour) => {
      expect(fromOklch(toOklch(colour))).toEqual(colour);
    }),
  );
});

test("a colour that no screen has becomes less vivid, not another hue", () => {
  const shown = fromOklch({ lightness: 0.6, chroma: 0.4, hue: 2.5 });

  expect(toOklch(shown).hue).toBeCloseTo(2.5, 1);
  expect(toOklch(shown).lightness).toBeCloseTo(0.6, 1);
});

test("whatever colour is made readable on whatever page, it can be read, and one that can be read stays", () => {
  fc.assert(
    fc.property(anyColour, fc.constantFrom("darker" as const, "lighter" as const), (colour, direction) => {
      const page: Colour = direction === "darker" ? [238, 235, 230] : [33, 30, 40];
      const least = 4.5;

      const shown = makeReadable(colour, [page], { least, direction });

      expect(contrast(shown, page)).toBeGreaterThanOrEqual(least);
      if (contrast(colour, page) >= least) expect(shown).toEqual(colour);
    }),
  );
});

test("colours mix as color-mix does, and are written in six digits", () => {
  expect(formatColour(mixColours([0, 0, 0], WHITE, 0.07))).toBe("#ededed");
});
