import { requireScope } from "../auth/scope.ts";
import type { Context } from "../context/context.ts";
import { invalid } from "../lib/errors.ts";
import { createUrls } from "../lib/urls.ts";
import type { NoteKind } from "../notes/note.ts";
import { listPeople } from "../notes/people.ts";
import { listTagLabels } from "../notes/written-notes-store.ts";
import type { MicropubGrant } from "./execute.ts";
import { answerSource, readFilter } from "./query-source.ts";

/** Tags that an app is told of at once, the most used first. */
export const MAX_CATEGORIES = 1_000;

/** The parameters of a query (§3.7). */
export type MicropubQuery = {
  readonly q: string | undefined;
  /** Names of the properties that are wanted; none: all. */
  readonly properties: readonly string[];
  /** Any other parameter, by its first value. */
  readonly parameter: (name: string) => string | undefined;
};

type QueryContext = Pick<Context, "db" | "config">;
type Answer = (ctx: QueryContext, query: MicropubQuery, grant: MicropubGrant) => object;

/** Scopes with which an app writes notes. */
const WRITING_SCOPES = ["create", "draft", "update"];

/** The kinds of posts that an app can make, with the word for each. */
const POST_TYPES: readonly { readonly type: NoteKind; readonly name: string }[] = [
  { type: "note", name: "Note" },
  { type: "article", name: "Article" },
  { type: "photo", name: "Photo" },
  { type: "video", name: "Video" },
  { type: "audio", name: "Audio" },
  { type: "reply", name: "Reply" },
  { type: "like", name: "Like" },
  { type: "repost", name: "Repost" },
  { type: "bookmark", name: "Bookmark" },
  { type: "rsvp", name: "RSVP" },
  { type: "event", name: "Event" },
];

/** Every query, by its name. There are no syndication targets and no channels, which is said by empty lists. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  config: (ctx) => ({
    "media-endpoint": createUrls(ctx.config.SITE_URL).mediaEndpoint(),
    "syndicate-to": [],
    channels: [],
    "post-types": POST_TYPES,
    visibility: ["public", "unlisted", "private"],
    q: Object.keys(ANSWERS),
  }),
  source: answerSource,
  "syndicate-to": () => ({ "syndicate-to": [] }),
  category(ctx, query, grant) {
    // Tags and people of notes that are not public are nothing for an app that only wants to know who signs in.
    requireScope(grant, ...WRITING_SCOPES);
    return { categories: filtered(listTagLabels(ctx.db, MAX_CATEGORIES), readFilter(query)) };
  },
  "post-types": () => ({ "post-types": POST_TYPES }),
  channel: () => ({ channels: [] }),
  contact(ctx, query, grant) {
    requireScope(grant, ...WRITING_SCOPES);
    return { contacts: contacts(ctx, readFilter(query)) };
  },
};

/**
 * Answers a query with the JSON that it asks for. Throws `invalid` for a query that there is not, `not_found` for an
 * address that is no post here, `forbidden` without a right.
 * @see https://www.w3.org/TR/micropub/#querying
 * @see https://indieweb.org/Micropub-extensions
 */
export function answerQuery(ctx: QueryContext, query: MicropubQuery, grant: MicropubGrant): object {
  const { q = "" } = query;
  const answer = Object.hasOwn(ANSWERS, q) ? ANSWERS[q] : undefined;
  if (answer === undefined) throw invalid("q", `“q” is one of ${Object.keys(ANSWERS).join(", ")}.`);
  return answer(ctx, query, grant);
}

function filtered(labels: readonly string[], filter: string | undefined): string[] {
  const wanted = filter?.toLowerCase() ?? "";
  return labels.filter((label) => label.toLowerCase().includes(wanted));
}

/** People whom the author's newest notes link to, as the extension has them. */
function contacts(ctx: QueryContext, filter: string | undefined): object[] {
  const wanted = filter?.toLowerCase() ?? "";
  return listPeople(ctx)
    .filter(({ name, url }) => `${name} ${url}`.toLowerCase().includes(wanted))
    .map(({ name, url }) => ({ nickname: name, name, url }));
}
