import { paths } from "../lib/urls.ts";
import type { OwnFont } from "../site/look.ts";
import { ownFamily } from "../site/look.ts";
import type { Settings } from "../site/settings.ts";
import { fitAccent } from "./accent.ts";
import type { Palette } from "./themes.ts";
import { FONT_FAMILIES, findTheme, isTheme } from "./themes.ts";

/** The settings that say how the site looks. */
export type Look = Pick<
  Settings,
  | "theme"
  | "accentColour"
  | "textFont"
  | "headingFont"
  | "fonts"
  | "headerImage"
  | "headerAlt"
  | "headerFocus"
  | "headerPlace"
>;

/**
 * What the author's choices add to the style sheet of the theme; empty for a site that is as every one begins. Of what
 * the author has typed only numbers get into it: colours that were parsed, weights, names of stored files; families of
 * fonts have names of our own.
 */
export function lookCss(look: Look): string {
  const properties = [...paletteOf(look), ...accentOf(look), ...fontsOf(look)];
  const root = properties.length === 0 ? "" : `:root{${properties.join(";")}}`;
  return look.fonts.map((font) => fontFace(font, look.fonts)).join("") + root + focusOf(look);
}

/** The colours of the theme, where they are not those of the base. */
function paletteOf({ theme }: Look): string[] {
  if (theme === "quiet" || !isTheme(theme)) return [];
  const { palette } = findTheme(theme);
  return (Object.keys(palette) as (keyof Palette)[]).map((name) => `--${name}:${lightDark(palette[name])}`);
}

function accentOf({ accentColour, theme }: Look): string[] {
  if (accentColour === "") return [];
  const { light, dark } = fitAccent(accentColour, theme);
  return [`--accent:${lightDark([light.shown, dark.shown])}`];
}

function lightDark([light, dark]: readonly [string, string]): string {
  return light === dark ? light : `light-dark(${light},${dark})`;
}

function fontsOf(look: Look): string[] {
  const own = findTheme(look.theme).font;
  const text = look.textFont === "theme" && own !== "serif" ? own : look.textFont;
  return [...toProperty("text", text, look), ...toProperty("head", look.headingFont, look)];
}

function toProperty(name: string, choice: string, { fonts, theme }: Look): string[] {
  if (choice === "theme") return [];
  const fallback = FONT_FAMILIES[findTheme(theme).font];
  const family = ownFamily(choice);
  if (family === undefined) return [`--${name}:${FONT_FAMILIES[choice as keyof typeof FONT_FAMILIES] ?? fallback}`];
  const isThere = fonts.some((font) => font.family === family);
  return isThere ? [`--${name}:${familyName(family, fonts)},${fallback}`] : [];
}

/** Shown in a font of the system until the file is there. */
function fontFace({ file, family, weights, isItalic }: OwnFont, fonts: readonly OwnFont[]): string {
  const [least, greatest] = weights;
  const weight = least === greatest ? String(least) : `${least} ${greatest}`;
  const style = isItalic ? "font-style:italic;" : "";
  return `@font-face{font-family:${familyName(family, fonts)};src:url(${paths.media(file)}) format("woff2");font-weight:${weight};${style}font-display:swap}`;
}

/** A name that no text of a file can break out of. */
function familyName(family: string, fonts: readonly OwnFont[]): string {
  const families = [...new Set(fonts.map((font) => font.family))];
  return `own-${families.indexOf(family) + 1}`;
}

function focusOf({ headerImage, headerFocus: [left, top] }: Look): string {
  if (headerImage === "" || (left === 50 && top === 50)) return "";
  return `.site-header img{object-position:${left}% ${top}%}`;
}
