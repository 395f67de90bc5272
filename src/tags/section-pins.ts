import type { Database } from "../db/database.ts";
import { listPinnedNotes } from "../notes/listed-notes-store.ts";
import type { Section } from "./section.ts";

/** The pinned notes of a section that stand in the list of its tag, in their order. */
export function listSectionPins(
  db: Database,
  { tag, pinnedNotes }: Pick<Section, "tag" | "pinnedNotes">,
): ReturnType<typeof listPinnedNotes> {
  return listPinnedNotes(db, pinnedNotes).filter(({ tags }) => tags.some(({ name }) => name === tag));
}
