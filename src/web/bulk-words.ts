import type { Words } from "../lib/words.ts";
import { counted, said } from "../lib/words.ts";
import type { BulkAction, ChosenAction, TagAction } from "../notes/bulk-act.ts";

/** What an act is called in the list below notes, in its question, on the button that answers it. */
type AskedWords = {
  readonly label: Words;
  readonly ask: (count: number) => Words;
  readonly button: (count: number) => Words;
};

/** What it is called when it is done: of all its notes, and beside each of them. */
type DoneWords = { readonly done: (count: number) => Words; readonly outcome: Words };

/** The words that ask for each act. */
export const ASKED_WORDS: Readonly<Record<ChosenAction, AskedWords>> = {
  tag: {
    label: said`Tag`,
    ask: (count) => counted("Tag {count} note?", "Tag {count} notes?", { count }),
    button: (count) => counted("Tag {count} note", "Tag {count} notes", { count }),
  },
  untag: {
    label: said`Untag`,
    ask: (count) => counted("Untag {count} note?", "Untag {count} notes?", { count }),
    button: (count) => counted("Untag {count} note", "Untag {count} notes", { count }),
  },
  publish: {
    label: said`Publish`,
    ask: (count) => counted("Publish {count} note?", "Publish {count} notes?", { count }),
    button: (count) => counted("Publish {count} note", "Publish {count} notes", { count }),
  },
  unlist: {
    label: said`Unlist`,
    ask: (count) => counted("Unlist {count} note?", "Unlist {count} notes?", { count }),
    button: (count) => counted("Unlist {count} note", "Unlist {count} notes", { count }),
  },
  trash: {
    label: said`Move to trash`,
    ask: (count) => counted("Move to the trash: {count} note?", "Move to the trash: {count} notes?", { count }),
    button: (count) => counted("Move to trash {count} note", "Move to trash {count} notes", { count }),
  },
  restore: {
    label: said`Restore`,
    ask: (count) => counted("Restore {count} note?", "Restore {count} notes?", { count }),
    button: (count) => counted("Restore {count} note", "Restore {count} notes", { count }),
  },
};

/** The words that say of each act that it was done. */
export const DONE_WORDS: Readonly<Record<BulkAction | TagAction, DoneWords>> = {
  tag: {
    done: (count) => counted("Tagged {count} note", "Tagged {count} notes", { count }),
    outcome: said`Tagged.`,
  },
  untag: {
    done: (count) => counted("Untagged {count} note", "Untagged {count} notes", { count }),
    outcome: said`Untagged.`,
  },
  publish: {
    done: (count) => counted("Published {count} note", "Published {count} notes", { count }),
    outcome: said`Published.`,
  },
  unlist: {
    done: (count) => counted("Unlisted {count} note", "Unlisted {count} notes", { count }),
    outcome: said`Unlisted.`,
  },
  trash: {
    done: (count) => counted("Moved to the trash: {count} note", "Moved to the trash: {count} notes", { count }),
    outcome: said`Moved to the trash.`,
  },
  restore: {
    done: (count) => counted("Restored {count} note", "Restored {count} notes", { count }),
    outcome: said`Restored.`,
  },
  take_back: {
    done: (count) => counted("Taken back: {count} note", "Taken back: {count} notes", { count }),
    outcome: said`Taken back.`,
  },
  rename_tag: {
    done: (count) => counted("Renamed the tag on {count} note", "Renamed the tag on {count} notes", { count }),
    outcome: said`Changed.`,
  },
  merge_tags: {
    done: (count) => counted("Merged the tags on {count} note", "Merged the tags on {count} notes", { count }),
    outcome: said`Changed.`,
  },
  delete_tag: {
    done: (count) => counted("Took the tag from {count} note", "Took the tag from {count} notes", { count }),
    outcome: said`Changed.`,
  },
};
