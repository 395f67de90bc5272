// A process of its own that searches, one search after the other, with a connection of its own: however long one takes,
// readers are not in its way, nor it in theirs. Its one argument is the database file.
import { setPriority } from "node:os";
import { openExisting } from "../db/open-existing.ts";
import type { FoundIds, Search } from "./find-hits.ts";
import { findHits } from "./find-hits.ts";

/** A search that somebody waits for. */
export type SearchQuestion = { readonly id: number; readonly search: Search };

/** What became of it; without `found` it has failed. */
export type SearchAnswer = { readonly id: number; readonly found?: FoundIds };

/** How long recovery after a crash may hold up a search, in milliseconds. */
const BUSY_TIMEOUT_MS = 1_000;

/** A little behind readers, where they want the same core; and before what nobody waits for. */
const PRIORITY = 5;

const [file = ""] = process.argv.slice(2);
const reader = openExisting({ file, readonly: true, busyTimeoutMs: BUSY_TIMEOUT_MS });

function answer({ id, search }: SearchQuestion): SearchAnswer {
  try {
    return { id, found: findHits(reader, search) };
  } catch {
    return { id }; // Who asked searches again, and then says what is wrong.
  }
}

setPriority(PRIORITY);
process.on("disconnect", () => {
  reader.close();
  process.exit();
});
process.on("message", (question: SearchQuestion) => process.send?.(answer(question)));
