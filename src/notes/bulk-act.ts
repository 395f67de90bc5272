import type { Timestamp } from "../lib/clock.ts";
import { addSeconds } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { parseTags } from "./note-input.ts";
import type { StoredNote } from "./note-store.ts";

/** What can be done to many notes at once. */
export const BULK_ACTIONS = ["tag", "untag", "publish", "unlist", "trash", "restore"] as const;

/** One of them. */
export type ChosenAction = (typeof BULK_ACTIONS)[number];

/** What was done to many notes: an act that the author chose for them, or what an app did was taken back. */
export type BulkAction = ChosenAction | "take_back";

/** What can be done to a tag, on all notes that have it. */
export const TAG_ACTIONS = ["rename_tag", "merge_tags", "delete_tag"] as const;

/** One of them. */
export type TagAction = (typeof TAG_ACTIONS)[number];

/** Most notes of one act; a tag may have more, which a job changes. */
export const MAX_BULK_NOTES = 500;

/** How long an act can be undone, in seconds: an hour. */
export const BULK_UNDO_SECONDS = 3_600;

/** What an act changes of a note, as it was before. */
export type NoteBefore = Pick<
  StoredNote,
  "status" | "restoreStatus" | "visibility" | "tags" | "publishedAt" | "publishedOffset" | "updatedAt" | "trashedAt"
> &
  // Only where the act changed the text: a hashtag in it.
  Partial<Pick<StoredNote, "content" | "contentHtml" | "contentText" | "rendererVersion">>;

/** An act as it was asked for. */
export type BulkOrder = {
  /** Random key of the form. */
  readonly key: string;
  readonly action: ChosenAction;
  /** Labels, for `tag` and `untag`. */
  readonly tags: readonly string[];
  readonly noteIds: readonly number[];
};

/** An act as it is remembered. */
export type BulkAct = Pick<BulkOrder, "key" | "tags"> & {
  readonly action: BulkAction | TagAction;
  readonly noteCount: number;
  readonly madeAt: Timestamp;
  /** Undefined: under way, or broken off. */
  readonly finishedAt: Timestamp | undefined;
  readonly undoneAt: Timestamp | undefined;
};

/** Whether an act is one on tags. */
export function isTagAction(action: BulkAction | TagAction): action is TagAction {
  return TAG_ACTIONS.some((known) => known === action);
}

const KEY = /^[\w-]{43}$/;

/** Whether a text names an act. */
export function isBulkAction(text: string): text is ChosenAction {
  return BULK_ACTIONS.some((action) => action === text);
}

/**
 * Checks what was asked for: each note once, tags as labels. Throws `invalid` naming `note`, `tags` or `act_key` for none
 * or more than MAX_BULK_NOTES notes, for tags that are missing or break a rule of notes, and for a key that is none.
 */
export function parseBulkOrder(order: BulkOrder): BulkOrder {
  const noteIds = [...new Set(order.noteIds)];
  const { action } = order;
  const key = parseActKey(order.key);
  if (noteIds.length === 0) throw invalid("note", said`No note is ticked. Tick at least one.`);
  if (noteIds.length > MAX_BULK_NOTES) {
    throw invalid("note", said`At most ${MAX_BULK_NOTES} notes are changed at once. Tick fewer.`);
  }
  const tags = action === "tag" || action === "untag" ? parseTags(order.tags).map(({ label }) => label) : [];
  if (action === "tag" && tags.length === 0) throw invalid("tags", said`Write the tags that the notes shall get.`);
  if (action === "untag" && tags.length === 0) throw invalid("tags", said`Write the tags that the notes shall lose.`);
  return { key, action, tags, noteIds };
}

/** The random key of a form. Throws `invalid` naming `act_key` for what is none. */
export function parseActKey(key: string): string {
  if (KEY.test(key)) return key;
  throw invalid("act_key", said`This form has no key. Open the page that it stood on again.`);
}

/** Acts from before this moment are forgotten. */
export function bulkActsSince(now: Timestamp): Timestamp {
  return addSeconds(now, -BULK_UNDO_SECONDS);
}
