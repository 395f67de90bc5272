import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import { createSecret } from "../lib/secrets.ts";
import type { BulkAct, BulkAction, TagAction } from "../notes/bulk-act.ts";
import { BULK_UNDO_SECONDS, isTagAction, MAX_BULK_NOTES } from "../notes/bulk-act.ts";
import type { BulkNote } from "../notes/bulk-act-store.ts";
import { countBulkNotes, listBulkNotes } from "../notes/bulk-act-store.ts";
import type { Note, NoteStatus } from "../notes/note.ts";
import { listNotesById } from "../notes/note-store.ts";
import { shownTime } from "./admin-view.ts";
import type { BulkActView, BulkFormView, BulkNoteView } from "./desk-views.ts";
import { noteRowViewer } from "./note-rows.ts";

/** Where many notes are changed at once. */
export const BULK_PATH = "/admin/bulk";

/** What each act is called on its button, in its question and when it is done. */
export const ACT_WORDS: Readonly<Record<BulkAction, { button: string; ask: string; done: string }>> = {
  tag: { button: "Tag", ask: "Tag", done: "Tagged" },
  untag: { button: "Untag", ask: "Untag", done: "Untagged" },
  publish: { button: "Publish", ask: "Publish", done: "Published" },
  unlist: { button: "Unlist", ask: "Unlist", done: "Unlisted" },
  trash: { button: "Move to trash", ask: "Move to the trash:", done: "Moved to the trash:" },
  restore: { button: "Restore", ask: "Restore", done: "Restored" },
  take_back: { button: "Take back", ask: "Take back what an app did to", done: "Taken back:" },
};

/** What an act on a tag is called when it is done. */
const TAG_WORDS: Readonly<Record<TagAction, string>> = {
  rename_tag: "Renamed the tag on",
  merge_tags: "Merged the tags on",
  delete_tag: "Took the tag from",
};

/** What the form below a list of notes offers. `total` is known where nothing is searched for. */
export function bulkFormView(status: NoteStatus | "all", total: number | undefined): BulkFormView {
  const actions: readonly BulkAction[] =
    status === "trashed" ? ["restore"] : ["tag", "untag", "publish", "unlist", "trash"];
  return {
    key: createSecret(),
    actions: actions.map((value) => ({ value, label: ACT_WORDS[value].button })),
    allLabel: total === undefined ? "Every note that this search finds" : `All ${countNotes(total)} of this list`,
  };
}

/** A number of notes in words. */
export function countNotes(count: number): string {
  return count === 1 ? "1 note" : `${count.toLocaleString("en")} notes`;
}

/** What an act did, note by note. */
export function bulkActView(ctx: Pick<Context, "db">, act: BulkAct): BulkActView {
  const known = listBulkNotes(ctx.db, act.key);
  const { changed, putBack, stayed } = countBulkNotes(ctx.db, act.key);
  const isOfTag = isTagAction(act.action);
  const done = isTagAction(act.action) ? TAG_WORDS[act.action] : ACT_WORDS[act.action].done;
  const isUndone = act.undoneAt !== undefined;
  return {
    heading: isUndone ? "Undone" : `${done} ${countNotes(changed)}`,
    summary: isUndone ? undoneSummary(putBack, stayed) : summary(act, changed),
    notes: noteViews(ctx, known, { act, outcome: isOfTag ? "Changed." : `${done.replace(/:$/u, "")}.` }),
    more: changed > known.length ? `and ${countNotes(changed - known.length)} more` : "",
    ...wayBack(act),
    undoPath: isUndone || (changed === 0 && !isOfTag) ? "" : `${BULK_PATH}/${act.key}/undo`,
    undoUntil: shownTime(ctx, addSeconds(act.madeAt, BULK_UNDO_SECONDS)),
  };
}

function wayBack({ action }: BulkAct): Pick<BulkActView, "backPath" | "backLabel"> {
  if (isTagAction(action)) return { backPath: "/admin/tags", backLabel: "Back to the tags" };
  if (action === "take_back") return { backPath: "/admin/tokens", backLabel: "Back to the apps" };
  return { backPath: "/admin", backLabel: "Back to the notes" };
}

const AT_WORK = "It goes on by itself, also after a restart. Load the page again to see more.";
const STOPPED = "Load the page again to see more; if the number stays, the program was stopped: do the rest again.";

function summary({ action, noteCount, finishedAt, tags }: BulkAct, changed: number): string {
  const about = tags.length === 0 ? "" : ` Tags: ${tags.join(", ")}.`;
  if (finishedAt === undefined) {
    return `${changed} of ${countNotes(noteCount)} so far.${about} ${isTagAction(action) ? AT_WORK : STOPPED}`;
  }
  const left = noteCount - changed;
  if (left <= 0) return `No note was left out.${about}`;
  return `${countNotes(left)} ${left === 1 ? "was" : "were"} left out, each with its reason below.${about}`;
}

function undoneSummary(back: number, stayed: number): string {
  const kept = stayed === 0 ? "" : ` ${countNotes(stayed)} changed since ${stayed === 1 ? "stays" : "stay"} as it is.`;
  return `${countNotes(back)} ${back === 1 ? "is" : "are"} as before.${kept}`;
}

function noteViews(
  ctx: Pick<Context, "db">,
  known: readonly BulkNote[],
  { act, outcome }: { act: BulkAct; outcome: string },
): BulkNoteView[] {
  const ids = known.map(({ noteId }) => noteId);
  const notes = new Map(listNotesById(ctx.db, ids).map((note): [number, Note] => [note.id, note]));
  const view = noteRowViewer(ctx);
  const words = act.undoneAt === undefined ? outcome : "As before.";
  return known.map(({ noteId, reason }) => {
    const note = notes.get(noteId);
    const row = note === undefined || note.status === "erased" ? undefined : view(note);
    return {
      label: row?.label ?? "An erased note",
      path: row?.editPath ?? "",
      status: row?.status ?? "",
      outcome: reason ?? words,
      isChanged: reason === undefined,
    };
  });
}

/** Said where a list has more notes than one act takes. */
export function tooManySentence(): string {
  return `There are more than ${MAX_BULK_NOTES}, which is the most at once: these are the ones that were changed longest ago. Do it again for the others.`;
}
