import type { Doer } from "../audit/audit-event.ts";
import type { Timestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { plainPath } from "../lib/plain-path.ts";
import { tagName } from "../lib/tag-name.ts";
import { cleanText } from "../lib/text.ts";
import { said } from "../lib/words.ts";
import { MAX_LANGUAGE_LENGTH } from "../site/settings-input.ts";
import type { ChosenKind } from "./kind.ts";
import type { ContentFormat, Properties, Tag, Visibility } from "./note.ts";

/** Longest title, in characters. */
export const MAX_TITLE_LENGTH = 300;
/** Most tags that one note may have, hashtags in its text included. */
export const MAX_TAGS = 50;
/** Longest tag, in characters. */
export const MAX_TAG_LENGTH = 80;
/** Largest JSON of the properties without a column, in bytes. */
export const MAX_PROPERTIES_BYTES = 256 * 1024;
/** Deepest nesting of lists and objects in one property. */
export const MAX_PROPERTIES_DEPTH = 20;
/** Longest old path that may lead to a note, in characters. */
export const MAX_ALIAS_LENGTH = 500;
/** Most old paths that one save may name. */
export const MAX_ALIASES = 100;
/** Longest key of a form, in characters. */
export const MAX_FORM_KEY_LENGTH = 200;
/** Earliest time of a note: with it the year has four digits in every zone, so that times sort as text. */
export const EARLIEST_TIME = "0001-01-02T00:00:00.000Z" as Timestamp;
/** Latest time of a note, for the same reason. */
export const LATEST_TIME = "9999-12-30T00:00:00.000Z" as Timestamp;

/** What a form, a Micropub client, the importer or a command says of a note. What is undefined is left to the rules. */
export type NoteInput = {
  readonly content: string;
  readonly contentFormat?: ContentFormat | undefined;
  readonly title?: string | undefined;
  readonly slug?: string | undefined;
  /** Labels as the author writes them; hashtags in the text are added. */
  readonly tags?: readonly string[] | undefined;
  readonly language?: string | undefined;
  readonly visibility?: Visibility | undefined;
  /** In the future: the note waits until then. */
  readonly publishedAt?: Timestamp | undefined;
  readonly publishedOffset?: number | undefined;
  readonly updatedAt?: Timestamp | undefined;
  /** Undefined: that of before, or what the note has decides. */
  readonly kind?: ChosenKind | undefined;
  readonly properties?: Properties | undefined;
  /** Address of a note that it is a translation of; empty: of none; undefined leaves it as it is. */
  readonly translationOf?: string | undefined;
  /** Of a page: whether it is to stand in the menu; undefined leaves it as it is. */
  readonly inMenu?: boolean | undefined;
  /** Old paths, each beginning with a slash, that shall lead here. */
  readonly aliases?: readonly string[] | undefined;
  readonly importFrom?: { readonly path: string; readonly hash: string } | undefined;
  /** Random key of the form that sent it: the same again is the same note. */
  readonly formKey?: string | undefined;
};

/** Who writes: `admin`, `import`, `cli`, or the client_id of an app; and the browser that the author writes with. */
export type Origin = {
  readonly madeBy: string;
  readonly device?: string | undefined;
  /** The bulk act that the save belongs to: what the note was is kept with it. */
  readonly actKey?: string | undefined;
  /** Who it is to the audit log, where what is written is to stand there: an app. */
  readonly doer?: Doer | undefined;
};

/** Cleans a title; an empty one is none. Throws `invalid` past MAX_TITLE_LENGTH. */
export function parseTitle(title: string | undefined): string | undefined {
  const clean = cleanText(title ?? "")
    .replace(/\s+/gu, " ")
    .trim();
  if ([...clean].length > MAX_TITLE_LENGTH) {
    throw invalid("title", said`The title is longer than ${MAX_TITLE_LENGTH} characters. Shorten it.`);
  }
  return clean === "" ? undefined : clean;
}

/**
 * Turns chosen labels and the hashtags of the text into tags, each name once, in order; a chosen one outranks a hashtag.
 * Throws `invalid` for too many, or one too long.
 */
export function parseTags(labels: readonly string[], hashtags: readonly string[] = []): readonly Tag[] {
  const tags = new Map<string, Tag>();
  for (const tag of labels.map(parseTag)) if (!tags.has(tag.name)) tags.set(tag.name, tag);
  for (const tag of hashtags.map(parseTag)) if (!tags.has(tag.name)) tags.set(tag.name, { ...tag, inText: true });
  tags.delete("");
  if (tags.size > MAX_TAGS) throw invalid("tags", said`A note has at most ${MAX_TAGS} tags. Leave some out.`);
  return [...tags.values()];
}

function parseTag(raw: string): Tag {
  const label = cleanText(raw).replace(/\s+/gu, " ").trim().replace(/^#/u, "");
  const name = tagName(label);
  if (name !== "" && [...label].length > MAX_TAG_LENGTH) {
    throw invalid("tags", said`A tag is longer than ${MAX_TAG_LENGTH} characters. Put a comma between tags.`);
  }
  return { name, label };
}

/** Brings a language tag into its canonical form (BCP 47); empty is the site's. Throws `invalid` for no language. */
export function parseLanguage(language: string | undefined): string | undefined {
  const text = (language ?? "").trim();
  if (text === "") return undefined;
  try {
    const [tag] = Intl.getCanonicalLocales(text);
    if (tag !== undefined && tag.length <= MAX_LANGUAGE_LENGTH) return tag;
  } catch {
    // Intl says only by throwing that a text is no language tag.
  }
  const limit = `at most ${MAX_LANGUAGE_LENGTH} characters`;
  throw invalid(
    "language",
    `“${text.slice(0, 40)}” is no language tag of ${limit}. Write one such as en, de-CH or ar.`,
  );
}

/** Cleans the properties without a column. Throws `invalid` past MAX_PROPERTIES_BYTES or MAX_PROPERTIES_DEPTH. */
export function parseProperties(properties: Properties | undefined): Properties {
  const kept = cleanValue(properties ?? {}, 0) as Properties;
  if (Buffer.byteLength(JSON.stringify(kept)) > MAX_PROPERTIES_BYTES) {
    throw invalid(
      "properties",
      said`The properties are larger than ${MAX_PROPERTIES_BYTES / 1024} KB. Leave some out.`,
    );
  }
  return kept;
}

/** The properties themselves and the list of each are not counted: depth is that of a value. */
function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return cleanText(value);
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? String(value) : value;
  if (depth > MAX_PROPERTIES_DEPTH + 1) {
    throw invalid("properties", `A property is nested deeper than ${MAX_PROPERTIES_DEPTH} levels. Send a flatter one.`);
  }
  if (Array.isArray(value)) return value.map((entry) => cleanValue(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [cleanText(name), cleanValue(entry, depth + 1)]),
  );
}

/** Refuses a time of publication or change that no calendar of four digits has. Throws `invalid`. */
export function refuseStrangeTimes(times: readonly (Timestamp | null | undefined)[]): void {
  if (times.every((time) => !time || (time >= EARLIEST_TIME && time <= LATEST_TIME))) return;
  throw invalid("published_at", said`A note's date lies in the years 1 to 9999. Choose another.`);
}

/** Checks old paths: each begins with one slash and stays on this site; queries and fragments are dropped. */
export function parseAliases(aliases: readonly string[] | undefined): readonly string[] {
  const list = aliases ?? [];
  if (list.length > MAX_ALIASES)
    throw invalid("aliases", said`A note has at most ${MAX_ALIASES} aliases. Leave some out.`);
  return [...new Set(list.map(parseAlias))];
}

function parseAlias(alias: string): string {
  const path = plainPath(cleanText(alias));
  if (path !== undefined && [...path].length <= MAX_ALIAS_LENGTH) return path;
  throw invalid(
    "aliases",
    said`An alias is a path such as /2021/old-name, at most ${MAX_ALIAS_LENGTH} characters long.`,
  );
}
