import { parseMicroformats } from "./microformats.ts";

/** Where the links of a page lead, by relation type in lower case, absolute and in document order. */
export type PageLinks = Readonly<Record<string, readonly string[]>>;

/**
 * Reads the links of a page that have a `rel`. How long it takes is the page's doing: call it by `readLinks` of
 * read-page-safely.ts.
 */
export function readLinksNow(html: string, url: string): PageLinks {
  return parseMicroformats(html, url).rels;
}
