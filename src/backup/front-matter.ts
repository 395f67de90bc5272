import { parse as parseToml, TomlDate } from "smol-toml";
import { parse as parseYaml } from "yaml";
import { invalid } from "../lib/errors.ts";

/** A Markdown file, split: what its front matter says, and the text below it. */
export type FrontMatter = { readonly fields: Readonly<Record<string, unknown>>; readonly content: string };

const FENCED = /^(---|\+\+\+)[ \t]*\r?\n([\s\S]*?)(?:^|\r?\n)\1[ \t]*(?:\r?\n|$)/u;

/**
 * Splits a Markdown file into its YAML (between `---`) or TOML (between `+++`) front matter and the text below.
 * A file without front matter is all text. Throws `invalid` when the front matter cannot be read, or is no table.
 */
export function parseFrontMatter(file: string): FrontMatter {
  const text = file.replace(/^\uFEFF/u, "");
  const found = FENCED.exec(text);
  if (found === null) return { fields: {}, content: text };
  const [whole, fence, head = ""] = found;
  const fields = fence === "---" ? readYaml(head) : readToml(head);
  return { fields, content: text.slice(whole.length).replace(/^(?:[ \t]*\r?\n)+/u, "") };
}

function readYaml(head: string): Record<string, unknown> {
  return toTable(parseWith(() => parseYaml(head, { schema: "core", maxAliasCount: 100 }), "YAML"));
}

function readToml(head: string): Record<string, unknown> {
  return toTable(parseWith(() => parseToml(head), "TOML"));
}

function parseWith(parse: () => unknown, format: string): unknown {
  try {
    return parse();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    throw invalid("front matter", `The front matter is no ${format}: ${reason.replace(/[.:]*$/u, "")}.`);
  }
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
