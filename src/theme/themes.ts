import type { Colour } from "../lib/colour.ts";
import { parseColour } from "../lib/colour.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { FontStack, ThemeName } from "../site/look.ts";

/** Light or dark. */
export type Scheme = "light" | "dark";

/** The colours of a theme that differ from theme to theme, by their name in the style sheet, each as `[light, dark]`. */
export type Palette = Readonly<
  Record<"paper" | "ink" | "soft" | "line" | "wash" | "accent", readonly [string, string]>
>;

/** What a theme is, beside its layout in `static/theme-NAME.css`. */
export type Theme = {
  readonly label: string;
  /** One sentence for who chooses. */
  readonly meaning: Words;
  readonly palette: Palette;
  /** The letters of text and headings. */
  readonly font: Exclude<FontStack, "theme">;
};

/** Colours of hints that all themes share, as `[light, dark]`: those of static/site.css. */
export const TONES: Readonly<Record<string, readonly [string, string]>> = {
  mark: ["#ffe58f", "#6b5310"],
  note: ["#1d58b8", "#8ab6ff"],
  tip: ["#176a3a", "#7fd49b"],
  important: ["#6d3bb3", "#c8a6ff"],
  warning: ["#8a5200", "#f2b863"],
  caution: ["#b3261e", "#ff9a90"],
};

/** The themes. The first is what static/site.css says without any. */
export const THEME_TABLE: Readonly<Record<ThemeName, Theme>> = {
  quiet: {
    label: "Quiet",
    meaning: said`One column to read in, dates in the margin. For texts.`,
    palette: {
      paper: ["#fdfcfd", "#17151c"],
      ink: ["#1e1b26", "#e7e4ec"],
      soft: ["#625d6e", "#a6a1b2"],
      line: ["#dfdbe4", "#37333f"],
      wash: ["#f4f2f6", "#211e28"],
      accent: ["#b0124f", "#ff8cb0"],
    },
    font: "serif",
  },
  timeline: {
    label: "Timeline",
    meaning: said`Much on one screen, along a line with its days. For many short notes.`,
    palette: {
      paper: ["#ffffff", "#11151a"],
      ink: ["#151a20", "#e5e9ee"],
      soft: ["#57616c", "#9ba6b2"],
      line: ["#d9dfe6", "#2d353e"],
      wash: ["#f2f5f8", "#1a2027"],
      accent: ["#0a5fc2", "#7ab5ff"],
    },
    font: "sans",
  },
  photos: {
    label: "Photos",
    meaning: said`Pictures large on quiet grey, a wall of them at home. For photos, with or without words.`,
    palette: {
      paper: ["#f6f5f3", "#0e0e0f"],
      ink: ["#1d1b19", "#eeece9"],
      soft: ["#615c56", "#a7a29c"],
      line: ["#dcd8d2", "#2f2d2b"],
      wash: ["#eceae6", "#1a1a1b"],
      accent: ["#8c3d10", "#f0a878"],
    },
    font: "humanist",
  },
};

/** A theme by its name; the first one for a name that only a later release knows. */
export function findTheme(name: string): Theme {
  return isTheme(name) ? THEME_TABLE[name] : THEME_TABLE.quiet;
}

/** Whether this release has a theme of that name. */
export function isTheme(name: string): name is ThemeName {
  return Object.hasOwn(THEME_TABLE, name);
}

/** The letters of each kind, as CSS names them: what the common systems have, best first. */
export const FONT_FAMILIES: Readonly<Record<Exclude<FontStack, "theme">, string>> = {
  serif: 'Charter,"Bitstream Charter","Source Serif 4","Sitka Text",Cambria,"Noto Serif",serif',
  "old-style": '"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L",P052,"Book Antiqua",serif',
  sans: 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif',
  humanist: 'Seravek,"Gill Sans Nova",Optima,Candara,Ubuntu,"Noto Sans",system-ui,sans-serif',
  rounded:
    'ui-rounded,"SF Pro Rounded","Hiragino Maru Gothic ProN",Quicksand,Comfortaa,"Varela Round",Calibri,sans-serif',
  slab: 'Rockwell,"Rockwell Nova","Roboto Slab","DejaVu Serif","Sitka Small",serif',
  mono: 'ui-monospace,"SF Mono","Cascadia Code",Menlo,Consolas,"Noto Sans Mono","DejaVu Sans Mono",monospace',
};

/** A colour of a table of this file in a scheme. Throws for what is none: it would be a mistake of ours. */
export function inScheme([light, dark]: readonly [string, string], scheme: Scheme): Colour {
  const colour = parseColour(scheme === "light" ? light : dark);
  if (colour === undefined) throw new Error(`${light} or ${dark} is no colour.`);
  return colour;
}
