import { formatColour, parseColour } from "../lib/colour.ts";
import { invalid } from "../lib/errors.ts";
import { cleanText } from "../lib/text.ts";
import { said } from "../lib/words.ts";

/** How a site is laid out: a column to read, a dense timeline, or a wall of photos. */
export const THEMES = ["quiet", "timeline", "photos"] as const;

/** One of the themes. */
export type ThemeName = (typeof THEMES)[number];

/** Kinds of letters that every system has; `theme` is what the theme has chosen. */
export const FONT_STACKS = ["theme", "serif", "old-style", "sans", "humanist", "rounded", "slab", "mono"] as const;

/** A kind of letters of the reader's system. */
export type FontStack = (typeof FONT_STACKS)[number];

/** A font file of the author's own. What it says of itself was read from its content. */
export type OwnFont = {
  /** Name in the media store. */
  readonly file: string;
  /** What the family calls itself; files of one family are used together. */
  readonly family: string;
  /** Least and greatest weight, 1 to 1000; the same for all but variable fonts. */
  readonly weights: readonly [number, number];
  readonly isItalic: boolean;
};

/** Where the header image is shown. */
export type HeaderPlace = "home" | "all";

/** Most font files of a site. */
export const MAX_FONTS = 8;
/** Characters of a family's name. */
export const MAX_FAMILY_LENGTH = 100;
/** Characters of what the header image shows. */
export const MAX_HEADER_ALT_LENGTH = 1_000;

/** What stands before the family where a font of the author's own is chosen. */
const OWN = "own:";
const FONT_FILE = /^[A-Za-z0-9_-]{22}\.woff2$/;

/** The family that a choice of a font names; undefined where it is one of the system's. */
export function ownFamily(choice: string): string | undefined {
  return choice.startsWith(OWN) ? choice.slice(OWN.length) : undefined;
}

/** The choice of a family of the author's own. */
export function ownChoice(family: string): string {
  return OWN + family;
}

/** Reads `#rrggbb`, and nothing for the theme's own. Throws `invalid` for what is no colour. */
export function parseAccent(value: unknown): string {
  const text = typeof value === "string" ? value.trim() : "";
  if (text === "") return "";
  const colour = parseColour(text);
  if (colour !== undefined) return formatColour(colour);
  throw invalid("accentColour", said`This is no colour; write six digits such as #0b63c5, or leave it empty.`);
}

/** Reads the choice of a font: a kind of the system's, or a family of the author's own. */
export function parseFontChoice(field: string, value: unknown): string {
  const text = typeof value === "string" ? cleanText(value).trim() : "";
  const family = ownFamily(text);
  const isOwn = family !== undefined && family !== "" && [...family].length <= MAX_FAMILY_LENGTH;
  if (isOwn || FONT_STACKS.some((stack) => stack === text)) return text;
  throw invalid(field, said`Choose one of ${FONT_STACKS.join(", ")}, or a font that you have uploaded.`);
}

/** Reads the list of font files. Throws `invalid` for one that is none, and for more than there may be. */
export function parseFonts(value: unknown): OwnFont[] {
  if (!Array.isArray(value)) throw invalid("fonts", said`The fonts are no list.`);
  if (value.length > MAX_FONTS)
    throw invalid("fonts", said`A site has at most ${MAX_FONTS} font files. Remove one first.`);
  return value.map(parseFont);
}

/** Reads where the middle of an image is: two whole numbers from 0 to 100, per cent from the left and from above. */
export function parseFocus(value: unknown): readonly [number, number] {
  const parts: unknown[] =
    typeof value === "string" ? value.split(/[\s,]+/u).map(Number) : Array.isArray(value) ? value : [];
  const [left, top] = parts;
  if (parts.length === 2 && isPerCent(left) && isPerCent(top)) return [left, top];
  throw invalid("headerFocus", said`The middle of the image is two numbers from 0 to 100, such as 50 50.`);
}

function parseFont(value: unknown): OwnFont {
  const { file, family, weights, isItalic } = (
    typeof value === "object" && value !== null ? value : {}
  ) as Partial<OwnFont>;
  const name = typeof family === "string" ? cleanText(family).replace(/\s+/gu, " ").trim() : "";
  const isName = name !== "" && [...name].length <= MAX_FAMILY_LENGTH;
  const [least, greatest] = Array.isArray(weights) ? (weights as unknown[]) : [];
  if (typeof file === "string" && FONT_FILE.test(file) && isName && isWeight(least) && isWeight(greatest)) {
    return { file, family: name, weights: [least, Math.max(least, greatest)], isItalic: isItalic === true };
  }
  throw invalid("fonts", said`This is no font file that was uploaded here. Upload it as WOFF2.`);
}

function isPerCent(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 100;
}

function isWeight(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 1000;
}
