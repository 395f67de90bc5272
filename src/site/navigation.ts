import { invalid, refuseLonger } from "../lib/errors.ts";
import { isUrl } from "../lib/is-url.ts";
import { cleanText } from "../lib/text.ts";
import { paths } from "../lib/urls.ts";
import { said } from "../lib/words.ts";

/** An entry of the menu that every page has. */
export type NavigationEntry = {
  readonly label: string;
  /** A root-relative path, or an absolute http(s) URL. */
  readonly address: string;
};

/** Most entries of the menu. */
export const MAX_NAVIGATION_ENTRIES = 12;
/** Characters of what an entry says. */
export const MAX_ENTRY_LABEL_LENGTH = 40;
/** Characters of where an entry leads. */
export const MAX_ENTRY_ADDRESS_LENGTH = 2_048;

/** The menu of a site whose author has not made another. */
export const DEFAULT_NAVIGATION: readonly NavigationEntry[] = [
  { label: "Archive", address: paths.archive() },
  { label: "Search", address: paths.search() },
  { label: "Feed", address: paths.feed("xml") },
];

/** Reads a menu as a program sends it: a list of `{ label, address }`. Throws `invalid` for the first entry that breaks a rule. */
export function parseNavigation(value: unknown): NavigationEntry[] {
  if (!Array.isArray(value)) throw invalid("navigation", said`The menu is no list of entries.`);
  if (value.length > MAX_NAVIGATION_ENTRIES) {
    throw invalid("navigation", said`The menu has ${value.length} entries; keep ${MAX_NAVIGATION_ENTRIES} or fewer.`);
  }
  return value.map((entry: unknown) => {
    const { label, address } = typeof entry === "object" && entry !== null ? (entry as Record<string, unknown>) : {};
    return { label: parseEntryLabel(label), address: parseEntryAddress(address) };
  });
}

/** Reads what an entry says. Throws `invalid` for nothing, and for too much. */
export function parseEntryLabel(value: unknown): string {
  const label = typeof value === "string" ? cleanText(value).replace(/\s+/gu, " ").trim() : "";
  if (label === "") throw invalid("label", said`Say what the entry is called.`);
  refuseLonger("label", label, MAX_ENTRY_LABEL_LENGTH);
  return label;
}

/** Reads where an entry leads. Throws `invalid` for whatever is neither a path of this site nor an http(s) URL. */
export function parseEntryAddress(value: unknown): string {
  const text = typeof value === "string" ? cleanText(value).trim() : "";
  const address = isPath(text) ? toPath(text) : toWebAddress(text);
  if (address === undefined) {
    throw invalid(
      "address",
      said`Write a path of this site, such as /about, or an address such as https://example.com/.`,
    );
  }
  if (address.length <= MAX_ENTRY_ADDRESS_LENGTH) return address;
  throw invalid("address", said`This is longer than ${MAX_ENTRY_ADDRESS_LENGTH} characters; use a shorter address.`);
}

/** One slash, and no second one or backslash behind it: browsers take both for another site. */
function isPath(text: string): boolean {
  return /^\/(?![/\\])/u.test(text) && !/[\\\s]/u.test(text);
}

function toPath(text: string): string | undefined {
  const base = "http://site.invalid";
  if (!isUrl(text, base)) return undefined;
  const url = new URL(text, base);
  const path = url.pathname + url.search + url.hash;
  return url.origin === base && isPath(path) ? path : undefined;
}

function toWebAddress(text: string): string | undefined {
  const url = /^https?:\/\//iu.test(text) && isUrl(text) ? new URL(text) : undefined;
  return url?.username === "" && url.password === "" ? url.href : undefined;
}
