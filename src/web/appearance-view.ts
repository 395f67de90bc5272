import type { Database } from "../db/database.ts";
import { contrast, formatColour } from "../lib/colour.ts";
import { paths } from "../lib/urls.ts";
import type { Words, WordsValue } from "../lib/words.ts";
import { decimal, said } from "../lib/words.ts";
import { findMedia } from "../media/media-store.ts";
import type { FontStack, OwnFont } from "../site/look.ts";
import { FONT_STACKS, ownChoice, THEMES } from "../site/look.ts";
import { fitAccent, MIN_CONTRAST } from "../theme/accent.ts";
import type { Look } from "../theme/look-css.ts";
import type { Scheme } from "../theme/themes.ts";
import { findTheme, inScheme } from "../theme/themes.ts";
import type { AppearanceView, FittedView, ThemeView } from "./appearance-views.ts";
import type { LookProblems, TypedLook } from "./look-form.ts";
import { formatLook } from "./look-form.ts";

const STACK_LABELS: Readonly<Record<FontStack, Words>> = {
  theme: said`As the theme has it`,
  serif: said`Serif, made for screens`,
  "old-style": said`Old-style serif, as in books`,
  sans: said`Sans, as the system writes`,
  humanist: said`Sans with a hand in it`,
  rounded: said`Rounded`,
  slab: said`Slab serif`,
  mono: said`Typewriter`,
};

const FOCUS_LABELS: Readonly<Record<string, Words>> = {
  "0 0": said`Top left`,
  "50 0": said`Top`,
  "100 0": said`Top right`,
  "0 50": said`Left`,
  "50 50": said`Middle`,
  "100 50": said`Right`,
  "0 100": said`Bottom left`,
  "50 100": said`Bottom`,
  "100 100": said`Bottom right`,
};

/** Choices, those that are kept, what was typed and what is wrong with it. */
export type ShownLook = {
  readonly look: Look;
  readonly stored: Look;
  readonly typed: TypedLook;
  readonly problems: LookProblems;
};

/** Choices as their page shows them, with what is wrong with them. */
export function appearanceView(db: Database, { look, stored, typed, problems }: ShownLook): AppearanceView {
  const header = look.headerImage === "" ? undefined : findMedia(db, look.headerImage);
  const isWrong = Object.keys(problems).length > 0;
  return {
    themes: THEMES.map((name) => themeView(name, look)),
    accent: look.accentColour === "" ? "theme" : "own",
    accentColour: {
      value: typed.accentColour || look.accentColour || findTheme(look.theme).palette.accent[0],
      error: problems.accentColour ?? "",
    },
    fitted: (["light", "dark"] as const).map((scheme) => fittedView(look, scheme)),
    textFonts: fontChoices(look.textFont, look.fonts),
    headingFonts: fontChoices(look.headingFont, look.fonts).map((choice) =>
      choice.value === "theme" ? { ...choice, label: said`As the text` } : choice,
    ),
    fonts: look.fonts.map((font) => ({ file: font.file, family: font.family, about: aboutFont(font) })),
    fontsError: problems.fonts ?? "",
    headerPath: header === undefined ? "" : paths.media(header.name),
    headerImage: { value: "", error: problems.headerImage ?? "" },
    headerAlt: { value: typed.headerAlt ?? look.headerAlt, error: problems.headerAlt ?? "" },
    headerPlace: look.headerPlace,
    focuses: focusChoices(look.headerFocus.join(" ")),
    look: formatLook(look),
    isUnsaved: formatLook(look) !== formatLook(stored),
    error: isWrong ? said`Nothing was saved yet. See the fields that are marked.` : "",
  };
}

function themeView(name: Look["theme"], look: Look): ThemeView {
  const { label, meaning, palette } = findTheme(name);
  const light = (part: keyof typeof palette) => palette[part][0];
  const accent = look.accentColour === "" ? light("accent") : fitAccent(look.accentColour, name).light.shown;
  const colours = {
    paper: light("paper"),
    ink: light("ink"),
    soft: light("soft"),
    line: light("line"),
    wash: light("wash"),
  };
  return { name, label, meaning, isChosen: name === look.theme, colours: { ...colours, accent } };
}

/** What becomes of the accent in a scheme, in words: how well it can be read, and whether it had to be changed for that. */
function fittedView({ theme, accentColour }: Look, scheme: Scheme): FittedView {
  const { palette } = findTheme(theme);
  const paper = inScheme(palette.paper, scheme);
  const own = formatColour(inScheme(palette.accent, scheme));
  const { shown, chosenContrast, isChanged } =
    accentColour === ""
      ? { shown: own, chosenContrast: contrast(inScheme(palette.accent, scheme), paper), isChanged: false }
      : fitAccent(accentColour, theme)[scheme];
  const ratio = decimal(Math.floor(chosenContrast * 10) / 10, 1);
  const least = MIN_CONTRAST;
  return {
    label: scheme === "light" ? said`On light pages` : said`On dark pages`,
    shown,
    paper: formatColour(paper),
    isChanged,
    about: isChanged ? changedText(scheme, { ratio, shown, least }) : said`Shown as it is, ${shown}, at ${ratio}:1.`,
  };
}

function changedText(
  scheme: Scheme,
  { ratio, shown, least }: Readonly<Record<"ratio" | "shown" | "least", WordsValue>>,
) {
  return scheme === "light"
    ? said`${ratio}:1 would be hard to read, so it is shown darker, as ${shown}: ${least}:1 is the least for text.`
    : said`${ratio}:1 would be hard to read, so it is shown lighter, as ${shown}: ${least}:1 is the least for text.`;
}

function fontChoices(chosen: string, fonts: readonly OwnFont[]): AppearanceView["textFonts"] {
  const families = [...new Set(fonts.map(({ family }) => family))];
  const own = families.map((family) => ({ value: ownChoice(family), label: said`${family} (yours)` }));
  const stacks = FONT_STACKS.map((stack) => ({ value: stack, label: STACK_LABELS[stack] }));
  return [...stacks, ...own].map((choice) => ({ ...choice, isChosen: choice.value === chosen }));
}

function aboutFont({ weights: [least, greatest], isItalic }: OwnFont): Words {
  const [from, to] = [String(least), String(greatest)];
  if (least === greatest) return isItalic ? said`weight ${from}, italic` : said`weight ${from}`;
  return isItalic ? said`weights ${from} to ${to}, italic` : said`weights ${from} to ${to}`;
}

function focusChoices(chosen: string): AppearanceView["focuses"] {
  const values = Object.keys(FOCUS_LABELS);
  const all = values.includes(chosen) ? values : [...values, chosen];
  return all.map((value) => ({ value, label: FOCUS_LABELS[value] ?? value, isChosen: value === chosen }));
}
