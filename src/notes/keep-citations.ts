import type { Context } from "../context/context.ts";
import type { Database } from "../db/database.ts";
import { enqueue } from "../jobs/job.ts";
import type { Timestamp } from "../lib/clock.ts";
import {
  findCitations,
  insertNoteCitations,
  removeOtherNoteCitations,
  removeUncited,
  updateCitationFailure,
} from "./citation-store.ts";
import { listCited } from "./cited.ts";
import { removeMedia } from "./library-store.ts";
import type { Note } from "./note.ts";

type Citing = Pick<Note, "id" | "properties">;

/**
 * Remembers which pages a note is about, and queues the fetching of those that are new, and of those that failed before:
 * the author may have mended the address. Returns pages that it is about no longer, for `forgetUncited`. Runs inside a
 * transaction.
 */
export function keepCitations(db: Database, { id, properties }: Citing, now: Timestamp): string[] {
  const urls = citedUrls(properties);
  const uncited = removeOtherNoteCitations(db, id, urls);
  if (urls.length === 0) return uncited;
  insertNoteCitations(db, id, { urls, now });
  const known = findCitations(db, urls);
  for (const url of urls) {
    const citation = known.get(url);
    if (citation?.fetchedAt === undefined || citation.reason !== undefined) requestCitation(db, url, now);
  }
  return uncited;
}

/** Removes what is known of pages that no note is about any more, with the copies of their pictures. Runs inside a transaction. */
export function forgetUncited(db: Database, urls: readonly string[], now: Timestamp): void {
  if (urls.length === 0) return;
  // The files themselves have no row then, and are swept.
  for (const name of removeUncited(db, urls)) removeMedia(db, name, now);
}

/** Has the pages that a note is about fetched anew, because the author asks for it. */
export function refetchCitations(ctx: Pick<Context, "db" | "clock">, note: Citing): Promise<void> {
  const urls = citedUrls(note.properties);
  return ctx.db.write(() => {
    const now = ctx.clock();
    insertNoteCitations(ctx.db, note.id, { urls, now });
    for (const url of urls) requestCitation(ctx.db, url, now);
  });
}

function requestCitation(db: Database, url: string, now: Timestamp): void {
  updateCitationFailure(db, url, { reason: undefined, now });
  enqueue(db, { kind: "notes.fetch_citation", payload: { url }, now, uniqueKey: url });
}

function citedUrls(properties: Note["properties"]): string[] {
  return [...new Set(listCited(properties).map(({ url }) => url))];
}
