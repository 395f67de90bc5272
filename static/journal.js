// What is typed in an editor, kept in this browser (IndexedDB) until the server has it: one entry for each opened
// editor. An entry: { key, place, fields, savedAt }; `place` is the note's id, or "new".
import { createEntryStore } from "./entry-store.js";

const MAX_ENTRIES = 50;
const LIFETIME_MS = 30 * 86_400_000;

const typed = createEntryStore("starpunk", "typed");

export const { keep, forget } = typed;

// The entries of a place, newest first. Those past their time or number are forgotten.
export async function list(place) {
  const entries = await typed.list();
  entries.sort((a, b) => b.savedAt - a.savedAt);
  const kept = entries.filter(({ savedAt }, index) => index < MAX_ENTRIES && Date.now() - savedAt < LIFETIME_MS);
  for (const { key } of entries.filter((entry) => !kept.includes(entry))) await forget(key);
  return kept.filter((entry) => entry.place === place);
}
