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
  /^(?:hljs(?:-[a-z_-]+)?|[a-z]+_{1,2}|language-\S+|footnotes|footnote-(?:ref|backref)|sr-only|alert|alert-[a-z]+|task-list-item|table-scroll|hashtag)$/;

/** Browsers flatten at 512, and a page adds its own. */
const DEEPEST = 200;

/**
 * Expects that a browser, with scripts on and off, finds nothing in `html` but what a note may show: no other element
 * or attribute, no address that runs something, no id without the anchor or twice, and nothing that leaves its container.
 */
export function expectHarmless(html: string, anchor: string): void {
  for (const scriptingEnabled of [true, false]) {
    const page = parse(`<!DOCTYPE html><html><head></head><body><div>${html}</div></body></html>`, {
      scriptingEnabled,
    });
    const root = page.childNodes.find((node) => node.nodeName === "html") as Element;
    const body = root.childNodes.find((node) => node.nodeName === "body") as Element;
    expect(body.childNodes.map((node) => node.nodeName)).toEqual(["div"]);
    expect(complaints(body.childNodes[0] as Element, anchor)).toEqual([]);
  }
}

function complaints(container: Element, anchor: string): string[] {
  const found: string[] = [];
  const ids = new Set<string>();
  const pending = container.childNodes.map((node) => ({ node, depth: 1 }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, depth } = next;
    if (!("tagName" in node)) continue;
    if (depth > DEEPEST) found.push(`<${node.tagName}> at depth ${depth}`);
    found.push(...complaintsAbout(node));
    for (const { value } of node.attrs.filter(({ name }) => name === "id")) {
      if (ids.has(value) || !value.startsWith(`${anchor}-`)) found.push(`id=${value}`);
      ids.add(value);
    }
    pending.push(...node.childNodes.map((child) => ({ node: child, depth: depth + 1 })));
  }
  return found;
}

function complaintsAbout(element: Element): string[] {
  const found: string[] = [];
  const isHtml = element.namespaceURI === "http://www.w3.org/1999/xhtml";
  if (!isHtml || !ELEMENTS.has(element.tagName)) found.push(`<${element.tagName}>`);
  for (const { name, value } of element.attrs) {
    if (!ATTRIBUTES.has(name)) found.push(`attribute ${name}`);
    if (["href", "src", "cite", "poster"].includes(name) && !SAFE_URL.test(value)) found.push(`${name}=${value}`);
    if (name === "class" && !value.split(" ").every((one) => SAFE_CLASS.test(one))) found.push(`class=${value}`);
  }
  return found;
}
