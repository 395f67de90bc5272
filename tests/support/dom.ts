import type { DefaultTreeAdapterTypes } from "parse5";
import { parse } from "parse5";

/** An element of a parsed page. */
export type TestElement = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly node: DefaultTreeAdapterTypes.Element | DefaultTreeAdapterTypes.Document;
};

type Part = { tag: string; classes: string[]; id: string; attributes: [string, string | undefined][] };

/** The first element of a page that a selector fits; see `queryAll`. */
export function query(html: string | TestElement, selector: string): TestElement | undefined {
  return queryAll(html, selector)[0];
}

/** All elements that a selector fits, in document order. It knows tags, .classes, #ids, [attribute=value] and descendants. */
export function queryAll(html: string | TestElement, selector: string): TestElement[] {
  const parts = selector.trim().split(/\s+/u).map(parsePart);
  const root = typeof html === "string" ? toElement(parse(html)) : html;
  let found = [root];
  for (const part of parts) {
    found = [...new Set(found.flatMap((element) => descendants(element.node)))]
      .map(toElement)
      .filter((element) => fits(element, part));
  }
  return found;
}

/** All text below an element, with single spaces; empty for none. */
export function textOf(element: TestElement | undefined): string {
  if (element === undefined) return "";
  return collectText(element.node).replace(/\s+/gu, " ").trim();
}

function parsePart(text: string): Part {
  const attributes = [...text.matchAll(/\[([\w-]+)(?:="?([^\]"]*)"?)?\]/gu)].map(
    (found): [string, string | undefined] => [found[1] ?? "", found[2]],
  );
  const plain = text.replace(/\[[^\]]*\]/gu, "");
  return {
    tag: /^[a-z][\w-]*/iu.exec(plain)?.[0].toLowerCase() ?? "",
    classes: [...plain.matchAll(/\.([\w-]+)/gu)].map((found) => found[1] ?? ""),
    id: /#([\w-]+)/u.exec(plain)?.[1] ?? "",
    attributes,
  };
}

function fits(element: TestElement, part: Part): boolean {
  const classes = (element.attributes.class ?? "").split(/\s+/u);
  return (
    (part.tag === "" || part.tag === element.name) &&
    (part.id === "" || part.id === element.attributes.id) &&
    part.classes.every((name) => classes.includes(name)) &&
    part.attributes.every(
      ([name, value]) => name in element.attributes && (value === undefined || element.attributes[name] === value),
    )
  );
}

function descendants(node: TestElement["node"]): DefaultTreeAdapterTypes.Element[] {
  const children =
    "content" in node ? (node.content as DefaultTreeAdapterTypes.DocumentFragment).childNodes : node.childNodes;
  return children.flatMap((child) => ("tagName" in child ? [child, ...descendants(child)] : []));
}

function toElement(node: TestElement["node"]): TestElement {
  const attributes = "attrs" in node ? Object.fromEntries(node.attrs.map(({ name, value }) => [name, value])) : {};
  return { name: "tagName" in node ? node.tagName : "#document", attributes, node };
}

function collectText(node: DefaultTreeAdapterTypes.Node): string {
  if (node.nodeName === "#text") return (node as DefaultTreeAdapterTypes.TextNode).value;
  return "childNodes" in node ? node.childNodes.map(collectText).join("") : "";
}
