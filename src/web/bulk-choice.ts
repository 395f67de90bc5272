import { setImmediate } from "node:timers/promises";
import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { MAX_BULK_NOTES } from "../notes/bulk-act.ts";
import { formatCursor } from "../notes/cursor.ts";
import type { NoteStatus } from "../notes/note.ts";
import { listWrittenIds } from "../notes/written-notes-store.ts";
import { findWrittenNotes } from "../search/search-aside.ts";
import { isIndexFarBehind } from "../search/search-index.ts";
import { limitQuery } from "../search/search-query.ts";
import type { Form } from "./form.ts";
import { LISTED_STATUSES } from "./note-rows.ts";

/** The notes that a form means, and whether there are more than one act takes. */
export type BulkChoice = { readonly noteIds: readonly number[]; readonly hasMore: boolean };

/** The list that a form was shown below. */
export type ListChoice = { readonly status: NoteStatus | "all"; readonly query: string };

/** The list that the form names. */
export function readListChoice(form: Form): ListChoice {
  const status = LISTED_STATUSES.find((listed) => listed.status === form.text("status"))?.status ?? "all";
  return { status, query: limitQuery(form.text("q")).trim() };
}

/** The ticked notes of a form. */
export function tickedNotes(form: Form): number[] {
  return form
    .texts("note")
    .filter((id) => /^[1-9]\d{0,14}$/u.test(id))
    .map(Number);
}

/**
 * All notes of a list or a search, on whatever page, at most MAX_BULK_NOTES: those that were changed longest ago, so that
 * doing it again comes to the others. Throws `unavailable` for a search that only looks through the newest notes, or while
 * more of them come into the index than it waits for.
 */
export async function allNotes(ctx: Pick<Context, "db">, { status, query }: ListChoice): Promise<BulkChoice> {
  const limit = MAX_BULK_NOTES + 1;
  const ids = query === "" ? listWrittenIds(ctx.db, { status, limit }) : await foundNotes(ctx, { status, query });
  return { noteIds: ids.slice(0, MAX_BULK_NOTES), hasMore: ids.length > MAX_BULK_NOTES };
}

const BEGINNING = formatCursor({ publishedAt: "0000-01-01T00:00:00.000Z" as Timestamp, id: 0 });

/** Page by page from the end of the hits to their beginning; others have their turn in between. */
async function foundNotes(ctx: Pick<Context, "db">, { status, query }: ListChoice): Promise<number[]> {
  if (isIndexFarBehind(ctx.db)) throw new AppError("unavailable", NOT_YET);
  const ids = new Set<number>();
  let after: string | undefined = BEGINNING;
  while (after !== undefined && ids.size <= MAX_BULK_NOTES) {
    const found: Awaited<ReturnType<typeof findWrittenNotes>> = await findWrittenNotes(ctx.db, query, {
      status,
      after,
    });
    if (found.isScanned) throw new AppError("unavailable", NOT_ALL);
    for (const { id } of [...found.hits].reverse()) ids.add(id);
    after = found.newer;
    await setImmediate();
  }
  return [...ids];
}

const NOT_YET = said`Many notes are still coming into the search index, so nobody knows all that matches. Wait a minute, or tick the notes instead.`;

const NOT_ALL = said`The search index cannot be read at the moment, so nobody knows all that matches. Tick the notes instead.`;
