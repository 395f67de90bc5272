import { AppError, invalid, refuseLonger } from "../lib/errors.ts";
import { isUrl } from "../lib/is-url.ts";
import { cleanText } from "../lib/text.ts";
import { isTimeZone, timeZones } from "../lib/time-zone.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { MAX_HEADER_ALT_LENGTH, parseAccent, parseFocus, parseFontChoice, parseFonts, THEMES } from "./look.ts";
import { parseNavigation } from "./navigation.ts";
import { parsePinned } from "./pinned.ts";
import { parseNotFound } from "./robots.ts";
import type { Settings } from "./settings.ts";

/** What is wrong with each setting that breaks a rule, in a sentence for the author. */
export type SettingsProblems = { readonly [Name in keyof Settings]?: Words };

/** Characters of the site's title, and of the author's name. */
export const MAX_NAME_LENGTH = 200;
/** Characters of the site's description. */
export const MAX_DESCRIPTION_LENGTH = 500;
/** Characters of the author's bio. */
export const MAX_BIO_LENGTH = 2_000;
/** Characters of the footer. */
export const MAX_FOOTER_LENGTH = 1_000;
/** Links that the author may say are theirs. */
export const MAX_LINKS = 20;
/** Characters of one such link. */
export const MAX_LINK_LENGTH = 2_048;
/** Most notes that one page of a list may show. */
export const MAX_ITEMS_PER_PAGE = 100;
/** Most that the author may allow an image to have, in MB: it is decoded in memory. */
export const MAX_IMAGE_MEGABYTES = 50;
/** Most that the author may allow a film, a recording or a document to have, in MB. */
export const MAX_MEDIA_MEGABYTES = 1_000;
/** Characters of a language tag; RFC 5646 §4.4.1 asks for room for 35. */
export const MAX_LANGUAGE_LENGTH = 35;

const MEDIA_NAME = /^[A-Za-z0-9_-]{22}\.[a-z0-9]{2,5}$/;

const RULES: { readonly [Name in keyof Settings]: (value: unknown) => Settings[Name] } = {
  siteTitle: (value) => parseName("siteTitle", value, NO_TITLE),
  siteDescription: (value) => parseText("siteDescription", toLine(value), MAX_DESCRIPTION_LENGTH),
  siteIcon: (value) => parseMediaName("siteIcon", value),
  authorName: (value) => parseName("authorName", value, NO_AUTHOR),
  authorPhoto: (value) => parseMediaName("authorPhoto", value),
  authorBio: (value) => parseText("authorBio", toText(value), MAX_BIO_LENGTH),
  authorLinks: parseLinks,
  timeZone: parseTimeZone,
  language: parseLanguage,
  adminLanguage: (value) => parseChoice("adminLanguage", value, ["site", "en", "de"]),
  itemsPerPage: parseItemsPerPage,
  footerText: (value) => parseText("footerText", toText(value), MAX_FOOTER_LENGTH),
  colourScheme: (value) => parseChoice("colourScheme", value, ["system", "light", "dark"]),
  remoteImages: (value) => parseChoice("remoteImages", value, ["copy", "link", "load"]),
  statsPage: (value) => parseChoice("statsPage", value, ["on", "off"]),
  backups: (value) => parseChoice("backups", value, ["daily", "off"]),
  pkce: (value) => parseChoice("pkce", value, ["required", "optional"]),
  appTexts: (value) => parseChoice("appTexts", value, ["plain", "markdown"]),
  navigation: parseNavigation,
  maxImageMegabytes: (value) => parseMegabytes("maxImageMegabytes", value, MAX_IMAGE_MEGABYTES),
  maxMediaMegabytes: (value) => parseMegabytes("maxMediaMegabytes", value, MAX_MEDIA_MEGABYTES),
  altNudge: (value) => parseChoice("altNudge", value, ["ask", "off"]),
  theme: (value) => parseChoice("theme", value, THEMES),
  accentColour: parseAccent,
  textFont: (value) => parseFontChoice("textFont", value),
  headingFont: (value) => parseFontChoice("headingFont", value),
  fonts: parseFonts,
  headerImage: (value) => parseMediaName("headerImage", value),
  headerAlt: (value) => parseText("headerAlt", toLine(value), MAX_HEADER_ALT_LENGTH),
  headerFocus: parseFocus,
  headerPlace: (value) => parseChoice("headerPlace", value, ["home", "all"]),
  pinnedNotes: parsePinned,
  robots: (value) => parseChoice("robots", value, ["allow", "no-training", "none"]),
  llmsTxt: (value) => parseChoice("llmsTxt", value, ["off", "on"]),
  markdownCopies: (value) => parseChoice("markdownCopies", value, ["off", "on"]),
  notFound: parseNotFound,
};

/**
 * Reads those settings that `input` names, each by its own rule, as a form or a program sends them: numbers may be
 * text, links one a line. Returns the good ones, and a sentence for each that is not.
 */
export function checkSettings(input: Readonly<Record<string, unknown>>): {
  settings: Partial<Settings>;
  problems: SettingsProblems;
} {
  const settings: Record<string, unknown> = {};
  const problems: Record<string, Words> = {};
  for (const name of Object.keys(RULES) as (keyof Settings)[]) {
    if (!Object.hasOwn(input, name) || input[name] === undefined) continue;
    try {
      settings[name] = RULES[name](input[name]);
    } catch (error) {
      // Collected, so that a form can show every problem at once.
      if (!(error instanceof AppError)) throw error;
      problems[name] = error.said;
    }
  }
  return { settings, problems };
}

/** Reads the settings that `input` names. Throws `invalid` for the first that breaks its rule. */
export function parseSettings(input: Readonly<Record<string, unknown>>): Partial<Settings> {
  const { settings, problems } = checkSettings(input);
  const [first] = Object.entries(problems);
  if (first) throw invalid(first[0], first[1]);
  return settings;
}

const NO_TITLE = said`The site needs a title, of 1 to ${MAX_NAME_LENGTH} characters.`;
const NO_AUTHOR = said`Readers want to know whose site this is: give a name, of 1 to ${MAX_NAME_LENGTH} characters.`;

function parseName(field: keyof Settings, value: unknown, missing: Words): string {
  const name = toLine(value);
  if (name === "") throw invalid(field, missing);
  return parseText(field, name, MAX_NAME_LENGTH);
}

function parseText(field: keyof Settings, text: string, maxLength: number): string {
  refuseLonger(field, text, maxLength);
  return text;
}

function parseMediaName(field: keyof Settings, value: unknown): string {
  const name = toLine(value);
  if (name !== "" && !MEDIA_NAME.test(name))
    throw invalid(field, said`This is no uploaded image; choose an image file.`);
  return name;
}

function parseLinks(value: unknown): string[] {
  const lines = Array.isArray(value) ? value.map(toLine) : toText(value).split("\n");
  const links = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (links.length > MAX_LINKS) {
    throw invalid("authorLinks", said`These are ${links.length} links; keep ${MAX_LINKS} or fewer, one a line.`);
  }
  return [...new Set(links.map(parseLink))];
}

function parseLink(text: string): string {
  const url = isUrl(text) ? new URL(text) : undefined;
  const isWeb = url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  if (!isWeb) {
    throw invalid(
      "authorLinks",
      said`“${shorten(text)}” is no web address; write each link as https://example.com/me.`,
    );
  }
  if (url.href.length > MAX_LINK_LENGTH) {
    throw invalid(
      "authorLinks",
      said`“${shorten(text)}” is longer than ${MAX_LINK_LENGTH} characters; use a shorter link.`,
    );
  }
  return url.href;
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length > 60 ? `${characters.slice(0, 60).join("")}…` : text;
}

function parseTimeZone(value: unknown): string {
  const text = toLine(value);
  if (!isTimeZone(text)) {
    throw invalid("timeZone", said`This is no time zone; choose one of the list, such as Europe/Berlin or UTC.`);
  }
  return timeZones().find((zone) => zone.toLowerCase() === text.toLowerCase()) ?? text;
}

function parseLanguage(value: unknown): string {
  const text = toLine(value);
  try {
    const [tag] = Intl.getCanonicalLocales(text);
    if (tag !== undefined && tag.length <= MAX_LANGUAGE_LENGTH) return tag;
  } catch {
    // Intl says only by throwing that a text is no language tag.
  }
  throw invalid(
    "language",
    said`This is no language tag of at most ${MAX_LANGUAGE_LENGTH} characters; write one such as en, de or pt-BR.`,
  );
}

function parseMegabytes(field: keyof Settings, value: unknown, most: number): number {
  const count = parseCount(value);
  if (count < 1 || count > most)
    throw invalid(field, said`A file may have 1 to ${most} MB; write a whole number in between.`);
  return count;
}

/** A whole number; 0 for what is none. */
function parseCount(value: unknown): number {
  const text = typeof value === "number" ? String(value) : toLine(value);
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

function parseItemsPerPage(value: unknown): number {
  const count = parseCount(value);
  if (count < 1 || count > MAX_ITEMS_PER_PAGE) {
    throw invalid(
      "itemsPerPage",
      said`A page shows 1 to ${MAX_ITEMS_PER_PAGE} notes; write a whole number in between.`,
    );
  }
  return count;
}

function parseChoice<Choice extends string>(
  field: keyof Settings,
  value: unknown,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw invalid(field, said`Choose one of ${choices.join(", ")}.`);
  return found;
}

function toText(value: unknown): string {
  return typeof value === "string" ? cleanText(value).trim() : "";
}

function toLine(value: unknown): string {
  return toText(value).replace(/\s+/g, " ");
}
