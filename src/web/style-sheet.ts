import { createHash } from "node:crypto";
import type { Look } from "../theme/look-css.ts";
import { lookCss } from "../theme/look-css.ts";
import { isTheme } from "../theme/themes.ts";
import { assetText } from "./assets.ts";

/** The one style sheet of a site: what all themes share, the layout of the theme, the author's choices. */
export type StyleSheet = {
  /** Root-relative, with a hash of the text, so that it may be kept for ever. */
  readonly path: string;
  readonly text: string;
};

/** Sheets that are remembered: the present one, and those that the author tries out. */
const MAX_KNOWN_SHEETS = 8;

const known = new Map<string, StyleSheet>();

/** The style sheet for these choices; asking again for the same costs nothing. */
export function styleSheet(look: Look): StyleSheet {
  const { theme, accentColour, textFont, headingFont, fonts, headerImage, headerFocus } = look;
  const key = JSON.stringify([theme, accentColour, textFont, headingFont, fonts, headerImage !== "", headerFocus]);
  const made = known.get(key) ?? makeSheet(look);
  if (known.size >= MAX_KNOWN_SHEETS && !known.has(key)) known.clear();
  known.set(key, made);
  return made;
}

function makeSheet(look: Look): StyleSheet {
  const layout = look.theme === "quiet" || !isTheme(look.theme) ? "" : shorten(assetText(`theme-${look.theme}.css`));
  const text = shorten(assetText("site.css")) + layout + lookCss(look);
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, 12);
  return { path: `/static/theme.${hash}.css`, text };
}

/** Without comments and line breaks. Our own files have none of either in their strings. */
function shorten(css: string): string {
  return css
    .replace(/\/\*.*?\*\//gsu, "")
    .replace(/\s*\n\s*/gu, "")
    .replace(/ ?([{};,]) ?/gu, "$1")
    .replace(/;\}/gu, "}");
}
