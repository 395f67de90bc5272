import type { Timestamp } from "../lib/clock.ts";
import type { NoteKind } from "../notes/note.ts";

/** Most characters that notes which were found may hold together, what they are besides their text included. */
export const MAX_KEPT_CHARACTERS = 256 * 1024;

/** What a note counts besides its text, in characters. Rounded up. */
export const ROW_CHARACTERS = 256;

/** A note that was found, as it is read. */
export type FoundRow = {
  id: number;
  slug: string;
  kind: NoteKind;
  title: string | null;
  published_at: Timestamp;
  published_offset: number | null;
  language: string | null;
  content_text: string;
  is_listed: 0 | 1;
};

/**
 * Notes that were found: the newest ones are found again and again, and reading them is most of a search. They are kept
 * until anything is committed, see `Database.remember`, and all go once there is no room for another.
 */
export class KeptHits {
  readonly #rows = new Map<number, FoundRow>();
  #characters = 0;

  get(id: number): FoundRow | undefined {
    return this.#rows.get(id);
  }

  /** Keeps a note that is not kept yet. */
  add(row: FoundRow): void {
    const characters = ROW_CHARACTERS + row.content_text.length;
    if (this.#characters + characters > MAX_KEPT_CHARACTERS) {
      this.#rows.clear();
      this.#characters = 0;
    }
    this.#rows.set(row.id, row);
    this.#characters += characters;
  }
}

/** For `Database.remember`. */
export function createKeptHits(): KeptHits {
  return new KeptHits();
}
