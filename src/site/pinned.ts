import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";

/** Most notes that are pinned on home. */
export const MAX_PINNED_NOTES = 5;

const UID = /^urn:uuid:[\da-f-]{1,100}$/u;

/** Reads which notes are pinned on home, by their permanent ids, in order. Throws `invalid`. */
export function parsePinned(value: unknown): string[] {
  const uids = Array.isArray(value) ? [...new Set(value)] : [];
  if (uids.length > MAX_PINNED_NOTES) {
    throw invalid("pinnedNotes", said`These are ${uids.length} pinned notes; keep ${MAX_PINNED_NOTES} or fewer.`);
  }
  if (uids.every((uid) => typeof uid === "string" && UID.test(uid))) return uids;
  throw invalid("pinnedNotes", said`A pinned note is named by its permanent id.`);
}
