import { randomBytes } from "node:crypto";
import { cleanText } from "../lib/text.ts";
import type { Properties } from "./note.ts";

/** Property that all translations of a note have in common, and what Hugo calls it. */
const [KEY, HUGO_KEY] = ["translation-key", "translationKey"];

/** Characters of a key. */
export const MAX_TRANSLATION_KEY_LENGTH = 200;
/** Notes that may be translations of each other. */
export const MAX_TRANSLATIONS = 100;

/** What the translations of a note have in common; undefined for one that says none, and for what is no text. */
export function translationKeyOf(properties: Properties): string | undefined {
  const [value] = properties[KEY] ?? properties[HUGO_KEY] ?? [];
  const key = typeof value === "string" ? cleanText(value).trim() : "";
  return key === "" || [...key].length > MAX_TRANSLATION_KEY_LENGTH ? undefined : key;
}

/** The properties with that key; undefined takes it away. */
export function withTranslationKey(properties: Properties, key: string | undefined): Properties {
  const { [KEY]: _key, [HUGO_KEY]: _hugoKey, ...others } = properties;
  return key === undefined ? others : { ...others, [KEY]: [key] };
}

/** A key that no other notes have: 80 random bits. */
export function createTranslationKey(): string {
  return randomBytes(10).toString("hex");
}

/**
 * Notes by their languages, in the order of these: the first of each, since two may have come to the same, out of the trash
 * or by the language of the site, which those have that say none.
 */
export function oneOfEachLanguage<Version extends { readonly language?: string | null | undefined }>(
  notes: readonly Version[],
  ofSite: string,
): readonly (readonly [language: string, note: Version])[] {
  const versions = new Map<string, Version>();
  for (const note of notes) {
    const language = note.language ?? ofSite;
    if (!versions.has(language)) versions.set(language, note);
  }
  return [...versions].sort(([a], [b]) => (a < b ? -1 : 1));
}
