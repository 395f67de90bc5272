/** First line of every XML document of this site. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

// Whatever is not in the Char production of XML 1.0. With the u flag only a surrogate without its other half counts as one.
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
// The same without astral characters: half the time to find that a text has nothing of it.
const MAYBE_NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/;

const MARKUP: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;", // so that "]]>" never stands in text
  '"': "&quot;",
  "'": "&apos;",
  // A parser turns a bare return into a line feed, and white space of an attribute into blanks.
  "\r": "&#13;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Drops the characters that XML 1.0 cannot hold, not even as references; leaves all others as they are. */
export function toXmlCharacters(text: string): string {
  return MAYBE_NOT_XML.test(text) ? text.replace(NOT_XML, "") : text;
}

/** Text as the content of an element: reads back as it was, but for characters that XML cannot hold. */
export function escapeXml(text: string): string {
  return toXmlCharacters(text).replace(/[&<>\r]/g, markup);
}

/** Text as an attribute value in either kind of quotes: reads back as it was, but for characters that XML cannot hold. */
export function escapeXmlAttribute(text: string): string {
  return toXmlCharacters(text).replace(/[&<>"'\r\n\t]/g, markup);
}

/** A start tag. Names are the program's own, never input. */
export function xmlStartTag(name: string, attributes: Readonly<Record<string, string>> = {}): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXmlAttribute(value)}"`);
  return `<${name}${written.join("")}>`;
}

/** A whole element on a line of its own; without text it is an empty tag. Names are the program's own, never input. */
export function xmlElement(name: string, text: string, attributes: Readonly<Record<string, string>> = {}): string {
  const start = xmlStartTag(name, attributes);
  return text === "" ? `${start.slice(0, -1)}/>\n` : `${start}${escapeXml(text)}</${name}>\n`;
}

function markup(character: string): string {
  return MARKUP[character] ?? character;
}
