import { escapeHtml } from "../lib/html.ts";
import type { ShownElsewhere } from "../notes/note-image-store.ts";

/** Most characters of a header that name files elsewhere; past them whole servers are named, then none. */
export const MAX_SOURCES_LENGTH = 2_000;

/** Sources of a content security policy, beside the page's own server. */
export type Sources = { readonly images: readonly string[]; readonly media: readonly string[] };

/**
 * What a page loads from elsewhere until it is copied, as sources of its policy: only those of `shown` that stand in its
 * HTML, each for itself.
 * @see https://www.w3.org/TR/CSP3/#match-url-to-source-expression
 */
export function sourcesIn(html: string, shown: readonly ShownElsewhere[]): Sources | undefined {
  const there = shown.filter(({ url }) => html.includes(` src="${escapeHtml(url)}"`));
  if (there.length === 0) return undefined;
  const of = (as: ShownElsewhere["shownAs"]) => there.filter(({ shownAs }) => shownAs === as).map(({ url }) => url);
  return { images: shorten(of("image")), media: shorten(of("media")) };
}

function shorten(urls: readonly string[]): string[] {
  const whole = urls.map(toSource);
  if (whole.join(" ").length <= MAX_SOURCES_LENGTH) return whole;
  const origins = [...new Set(urls.map((url) => new URL(url).origin))];
  while (origins.join(" ").length > MAX_SOURCES_LENGTH) origins.pop();
  return origins;
}

/** Without the query, which a policy does not know, and without the two characters that would end the source. */
function toSource(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replaceAll(";", "%3B").replaceAll(",", "%2C");
}
