import type { Reader } from "../db/connection.ts";
import type { Tag } from "./note.ts";

/** A tag and how many listed notes have it; its label is that of the newest. */
export type ListedTag = Tag & { readonly count: number };

/** A place in the list of tags by use: behind the tag with this count and name. */
export type TagPlace = { readonly count: number; readonly name: string };

/** Before every tag. */
export const FIRST_TAG: TagPlace = { count: Number.MAX_SAFE_INTEGER, name: "" };

/** A tag of listed notes; undefined where none has it. */
export function findListedTag(db: Reader, tag: string): ListedTag | undefined {
  return db.get<ListedTag>("SELECT tag AS name, label, count FROM listed_tags WHERE tag = :tag", { tag });
}

/** How many tags listed notes have. */
export function countListedTags(db: Reader): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM listed_tags")?.count ?? 0;
}

/** Tags of listed notes behind a place, the most used first, at most `limit`; of equally used ones in the order of names. */
export function listTagsByCount(db: Reader, limit: number, { count, name }: TagPlace = FIRST_TAG): ListedTag[] {
  return db.all<ListedTag>(
    `SELECT tag AS name, label, count
       FROM listed_tags
      WHERE (-count, tag) > (:less, :name)
      ORDER BY -count, tag
      LIMIT :limit`,
    { limit, less: -count, name },
  );
}

/** Tags of listed notes behind a name, in the order of their names, at most `limit`. */
export function listTagsByName(db: Reader, limit: number, after = ""): ListedTag[] {
  return db.all<ListedTag>(
    `SELECT tag AS name, label, count
       FROM listed_tags
      WHERE tag > :after
      ORDER BY tag
      LIMIT :limit`,
    { limit, after },
  );
}
