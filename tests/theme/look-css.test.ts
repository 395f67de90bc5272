import { expect, test } from "vitest";
import type { OwnFont } from "../../src/site/look.ts";
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts";
import { lookCss } from "../../src/theme/look-css.ts";

const FILE = "abcdefghijklmnopqrstu1.woff2";
const font = (changes: Partial<OwnFont> = {}): OwnFont => ({
  file: FILE,
  family: "Inter",
  weights: [100, 900],
  isItalic: false,
  ...changes,
});

test("a site that is as every one begins adds nothing to the style sheet", () => {
  expect(lookCss(DEFAULT_SETTINGS)).toBe("");
});

test("a colour gets into the style sheet as it is shown in light and in dark", () => {
  expect(lookCss({ ...DEFAULT_SETTINGS, accentColour: "#808080" })).toMatch(
    /^:root\{--accent:light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\)\}$/u,
  );
});

test("a font of the author's own is loaded from here, in a font of the system until it is there", () => {
  const fonts = [font(), font({ file: FILE.replace("1", "2"), weights: [400, 400], isItalic: true })];

  const css = lookCss({ ...DEFAULT_SETTINGS, fonts, textFont: "own:Inter", headingFont: "slab" });

  expect(css).toBe(
    `@font-face{font-family:own-1;src:url(/media/${FILE}) format("woff2");font-weight:100 900;font-display:swap}` +
      `@font-face{font-family:own-1;src:url(/media/abcdefghijklmnopqrstu2.woff2) format("woff2");font-weight:400;font-style:italic;font-display:swap}` +
      `:root{--text:own-1,Charter,"Bitstream Charter","Source Serif 4","Sitka Text",Cambria,"Noto Serif",serif;--head:Rockwell,"Rockwell Nova","Roboto Slab","DejaVu Serif","Sitka Small",serif}`,
  );
});

test("nothing that a font file says of itself gets into the style sheet, and a family that is gone is not asked for", () => {
  const evil = `x}*{background:url(https://evil.example/)}`;

  const css = lookCss({
    ...DEFAULT_SETTINGS,
    fonts: [font({ family: evil })],
    textFont: `own:${evil}`,
    headingFont: "own:gone",
  });

  expect(css).not.toContain("evil");
  expect(css).toContain("--text:own-1,");
  expect(css).not.toContain("--head");
});

test("the middle of a header image is said where it is not the middle", () => {
  const look = { ...DEFAULT_SETTINGS, headerImage: FILE };

  expect(lookCss(look)).toBe("");
  expect(lookCss({ ...look, headerFocus: [0, 100] })).toBe(".site-header img{object-position:0% 100%}");
});

test("a theme that only a later release knows looks as every site begins", () => {
  expect(lookCss({ ...DEFAULT_SETTINGS, theme: "neon" as "quiet" })).toBe("");
});
