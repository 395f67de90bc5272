import { requireScope } from "../auth/scope.ts";
import type { Context } from "../context/context.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { NOTE_KINDS } from "../notes/kind.ts";
import type { NoteKind } from "../notes/note.ts";
import { isListed } from "../notes/note.ts";
import type { StoredNote } from "../notes/note-store.ts";
import type { MicropubGrant } from "./execute.ts";
import { micropubSite, requireNoteAt } from "./execute.ts";
import type { MicropubSite } from "./note-properties.ts";
import { toProperties } from "./note-properties.ts";
import type { MicropubQuery } from "./query.ts";
import { listSourceNotes } from "./source-store.ts";

/** Posts on one page of a list of sources: unless said, and at most. */
export const SOURCES_PER_PAGE = 20;
export const MAX_SOURCES_PER_PAGE = 100;
/** How far into the list a page may begin. */
export const MAX_SOURCE_OFFSET = 100_000;
/** Characters of a text filter. */
export const MAX_FILTER_LENGTH = 100;

/** Scopes with which an app may read what is not public and not its own. */
const READING_SCOPES = ["update", "delete", "undelete"];

type QueryContext = Pick<Context, "db" | "config">;

/**
 * The source of one post (§3.7.2), or a list of them where no address is given: `{items}` with `type` and `properties`
 * each. An app that may not change posts sees those that are public, and those that it made.
 * @see https://indieweb.org/Micropub-extensions#Query_for_Post_List
 */
export function answerSource(ctx: QueryContext, query: MicropubQuery, grant: MicropubGrant): object {
  requireScope(grant, "create", "draft", ...READING_SCOPES);
  const url = query.parameter("url");
  if (url === undefined) return answerList(ctx, query, grant);
  const note = requireNoteAt(ctx, url);
  if (!seesAll(grant) && !isListed(note) && note.madeBy !== grant.clientId) throw notSeen();
  return sourceOf(note, micropubSite(ctx, grant), query.properties);
}

function answerList(ctx: QueryContext, query: MicropubQuery, grant: MicropubGrant): object {
  const limit = readNumber(query, "limit", { usual: SOURCES_PER_PAGE, most: MAX_SOURCES_PER_PAGE });
  const offset = readNumber(query, "offset", { usual: 0, most: MAX_SOURCE_OFFSET });
  const clientId = seesAll(grant) ? undefined : grant.clientId;
  const notes = listSourceNotes(ctx.db, { limit, offset, kind: readKind(query), filter: readFilter(query), clientId });
  return { items: notes.map((note) => sourceOf(note, micropubSite(ctx, grant), query.properties)) };
}

function sourceOf(note: StoredNote, site: MicropubSite, names: readonly string[]): object {
  const all = toProperties(note, site);
  const type = [note.kind === "event" ? "h-event" : "h-entry"];
  if (names.length === 0) return { type, properties: all };
  const wanted = names.filter((name) => Object.hasOwn(all, name));
  return { properties: Object.fromEntries(wanted.map((name) => [name, all[name]])) };
}

function seesAll({ scopes }: MicropubGrant): boolean {
  return READING_SCOPES.some((scope) => scopes.has(scope));
}

function readNumber(query: MicropubQuery, name: string, { usual, most }: { usual: number; most: number }): number {
  const text = query.parameter(name);
  if (text === undefined) return usual;
  if (/^\d{1,9}$/u.test(text) && Number(text) <= most) return Number(text);
  throw invalid(name, `“${name}” is a number from 0 to ${most}.`);
}

function readKind(query: MicropubQuery): NoteKind | undefined {
  const name = query.parameter("post-type");
  if (name === undefined) return undefined;
  const kind = NOTE_KINDS.find((known) => known === name);
  if (kind === undefined) throw invalid("post-type", `“post-type” is one of ${NOTE_KINDS.join(", ")}.`);
  return kind;
}

/** What a list is to have of these letters; undefined: everything. */
export function readFilter(query: MicropubQuery): string | undefined {
  const filter = query.parameter("filter")?.trim();
  if (filter === undefined || filter === "") return undefined;
  if (filter.length > MAX_FILTER_LENGTH) {
    throw invalid("filter", `“filter” may have ${MAX_FILTER_LENGTH} characters. Shorten it.`);
  }
  return filter;
}

/** In the words for a post that there is not: whether there is one is not for this app to know. */
function notSeen(): AppError {
  return new AppError("not_found", "There is no post of this site at that address.");
}
