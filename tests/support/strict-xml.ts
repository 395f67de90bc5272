/** An element as a strict XML 1.0 parser reads it. */
export type XmlElement = {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** All text directly inside, references resolved. */
  text: string;
};

const NAME = /[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?/y;
const ASIDE = /<!--(?:(?!--)[\s\S])*-->|<\?(?!xml[\s?])[A-Za-z_][\s\S]*?\?>/iy;
const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const BUILT_IN_PREFIXES = new Set(["xml", "xmlns"]);

/**
 * Parses a document as XML 1.0 with namespaces and no document type, and throws at the first fault: more forgiving
 * parsers hide what a reader's parser would choke on.
 */
export function parseXml(source: string): XmlElement {
  if (!isXmlText(source)) throw new Error("a character that XML 1.0 cannot hold");
  const reader = new Reader(source.replace(/\r\n?/g, "\n"));
  reader.skipDeclaration();
  reader.skipMisc();
  const root = reader.element(BUILT_IN_PREFIXES);
  reader.skipMisc();
  reader.expectEnd();
  return root;
}

/** All elements of that name below, in document order. */
export function elements(root: XmlElement, name: string): XmlElement[] {
  return root.children.flatMap((child) => [...(child.name === name ? [child] : []), ...elements(child, name)]);
}

/** Text of the only direct child of that name; undefined where there is none. */
export function childText(root: XmlElement, name: string): string | undefined {
  const found = root.children.filter((child) => child.name === name);
  if (found.length > 1) throw new Error(`${found.length} <${name}> in <${root.name}>`);
  return found[0]?.text;
}

function isXmlText(text: string): boolean {
  return /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text);
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  skipDeclaration(): void {
    this.#match(/<\?xml version="1\.0"( encoding="UTF-8")?( standalone="(?:yes|no)")?\s*\?>/y);
  }

  skipMisc(): void {
    while (this.#match(/\s+/y) !== undefined || this.#match(ASIDE) !== undefined);
  }

  expectEnd(): void {
    if (this.#at !== this.#text.length) this.#fail("something follows the root");
  }

  element(prefixes: ReadonlySet<string>): XmlElement {
    this.#expect("<");
    const name = this.#name();
    const attributes = this.#attributes();
    const known = withDeclared(prefixes, attributes);
    this.#checkPrefixes([name, ...Object.keys(attributes)], known);
    const element: XmlElement = { name, attributes, children: [], text: "" };
    if (this.#match(/\s*\/>/y) !== undefined) return element;
    if (this.#match(/\s*>/y) === undefined) this.#fail(`the tag of <${name}> does not end`);
    this.#content(element, known);
    this.#expect(`</${name}`);
    if (this.#match(/\s*>/y) === undefined) this.#fail(`the end tag of <${name}> does not end`);
    return element;
  }

  #content(parent: XmlElement, prefixes: ReadonlySet<string>): void {
    while (!this.#text.startsWith("</", this.#at)) {
      if (this.#at >= this.#text.length) this.#fail(`<${parent.name}> is not closed`);
      const text = this.#characters();
      parent.text += text ?? "";
      if (text !== undefined || this.#match(ASIDE) !== undefined) continue;
      parent.children.push(this.element(prefixes));
    }
  }

  #characters(): string | undefined {
    if (this.#text[this.#at] === "&") return this.#reference();
    const text = this.#match(/[^<&]+/y);
    if (text?.includes("]]>")) this.#fail("]]> stands in text");
    return text ?? this.#match(/<!\[CDATA\[[\s\S]*?\]\]>/y)?.slice(9, -3);
  }

  #attributes(): Record<string, string> {
    const found: Record<string, string> = {};
    while (this.#match(/\s+(?=[^\s/>])/y) !== undefined) {
      const name = this.#name();
      if (Object.hasOwn(found, name)) this.#fail(`the attribute ${name} stands twice`);
      if (this.#match(/\s*=\s*/y) === undefined) this.#fail(`the attribute ${name} has no value`);
      found[name] = this.#attributeValue();
    }
    return found;
  }

  #attributeValue(): string {
    const quote = this.#match(/["']/y) ?? this.#fail("an attribute value without quotes");
    let value = "";
    while (this.#text[this.#at] !== quote) {
      const plain = this.#match(quote === '"' ? /[^"<&]+/y : /[^'<&]+/y);
      if (plain !== undefined) value += plain.replace(/[\t\n]/g, " ");
      else if (this.#text[this.#at] === "&") value += this.#reference();
      else this.#fail("an attribute value does not end, or holds a <");
    }
    this.#expect(quote);
    return value;
  }

  #reference(): string {
    const reference = this.#match(/&(?:#\d+|#x[0-9a-fA-F]+|\w+);/y) ?? this.#fail("a bare &");
    const body = reference.slice(1, -1);
    if (!body.startsWith("#")) return NAMED[body] ?? this.#fail(`the entity ${reference} is not declared`);
    const code = body.startsWith("#x") ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1));
    if (code > 0x10ffff || !isXmlText(String.fromCodePoint(code))) this.#fail(`${reference} is no XML character`);
    return String.fromCodePoint(code);
  }

  #checkPrefixes(names: string[], known: ReadonlySet<string>): void {
    const unknown = names.find((name) => name.includes(":") && !known.has(name.slice(0, name.indexOf(":"))));
    if (unknown !== undefined) this.#fail(`the prefix of ${unknown} is not declared`);
  }

  #name(): string {
    return this.#match(NAME) ?? this.#fail("no name");
  }

  #expect(literal: string): void {
    if (!this.#text.startsWith(literal, this.#at)) this.#fail(`no ${literal}`);
    this.#at += literal.length;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #fail(reason: string): never {
    throw new Error(`${reason}, at ${this.#at}: ${JSON.stringify(this.#text.slice(this.#at, this.#at + 60))}`);
  }
}

function withDeclared(prefixes: ReadonlySet<string>, attributes: Record<string, string>): ReadonlySet<string> {
  const declared = Object.keys(attributes).filter((name) => name.startsWith("xmlns:"));
  return new Set([...prefixes, ...declared.map((name) => name.slice("xmlns:".length))]);
}
