import type { WordsValue, WordsValues } from "./words.ts";
import { fill, Message, t, writeNumber } from "./words.ts";

/** Values of a sentence with markup: text by the names in braces, and attributes by the names of elements. */
export type RichValues = Readonly<Record<string, WordsValue | Readonly<Record<string, WordsValue>>>>;

/** Elements that need no attributes. */
const PLAIN_ELEMENTS: ReadonlySet<string> = new Set(["b", "strong", "em", "code", "kbd", "bdi", "span"]);

/** Sentences whose parts are kept. They stand in templates and catalogues, so there are only so many. */
const MAX_KEPT = 1_000;

const kept = new Map<string, readonly string[]>();

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  '"': "&quot;",
  "'": "&#39;",
  "<": "&lt;",
  ">": "&gt;",
  "\\": "&#92;",
};

/**
 * What views call `rich`: HTML of a sentence with elements in it, `Read <a>the notes</a> of {name}.` Values are escaped.
 * An element has the attributes that `values` has under its name (`a: { href: path }`, a second one is `a2`); any other
 * than these and a few that need none (`code`, `strong` …) is text, so that no translation can bring HTML in.
 */
export function rich(id: string, values: RichValues = {}): string {
  const sentence = t(id);
  const parts = kept.get(sentence) ?? sentence.split(/(<\/?\w+>)/);
  if (kept.size < MAX_KEPT) kept.set(sentence, parts);
  let html = "";
  for (const [index, part] of parts.entries()) {
    html += index % 2 === 0 ? escapeText(fill(part, values as WordsValues)) : element(part, values);
  }
  return html;
}

function element(tag: string, values: RichValues): string {
  const [, slash = "", name = ""] = /^<(\/?)(\w+)>$/.exec(tag) ?? [];
  const attributes = Object.hasOwn(values, name) ? values[name] : undefined;
  const isKnown = PLAIN_ELEMENTS.has(name) || (attributes !== undefined && !isText(attributes));
  if (!isKnown) return escapeText(tag);
  const elementName = name.replace(/\d+$/, "");
  if (slash === "/" || attributes === undefined || isText(attributes)) return `<${slash}${elementName}>`;
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(printed(value))}"`);
  return `<${elementName}${written.join("")}>`;
}

function isText(value: RichValues[string]): value is WordsValue {
  return typeof value !== "object" || value instanceof Message;
}

function printed(value: WordsValue): string {
  return typeof value === "number" ? writeNumber(value) : value.toString();
}

function escapeText(text: string): string {
  return text.replace(/[&"'<>\\]/g, (character) => ENTITIES[character] ?? character);
}
