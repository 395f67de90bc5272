import { createRequire } from "node:module";
import type { IOptions } from "sanitize-html";
import { invalid } from "./errors.ts";
import { DROPPED, ELEMENTS, EVERYWHERE, RENAMED, VOID } from "./html-rules.ts";
import type { HtmlParent } from "./html-tree.ts";
import { parseHtml } from "./html-tree.ts";
import { MAX_NESTING, shapeHtml } from "./shape-html.ts";
import { said } from "./words.ts";
import { serializeHtml } from "./write-html.ts";

/** Longest HTML of one note, in characters; text of the greatest length usually becomes a quarter of that. */
export const MAX_HTML_CHARACTERS = 2 * 1024 * 1024;

/** After this many passes HTML that still changes was made to confuse parsers. */
const MAX_PASSES = 5;

const OPTIONS: IOptions = {
  allowedTags: Object.keys(ELEMENTS),
  allowedAttributes: {
    ...Object.fromEntries(Object.entries(ELEMENTS).map(([tag, names]) => [tag, [...names]])),
    "*": [...EVERYWHERE],
  },
  allowedSchemes: ["http", "https", "mailto"],
  allowedSchemesAppliedToAttributes: ["cite", "href", "poster", "src"],
  allowProtocolRelative: false,
  transformTags: { ...RENAMED },
  nonTextTags: [...DROPPED],
  selfClosing: [...VOID],
  // Far more than a note may have, since tags whose end may be left out count here; what is too deep goes later.
  nestingLimit: 4 * MAX_NESTING,
  parseStyleAttributes: false,
};

const require = createRequire(import.meta.url);

/**
 * Makes foreign HTML safe to print and gives it the shape of this site's notes. Returns it as a tree: written out, that
 * parses to the same tree in every browser, with scripts on or off, and sanitising it again changes nothing. Ids begin
 * with `anchor`. Throws `invalid` where that is not possible or the result is too long.
 *
 * Two parsers look at it. The sanitiser takes away what may not pass and closes what was left open; then the tree that a
 * browser would build is held against the same allow-list once more.
 */
export function sanitise(html: string, anchor: string): HtmlParent {
  // Loaded with the first foreign HTML: most notes are without.
  const sanitizeHtml: typeof import("sanitize-html") = require("sanitize-html");
  let before = sanitizeHtml(html, OPTIONS);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const root = parseHtml(before);
    shapeHtml(root, anchor);
    const after = serializeHtml(root);
    if (after.length > MAX_HTML_CHARACTERS) throw invalid("content", TOO_LONG);
    if (after === before) return root;
    before = after;
  }
  throw invalid("content", UNSTABLE);
}

/**
 * The same for HTML that this program wrote around escaped text: held against the allow-list once, as the tree that a
 * browser would build. Throws `invalid` where it is too long.
 */
export function shapeOwn(html: string, anchor: string): HtmlParent {
  if (html.length > MAX_HTML_CHARACTERS) throw invalid("content", TOO_LONG);
  const root = parseHtml(html);
  shapeHtml(root, anchor);
  return root;
}

const TOO_LONG = said`This text becomes more than 2 MB of HTML. Split it into several notes, or use fewer links and tables.`;
const UNSTABLE = said`The HTML in this text is nested in a way that browsers read differently. Simplify its tags.`;
