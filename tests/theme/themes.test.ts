import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { contrast, parseColour } from "../../src/lib/colour.ts";
import { THEMES } from "../../src/site/look.ts";
import { backgroundsOf, fitAccent, MIN_CONTRAST } from "../../src/theme/accent.ts";
import { FONT_FAMILIES, inScheme, THEME_TABLE, TONES } from "../../src/theme/themes.ts";

const SCHEMES = ["light", "dark"] as const;
const each = THEMES.flatMap((theme) => SCHEMES.map((scheme) => ({ theme, scheme })));
const css = readFileSync("static/site.css", "utf8");

test.each(each)("text, quiet text, links and hints of $theme can be read on $scheme pages", ({ theme, scheme }) => {
  const { palette } = THEME_TABLE[theme];
  const [paper, wash] = backgroundsOf(theme, scheme);
  const { mark, ...tones } = TONES;

  const weak = [
    ...(["ink", "accent"] as const).flatMap((name) =>
      backgroundsOf(theme, scheme).map((background) => [name, contrast(inScheme(palette[name], scheme), background)]),
    ),
    ...[paper!, wash!].map((background) => ["soft", contrast(inScheme(palette.soft, scheme), background)]),
    ...Object.entries(tones).flatMap(([name, tone]) =>
      [paper!, wash!].map((background) => [name, contrast(inScheme(tone, scheme), background)]),
    ),
    ["mark", contrast(inScheme(palette.ink, scheme), inScheme(mark!, scheme))],
  ].filter(([, ratio]) => Number(ratio) < MIN_CONTRAST);

  expect(weak).toEqual([]);
});

test("whatever accent is chosen, links and buttons can be read in every theme, in light and in dark", () => {
  const colour = fc.integer({ min: 0, max: 0xff_ff_ff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);
  fc.assert(
    fc.property(colour, fc.constantFrom(...each), (chosen, { theme, scheme }) => {
      const { shown, isChanged, chosenContrast } = fitAccent(chosen, theme)[scheme];
      const least = Math.min(...backgroundsOf(theme, scheme).map((page) => contrast(parseColour(shown)!, page)));

      expect(least).toBeGreaterThanOrEqual(MIN_CONTRAST);
      expect(isChanged).toBe(chosenContrast < MIN_CONTRAST);
      expect(shown === chosen).toBe(!isChanged);
    }),
    { numRuns: 300 },
  );
});

test("an accent at the limit stays, and the next lighter one is made darker", () => {
  const greys = Array.from({ length: 256 }, (_, value) => `#${value.toString(16).padStart(2, "0").repeat(3)}`);

  const changed = greys.map((grey) => fitAccent(grey, "quiet").light.isChanged);
  const limit = changed.lastIndexOf(false);

  expect(fitAccent(greys[limit]!, "quiet").light.chosenContrast).toBeGreaterThanOrEqual(MIN_CONTRAST);
  expect(fitAccent(greys[limit + 1]!, "quiet").light.chosenContrast).toBeLessThan(MIN_CONTRAST);
  expect(changed.slice(0, limit + 1)).not.toContain(true);
  expect(fitAccent("#ffffff", "quiet").light.shown).toBe(fitAccent(greys[limit + 1]!, "quiet").light.shown);
});

test("static/site.css has the colours and letters of the first theme, and the tones of all", () => {
  const flat = css.replaceAll(", ", ",");
  const { palette, font } = THEME_TABLE.quiet;

  for (const [name, [light, dark]] of [...Object.entries(palette), ...Object.entries(TONES)]) {
    expect(flat).toContain(`--${name}: light-dark(${light},${dark});`);
  }
  expect(flat).toContain(`--serif: ${FONT_FAMILIES[font]};`);
  expect(flat).toContain("var(--tone) 7%,");
});
