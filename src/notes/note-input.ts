import type { Timestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { tagName } from "../lib/tag-name.ts";
import { cleanText } from "../lib/text.ts";
import type { ContentFormat, NoteKind, Properties, Tag, Visibility } from "./note.ts";

/** Longest title, in characters. */
export const MAX_TITLE_LENGTH = 300;
/** Most tags that one note may have, hashtags in its text included. */
export const MAX_TAGS = 50;
/** Longest tag, in characters. */
export const MAX_TAG_LENGTH = 80;
/** Largest JSON of the properties without a column, in bytes. */
export const MAX_PROPERTIES_BYTES = 256 * 1024;
/** Longest old path that may lead to a note, in characters. */
export const MAX_ALIAS_LENGTH = 500;
/** Most old paths that one save may name. */
export const MAX_ALIASES = 100;

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
  readonly kind?: NoteKind | undefined;
  readonly properties?: Properties | undefined;
  /** Old paths, each beginning with a slash, that shall lead here. */
  readonly aliases?: readonly string[] | undefined;
  readonly importFrom?: { readonly path: string; readonly hash: string } | undefined;
  /** Random key of the form that sent it: the same again is the same note. */
  readonly formKey?: string | undefined;
};

/** Who writes: `admin`, `import`, `cli`, or the client_id of an app. */
export type Origin = { readonly madeBy: string };

/** Cleans a title; an empty one is none. Throws `invalid` past MAX_TITLE_LENGTH. */
export function parseTitle(title: string | undefined): string | undefined {
  const clean = cleanText(title ?? "")
    .replace(/\s+/gu, " ")
    .trim();
  if ([...clean].length > MAX_TITLE_LENGTH) {
    throw invalid("title", `The title is longer than ${MAX_TITLE_LENGTH} characters. Shorten it.`);
  }
  return clean === "" ? undefined : clean;
}

/** Turns labels into tags, each name once, in order. Throws `invalid` for too many, or one too long. */
export function parseTags(labels: readonly string[]): readonly Tag[] {
  const tags = new Map<string, Tag>();
  for (const raw of labels) {
    const label = cleanText(raw).replace(/\s+/gu, " ").trim().replace(/^#/u, "");
    const name = tagName(label);
    if (name === "") continue;
    if ([...label].length > MAX_TAG_LENGTH) {
      throw invalid("tags", `A tag is longer than ${MAX_TAG_LENGTH} characters. Put a comma between tags.`);
    }
    if (!tags.has(name)) tags.set(name, { name, label });
  }
  if (tags.size > MAX_TAGS) throw invalid("tags", `A note has at most ${MAX_TAGS} tags. Leave some out.`);
  return [...tags.values()];
}

/** Brings a language tag into its canonical form (BCP 47); empty is the site's. Throws `invalid` for no language. */
export function parseLanguage(language: string | undefined): string | undefined {
  const text = (language ?? "").trim();
  if (text === "") return undefined;
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    throw invalid("language", `“${text.slice(0, 40)}” is no language tag. Write one such as en, de-CH or ar.`);
  }
}

/** Checks the properties without a column. Throws `invalid` past MAX_PROPERTIES_BYTES. */
export function parseProperties(properties: Properties | undefined): Properties {
  const kept = properties ?? {};
  if (Buffer.byteLength(JSON.stringify(kept)) > MAX_PROPERTIES_BYTES) {
    throw invalid("properties", `The properties are larger than ${MAX_PROPERTIES_BYTES / 1024} KB. Leave some out.`);
  }
  return kept;
}

/** Checks old paths: each begins with one slash and stays on this site; queries and fragments are dropped. */
export function parseAliases(aliases: readonly string[] | undefined): readonly string[] {
  const list = aliases ?? [];
  if (list.length > MAX_ALIASES) throw invalid("aliases", `A note has at most ${MAX_ALIASES} aliases. Leave some out.`);
  return [...new Set(list.map(parseAlias))];
}

function parseAlias(alias: string): string {
  const path = decodePath(cleanText(alias).trim().split(/[?#]/u)[0] ?? "");
  const isPath = path.startsWith("/") && path.length > 1 && !/^\/[/\\]|\\|\p{Cc}/u.test(path);
  if (!isPath || path.length > MAX_ALIAS_LENGTH) {
    throw invalid("aliases", `An alias is a path such as /2021/old-name, at most ${MAX_ALIAS_LENGTH} characters long.`);
  }
  return path.length > 1 ? path.replace(/\/+$/u, "") || "/" : path;
}

function decodePath(path: string): string {
  try {
    return decodeURI(path).normalize("NFC");
  } catch {
    return path; // A lone percent sign is part of the name.
  }
}
