import { createRequire } from "node:module";
import type { mf2 } from "microformats-parser";

/** What a page says in microformats: its items, and its links by relation type. None of it is safe as HTML. */
export type Microformats = Pick<ReturnType<typeof mf2>, "items" | "rels">;

const NOTHING: Microformats = { items: [], rels: {} };
const require = createRequire(import.meta.url);

/**
 * Reads the microformats of a page; addresses in it are made absolute against `baseUrl`. A page that cannot be read has
 * none: the parser throws for one without a body, and where items are nested thousands deep.
 * @see https://microformats.org/wiki/microformats2-parsing
 */
export function parseMicroformats(html: string, baseUrl: string): Microformats {
  // Loaded when the first foreign page is read: most starts never do.
  const parser = require("microformats-parser") as { mf2: typeof mf2 };
  try {
    return parser.mf2(html, { baseUrl, experimental: { lang: true } });
  } catch {
    return NOTHING;
  }
}
