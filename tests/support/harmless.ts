import type { DefaultTreeAdapterTypes } from "parse5";
import { parse } from "parse5";
import { expect } from "vitest";

type Element = DefaultTreeAdapterTypes.Element;

/** What a note may show, written down a second time: the renderer's own list must not vouch for itself. */
const ELEMENTS = new Set(
  (
    "a abbr audio b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 " +
    "hr i img input ins kbd li mark ol p pre q rp rt ruby s samp section small source span strong sub summary sup table " +
    "tbody td tfoot th thead time tr track u ul var video wbr"
  ).split(" "),
);

const ATTRIBUTES = new Set(
  (
    "align alt aria-describedby aria-label checked cite class colspan controls datetime decoding default dir disabled " +
    "height href id kind label lang loading loop muted open poster preload reversed role rowspan scope src srclang start " +
    "tabindex title type value width"
  ).split(" "),
);

const SAFE_URL = /^(?:https?:\/\/[^/\\]|mailto:|#|\/(?![/\\])|(?![a-z][a-z0-9+.-]*:|[/\\]))/i;
const SAFE_CLASS =
  /^(?:hljs(?:-[a-z_-]+)?|[a-z]+_{1,2}|language-\S+|footnotes|footnote-(?:ref|backref)|sr-only|alert|alert-[a-z]+|task-list-item|table-scroll|p-category)$/;

/**
 * Expects that a browser, with scripts on and off, finds nothing in `html` but what a note may show: no other element
 * or attribute, no address that runs something, no id without the anchor, and nothing that leaves its container.
 */
export function expectHarmless(html: string, anchor: string): void {
  for (const scriptingEnabled of [true, false]) {
    const page = parse(`<!DOCTYPE html><html><head></head><body><div>${html}</div></body></html>`, {
      scriptingEnabled,
    });
    const body = elements(page).find((element) => element.tagName === "body");
    expect(body?.childNodes).toHaveLength(1);
    const container = body?.childNodes[0] as Element;
    expect(container.tagName).toBe("div");
    expect(elements(container).flatMap(complaints)).toEqual([]);
    expect(depth(container)).toBeLessThan(200);
    const ids = elements(container).flatMap((element) => element.attrs.filter(({ name }) => name === "id"));
    expect(ids.filter(({ value }) => !value.startsWith(`${anchor}-`))).toEqual([]);
    expect(new Set(ids.map(({ value }) => value)).size).toBe(ids.length);
  }
}

function elements(parent: DefaultTreeAdapterTypes.ParentNode): Element[] {
  return parent.childNodes.flatMap((node) => ("tagName" in node ? [node, ...elements(node)] : []));
}

function complaints(element: Element): string[] {
  const found: string[] = [];
  if (!ELEMENTS.has(element.tagName) || element.namespaceURI !== "http://www.w3.org/1999/xhtml")
    found.push(`<${element.tagName}>`);
  for (const { name, value } of element.attrs) {
    if (!ATTRIBUTES.has(name)) found.push(`attribute ${name}`);
    if (["href", "src", "cite", "poster"].includes(name) && !SAFE_URL.test(value)) found.push(`${name}=${value}`);
    if (name === "class" && !value.split(" ").every((one) => SAFE_CLASS.test(one))) found.push(`class=${value}`);
  }
  return found;
}

function depth(parent: DefaultTreeAdapterTypes.ParentNode): number {
  return Math.max(0, ...parent.childNodes.map((node) => ("tagName" in node ? 1 + depth(node) : 0)));
}
