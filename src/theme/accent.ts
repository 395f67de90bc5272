import type { Colour } from "../lib/colour.ts";
import { contrast, formatColour, makeReadable, mixColours, parseColour } from "../lib/colour.ts";
import type { ThemeName } from "../site/look.ts";
import type { Scheme } from "./themes.ts";
import { findTheme, inScheme, TONES } from "./themes.ts";

/** Least contrast of text with what it stands on. @see https://www.w3.org/TR/WCAG22/#contrast-minimum */
export const MIN_CONTRAST = 4.5;

/** Share of a tone in the background of a hint, and of ink in that of code: `color-mix` in static/site.css. */
export const TINT_SHARE = 0.07;

/** A chosen colour as one scheme shows it. */
export type FittedAccent = {
  /** `#rrggbb`. */
  readonly shown: string;
  /** Least contrast of the colour as it was chosen, with whatever links stand on. */
  readonly chosenContrast: number;
  readonly isChanged: boolean;
};

/**
 * A chosen accent as it is shown in light and in dark: as chosen where links and buttons can be read, else darker or lighter,
 * just so far that they can, of the same hue. `chosen` is `#rrggbb`.
 */
export function fitAccent(chosen: string, theme: ThemeName): Readonly<Record<Scheme, FittedAccent>> {
  const colour = parseColour(chosen) ?? inScheme(findTheme(theme).palette.accent, "light");
  return { light: fitInScheme(colour, theme, "light"), dark: fitInScheme(colour, theme, "dark") };
}

/** Everything that links stand on in a scheme: the page, boxes, hints, and code in each of these. */
export function backgroundsOf(theme: ThemeName, scheme: Scheme): Colour[] {
  const { palette } = findTheme(theme);
  const paper = inScheme(palette.paper, scheme);
  const wash = inScheme(palette.wash, scheme);
  const { mark: _mark, ...tones } = TONES;
  const hints = Object.values(tones).map((tone) => mixColours(inScheme(tone, scheme), paper, TINT_SHARE));
  const plain = [paper, wash, ...hints];
  return [...plain, ...plain.map((background) => mixColours(inScheme(palette.ink, scheme), background, TINT_SHARE))];
}

function fitInScheme(colour: Colour, theme: ThemeName, scheme: Scheme): FittedAccent {
  const backgrounds = backgroundsOf(theme, scheme);
  const direction = scheme === "light" ? "darker" : "lighter";
  const shown = formatColour(makeReadable(colour, backgrounds, { least: MIN_CONTRAST, direction }));
  return {
    shown,
    chosenContrast: Math.min(...backgrounds.map((background) => contrast(colour, background))),
    isChanged: shown !== formatColour(colour),
  };
}
