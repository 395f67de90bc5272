import { urlKind } from "../lib/safe-url.ts";
import type { Properties } from "./note.ts";

/** Longest address of a page that a note is about, in characters; a longer one is no link. */
export const MAX_CITED_URL_LENGTH = 2_048;
/** Most pages that a note is shown to be about; what a client sends beyond is kept, and not shown. */
export const MAX_CITED = 20;

/** Properties whose values are pages that a note is about, in the order in which they are shown. */
export const CITING_PROPERTIES = ["in-reply-to", "repost-of", "like-of", "bookmark-of"] as const;

/** A property whose values are pages that a note is about. */
export type CitingProperty = (typeof CITING_PROPERTIES)[number];

/** A page that a note is about, by the property that says so. */
export type Cited = { readonly property: CitingProperty; readonly url: string };

/** The address in a value of a citing property, which may be an h-cite; undefined for what is none on the web. */
export function citedUrl(value: unknown): string | undefined {
  const url = typeof value === "string" ? value : urlInside(value);
  return typeof url === "string" && isCitable(url) ? url : undefined;
}

/** Whether a text is an address that a note can be about: on the web, and at most MAX_CITED_URL_LENGTH long. */
export function isCitable(url: string): boolean {
  return url.length <= MAX_CITED_URL_LENGTH && urlKind(url) === "web";
}

/** The pages that a note with these properties is about, each once a property, MAX_CITED at most. */
export function listCited(properties: Properties): readonly Cited[] {
  const all = CITING_PROPERTIES.flatMap((property) => {
    const urls = valuesOf(properties, property).map(citedUrl);
    return [...new Set(urls)].filter((url) => url !== undefined).map((url) => ({ property, url }));
  });
  return all.slice(0, MAX_CITED);
}

/** The values of a property; front matter of other programs may have what is no list under such a name. */
export function valuesOf(properties: Properties, name: string): readonly unknown[] {
  const values: unknown = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return Array.isArray(values) ? values : [];
}

function urlInside(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const { properties, value: plain } = value as { properties?: { url?: unknown }; value?: unknown };
  const url = properties?.url;
  return (Array.isArray(url) ? url[0] : url) ?? plain;
}
