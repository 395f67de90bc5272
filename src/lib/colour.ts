/** A colour as a screen has it: red, green and blue from 0 to 255, whole numbers. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A colour as people see it: lightness from 0 to 1, chroma from 0, hue in radians. @see https://www.w3.org/TR/css-color-4/#ok-lab */
export type Oklch = { readonly lightness: number; readonly chroma: number; readonly hue: number };

/** Halvings that a search for a lightness or a chroma takes: finer than 255 steps. */
const SEARCH_STEPS = 14;

/** Reads `#rrggbb` or `#rgb`, the hash sign optional; undefined for anything else. */
export function parseColour(text: string): Colour | undefined {
  const digits = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/iu.exec(text.trim())?.[1];
  if (digits === undefined) return undefined;
  const long = digits.length === 3 ? digits.replace(/./gu, "$&$&") : digits;
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16)) as unknown as Colour;
}

/** Writes `#rrggbb`. */
export function formatColour(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** The contrast of two colours, from 1 to 21. @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** So much of one colour over another, as `color-mix(in srgb, …)` does it. `share` is from 0 to 1. */
export function mixColours(over: Colour, under: Colour, share: number): Colour {
  return over.map((part, index) => Math.round(part * share + (under[index] ?? 0) * (1 - share))) as unknown as Colour;
}

/** The colour as people see it. */
export function toOklch(colour: Colour): Oklch {
  const [red, green, blue] = colour.map(toLinear) as [number, number, number];
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const a = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short;
  const b = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short;
  return {
    lightness: 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    chroma: Math.hypot(a, b),
    hue: Math.atan2(b, a),
  };
}

/** The nearest colour that a screen has: where it cannot be so vivid at that lightness, it is less vivid. */
export function fromOklch(wanted: Oklch): Colour {
  if (isShown(wanted)) return toColour(wanted);
  let [shown, tooVivid] = [0, wanted.chroma];
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const chroma = (shown + tooVivid) / 2;
    if (isShown({ ...wanted, chroma })) shown = chroma;
    else tooVivid = chroma;
  }
  return toColour({ ...wanted, chroma: shown });
}

/**
 * The colour that stands out from every one of `backgrounds` by a contrast of at least `least`: the same where it does,
 * else the nearest in lightness, `darker` or `lighter`, of the same hue. Black or white where even that is not enough.
 */
export function makeReadable(
  colour: Colour,
  backgrounds: readonly Colour[],
  { least, direction }: { readonly least: number; readonly direction: "darker" | "lighter" },
): Colour {
  const standsOut = (tried: Colour) => backgrounds.every((background) => contrast(tried, background) >= least);
  if (standsOut(colour)) return colour;
  const seen = toOklch(colour);
  const end = direction === "darker" ? 0 : 1;
  let [weak, strong] = [seen.lightness, end];
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const lightness = (weak + strong) / 2;
    if (standsOut(fromOklch({ ...seen, lightness }))) strong = lightness;
    else weak = lightness;
  }
  return fromOklch({ ...seen, lightness: strong });
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map(toLinear) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function toLinear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function toScreen(linear: number): number {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
}

/** Red, green and blue from 0 to 1; outside of that, no screen shows them. */
function toLinearParts({ lightness, chroma, hue }: Oklch): [number, number, number] {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}

function isShown(colour: Oklch): boolean {
  return toLinearParts(colour).every((part) => part >= -0.0005 && part <= 1.0005);
}

function toColour(colour: Oklch): Colour {
  return toLinearParts(colour).map((part) =>
    Math.round(255 * Math.min(1, Math.max(0, toScreen(Math.max(0, part))))),
  ) as unknown as Colour;
}
