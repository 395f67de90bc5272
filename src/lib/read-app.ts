import { parseMicroformats } from "./microformats.ts";

/** What a page says of the app whose page it is, as it says it: nothing of it was checked. */
export type AppFacts = {
  readonly name: string;
  readonly url: string;
  readonly logoUrl: string;
  /** Targets of its links with rel=redirect_uri, in order. */
  readonly redirectUris: readonly string[];
};

/**
 * Reads an h-app and `rel=redirect_uri` from a page. How long it takes is the page's doing: call it by `readApp` of
 * read-page-safely.ts.
 * @see https://indieauth.spec.indieweb.org/#application-information
 */
export function readAppNow(html: string, url: string): AppFacts {
  const { items, rels } = parseMicroformats(html, url);
  const app = items.find(({ type }) => type?.some((name) => name === "h-app" || name === "h-x-app"));
  const first = (name: string) => textOf(app?.properties[name]?.[0]);
  return {
    name: first("name"),
    url: first("url"),
    logoUrl: first("logo") || first("photo"),
    redirectUris: rels.redirect_uri ?? [],
  };
}

/** The text of a property: a string, or the value of an image or an embedded object. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const inner = typeof value === "object" && value !== null && "value" in value ? value.value : undefined;
  return typeof inner === "string" ? inner : "";
}
