import { parse as parseToml, TomlDate } from "smol-toml";
import { isScalar, parseDocument, visit } from "yaml";
import { invalid } from "../lib/errors.ts";

/** A Markdown file, split: what its front matter says, and the text below it. */
export type FrontMatter = { readonly fields: Readonly<Record<string, unknown>>; readonly content: string };

const FENCED = /^(---|\+\+\+)[ \t]*\r?\n([\s\S]*?)(?<=\n)\1[ \t]*(?:\r?\n|$)/u;

const EMPTY_LINES = /^(?:[ \t]*\r?\n)+/u;

/** How often YAML may repeat what it has named once: enough for people, too little for a bomb. */
const MAX_YAML_ALIASES = 100;

/**
 * Splits a Markdown file into its YAML (between `---`) or TOML (between `+++`) front matter and the text below.
 * A file without front matter is all text. Empty lines below it are not part of the text, but for one at most where the
 * text `isExact`. Throws `invalid` when the front matter cannot be read, or is no table.
 */
export function parseFrontMatter(file: string, { isExact = false } = {}): FrontMatter {
  const text = file.replace(/^\uFEFF/u, "");
  const found = FENCED.exec(text);
  if (found === null) return { fields: {}, content: text };
  const [whole, fence, head = ""] = found;
  const fields = fence === "---" ? parseWith(readYaml, head, "YAML") : parseWith(parseToml, head, "TOML");
  return { fields: toTable(fields), content: text.slice(whole.length).replace(isExact ? /^\r?\n/u : EMPTY_LINES, "") };
}

function parseWith(parse: (head: string) => unknown, head: string, format: string): unknown {
  try {
    return parse(head);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    throw invalid("front matter", `The front matter is no ${format}: ${reason.replace(/[.:]*$/u, "")}.`);
  }
}

function readYaml(head: string): unknown {
  const document = parseDocument(head, { schema: "core", logLevel: "error" });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  visit(document, {
    Scalar(_key, node) {
      // A title 1.10, a tag 007 and a flag Yes are meant as they are written.
      if (isScalar(node) && isRewritten(node.value, node.source)) node.value = node.source;
    },
  });
  return document.toJS({ maxAliasCount: MAX_YAML_ALIASES });
}

function isRewritten(value: unknown, source: string | undefined): boolean {
  return source !== undefined && (typeof value === "number" || typeof value === "boolean") && String(value) !== source;
}

/** Own keys only, dates as the text that TOML has for them, so that both formats give the same. */
function toTable(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw invalid("front matter", "The front matter is no list of keys and values.");
  }
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toPlain(field)]));
}

function toPlain(value: unknown): unknown {
  if (value instanceof TomlDate) return value.toISOString();
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value === "bigint") return Number(value);
  return value;
}
