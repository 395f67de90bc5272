import { invalid, refuseLonger } from "../lib/errors.ts";
import { cleanText } from "../lib/text.ts";
import { said } from "../lib/words.ts";
import { KIND_NOUNS } from "../notes/kind-words.ts";
import { parseTags, parseTitle } from "../notes/note-input.ts";

/** What the author keeps at hand: text for notes, beginnings of notes, searches. */
export type DeskKind = "snippet" | "template" | "search";

/** What each kind holds, by name. */
export const DESK_FIELDS = {
  snippet: ["content"],
  template: ["title", "tags", "kind", "content"],
  search: ["query", "status", "sort"],
} as const satisfies Record<DeskKind, readonly string[]>;

/** What one thing holds, as text. */
export type DeskFields<Kind extends DeskKind> = Readonly<Record<(typeof DESK_FIELDS)[Kind][number], string>>;

/** One thing under its name. */
export type DeskItem<Kind extends DeskKind = DeskKind> = {
  readonly id: number;
  readonly name: string;
  readonly fields: DeskFields<Kind>;
};

/** Most things of each kind. */
export const MAX_DESK_ITEMS = 50;
/** Characters of a name. */
export const MAX_DESK_NAME_LENGTH = 60;
/** Characters of a snippet: all of them stand in the editor's page. */
export const MAX_SNIPPET_LENGTH = 2_000;
/** Characters of the text of a template. */
export const MAX_TEMPLATE_LENGTH = 20_000;
/** Characters of a search that is kept: as many as a search may have. */
export const MAX_SAVED_QUERY_LENGTH = 200;

const STATUSES = ["", "published", "draft", "scheduled", "trashed"];

type Said = Readonly<Record<string, string>>;

const RULES: { readonly [Kind in DeskKind]: (sent: Said) => DeskFields<Kind> } = {
  snippet: ({ content = "" }) => {
    if (content.trim() === "") throw invalid("content", said`The snippet is empty. Write what it shall insert.`);
    return { content: parseLength("content", content, MAX_SNIPPET_LENGTH) };
  },
  template: ({ title = "", tags = "", kind = "", content = "" }) => {
    if (`${title}${tags}${kind}${content}`.trim() === "") {
      throw invalid("content", said`The template is empty. Write a beginning.`);
    }
    parseTags(tags.split(","));
    return {
      title: parseTitle(title) ?? "",
      tags: tags.trim(),
      kind: Object.hasOwn(KIND_NOUNS, kind) ? kind : "",
      content: parseLength("content", content, MAX_TEMPLATE_LENGTH),
    };
  },
  search: ({ query = "", status = "", sort = "" }) => {
    const known = STATUSES.includes(status) ? status : "";
    if (query.trim() === "" && known === "") {
      throw invalid("query", said`The search is empty. Write words, or choose a status.`);
    }
    return {
      query: parseLength("query", query.trim(), MAX_SAVED_QUERY_LENGTH),
      status: known,
      sort: sort === "relevance" ? sort : "",
    };
  },
};

/**
 * Checks what was typed of one thing. Throws `invalid` with the field: `name`, or one of what its kind holds. What the
 * kind does not hold is left out.
 */
export function parseDeskItem<Kind extends DeskKind>(
  kind: Kind,
  typed: { readonly name: string; readonly fields: Said },
): Omit<DeskItem<Kind>, "id"> {
  const name = cleanText(typed.name).replace(/\s+/gu, " ").trim();
  if (name === "") throw invalid("name", said`Give it a name, by which you find it again.`);
  parseLength("name", name, MAX_DESK_NAME_LENGTH);
  const clean = Object.entries(typed.fields).map(([field, text]) => [field, cleanText(text)]);
  return { name, fields: RULES[kind](Object.fromEntries(clean)) };
}

function parseLength(field: string, text: string, max: number): string {
  refuseLonger(field, text, max);
  return text;
}
