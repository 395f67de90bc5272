import type { Context } from "../context/context.ts";
import { invalid } from "../lib/errors.ts";
import type { MicropubGrant } from "./execute.ts";
import { micropubSite, requireNoteAt, requireScope } from "./execute.ts";
import { toProperties } from "./note-properties.ts";

/** The parameters of a query (§3.7). */
export type MicropubQuery = {
  readonly q: string | undefined;
  readonly url: string | undefined;
  /** Names of the properties that are wanted; none: all. */
  readonly properties: readonly string[];
};

/**
 * Answers a query with the JSON that it asks for: `config`, `syndicate-to` (there are no targets) and `source`.
 * Throws `invalid` for another one, `not_found` for an address that is no post here, `forbidden` without a right.
 * @see https://www.w3.org/TR/micropub/#querying
 */
export function answerQuery(ctx: Pick<Context, "db" | "config">, query: MicropubQuery, grant: MicropubGrant): object {
  if (query.q === "config") return { "syndicate-to": [], q: ["config", "source", "syndicate-to"] };
  if (query.q === "syndicate-to") return { "syndicate-to": [] };
  if (query.q === "source") return answerSource(ctx, query, grant);
  throw invalid("q", "“q” is config, source or syndicate-to.");
}

function answerSource(ctx: Pick<Context, "db" | "config">, query: MicropubQuery, grant: MicropubGrant): object {
  requireScope(grant, "create", "update", "delete", "undelete", "draft");
  if (query.url === undefined) throw invalid("url", "“url” is missing: which post is meant?");
  const note = requireNoteAt(ctx, query.url);
  const all = toProperties(note, micropubSite(ctx));
  if (query.properties.length === 0) return { type: [note.kind === "event" ? "h-event" : "h-entry"], properties: all };
  const wanted = query.properties.filter((name) => Object.hasOwn(all, name));
  return { properties: Object.fromEntries(wanted.map((name) => [name, all[name]])) };
}
