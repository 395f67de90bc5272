import sanitizeHtml from "sanitize-html";
import { invalid } from "./errors.ts";
import { DROPPED, ELEMENTS, EVERYWHERE, RENAMED, VOID } from "./html-rules.ts";
import { shapeHtml } from "./shape-html.ts";

/** Deepest nesting of elements that is kept; deeper ones lose their tags, not their text. Browsers stop at 512. */
export const MAX_NESTING = 100;

/** Longest HTML of one note, in characters: sixteen times what most notes of the greatest length become. */
export const MAX_HTML_CHARACTERS = 2 * 1024 * 1024;

/** After this many passes HTML that still changes was made to confuse parsers. */
const MAX_PASSES = 5;

const OPTIONS: sanitizeHtml.IOptions = {
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
  nestingLimit: MAX_NESTING,
  parseStyleAttributes: false,
};

/**
 * Makes foreign HTML safe to print and gives it the shape of this site's notes. What comes out parses to the same tree
 * in every browser, with scripts on or off, and sanitising it again changes nothing. Ids begin with `anchor`.
 * Throws `invalid` where that is not possible or the result is too long.
 */
export function sanitise(html: string, anchor: string): string {
  let before = sanitizeHtml(html, OPTIONS);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const after = shapeHtml(before, anchor);
    if (after.length > MAX_HTML_CHARACTERS) throw invalid("content", TOO_LONG);
    if (after === before) return after;
    before = after;
  }
  throw invalid("content", UNSTABLE);
}

const TOO_LONG =
  "This text becomes more than 2 MB of HTML. Split it into several notes, or use fewer links and tables.";
const UNSTABLE = "The HTML in this text is nested in a way that browsers read differently. Simplify its tags.";
