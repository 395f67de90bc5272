/** Where the URLs of a note's HTML are seen from. */
export type HtmlBase = {
  /** Origin of the site, without a slash at the end. */
  readonly siteUrl: string;
  /** Absolute address of the note. */
  readonly permalink: string;
};

// A quoted value may hold a ">", so a tag ends at the first one outside of quotes.
const TAG = /<[a-z][^"'<>]*(?:(?:"[^"]*"|'[^']*')[^"'<>]*)*>/gi;
// Most tags have no URL (highlighted code is full of them), and this tells it at once.
const MAY_HAVE_URL = /href|src|poster|cite/i;
const ATTRIBUTE = /([^\s"'<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'<>=`]+)/g;
const URL_ATTRIBUTES = new Set(["href", "src", "poster", "cite"]);
// An image candidate is an address without white space, then perhaps a size; a comma at its end parts it from the next.
const AROUND_URL = /^[^!-\u{10ffff}]+|[^!-\u{10ffff}]+$/gu;
const CANDIDATE = /([^\s,]\S*?)(?=,*(?:\s|$))(\s[^,]*)?/g;

// Written by notes/image-variants.ts; everything that looks like them in a note's text is escaped.
const PICTURE = /<\/?picture>|<source type="image\/[^>]*>/g;
const CANDIDATES = /(<img [^>]*?) srcset="[^"]*" sizes="[^"]*"/g;

/** Leaves of each image that comes in several sizes only its `src`: readers of feeds often keep the last size they see. */
export function withPlainImages(html: string): string {
  return html.includes(" srcset=") ? html.replace(PICTURE, "").replace(CANDIDATES, "$1") : html;
}

/**
 * Makes the URLs in a note's stored HTML (`href`, `src`, `srcset`, `poster`, `cite`) absolute, and changes nothing else.
 * What has a scheme or begins with `//` stays as it is; a fragment becomes one of the permalink.
 * For our own sanitised, serialised HTML only: it does not know comments, scripts or unclosed tags.
 */
export function toAbsoluteHtml(html: string, base: HtmlBase): string {
  return html.replace(TAG, (tag) => (MAY_HAVE_URL.test(tag) ? toAbsoluteTag(tag, base) : tag));
}

function toAbsoluteTag(tag: string, base: HtmlBase): string {
  return tag.replace(ATTRIBUTE, (whole: string, ...[name = "", equals = "", value = ""]: string[]) => {
    const resolved = toAbsoluteValue(name.toLowerCase(), value, base);
    return resolved === undefined ? whole : name + equals + resolved;
  });
}

function toAbsoluteValue(name: string, value: string, base: HtmlBase): string | undefined {
  const quote = /^["']/.exec(value)?.[0] ?? "";
  const text = quote === "" ? value : value.slice(1, -1);
  if (URL_ATTRIBUTES.has(name)) return quote + toAbsoluteUrl(text, base) + quote;
  if (name === "srcset") return quote + toAbsoluteCandidates(text, base) + quote;
  return undefined;
}

function toAbsoluteCandidates(srcset: string, base: HtmlBase): string {
  return srcset.replace(CANDIDATE, (_, url: string, size = "") => toAbsoluteUrl(url, base) + size);
}

/** As written: dots are not resolved and nothing is encoded anew. What browsers skip in a URL is left out, and `\` is `/`. */
function toAbsoluteUrl(written: string, { siteUrl, permalink }: HtmlBase): string {
  const url = written.replace(AROUND_URL, "").replace(/[\t\n\r]/g, "");
  if (/^(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(url)) return url;
  if (/^[/\\]/.test(url)) return siteUrl + url;
  if (url === "" || /^[?#]/.test(url)) return permalink + url;
  return permalink.replace(/[^/]*$/, "") + url;
}
