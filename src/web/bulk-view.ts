import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import { createSecret } from "../lib/secrets.ts";
import { storedWords } from "../lib/stored-words.ts";
import type { Words } from "../lib/words.ts";
import { counted, said } from "../lib/words.ts";
import type { BulkAct, ChosenAction } from "../notes/bulk-act.ts";
import { BULK_UNDO_SECONDS, isTagAction, MAX_BULK_NOTES } from "../notes/bulk-act.ts";
import type { BulkNote } from "../notes/bulk-act-store.ts";
import { countBulkNotes, listBulkNotes } from "../notes/bulk-act-store.ts";
import type { Note, NoteStatus } from "../notes/note.ts";
import { listNotesById } from "../notes/note-store.ts";
import { shownTime } from "./admin-view.ts";
import { ASKED_WORDS, DONE_WORDS } from "./bulk-words.ts";
import type { BulkActView, BulkFormView, BulkNoteView } from "./desk-views.ts";
import { noteRowViewer } from "./note-rows.ts";

/** Where many notes are changed at once. */
export const BULK_PATH = "/admin/bulk";

/** What the form below a list of notes offers. `total` is known where nothing is searched for. */
export function bulkFormView(status: NoteStatus | "all", total: number | undefined): BulkFormView {
  const actions: readonly ChosenAction[] =
    status === "trashed" ? ["restore"] : ["tag", "untag", "publish", "unlist", "trash"];
  return {
    key: createSecret(),
    actions: actions.map((value) => ({ value, label: ASKED_WORDS[value].label })),
    allLabel:
      total === undefined
        ? said`Every note that this search finds`
        : counted("All {count} note of this list", "All {count} notes of this list", { count: total }),
  };
}

/** A number of notes in words. */
export function countNotes(count: number): Words {
  return counted("{count} note", "{count} notes", { count });
}

/** What an act did, note by note. */
export function bulkActView(ctx: Pick<Context, "db">, act: BulkAct): BulkActView {
  const known = listBulkNotes(ctx.db, act.key);
  const { changed, putBack, stayed } = countBulkNotes(ctx.db, act.key);
  const isOfTag = isTagAction(act.action);
  const { done, outcome } = DONE_WORDS[act.action];
  const isUndone = act.undoneAt !== undefined;
  return {
    heading: isUndone ? said`Undone` : done(changed),
    summary: isUndone ? undoneSummary(putBack, stayed) : summary(act, changed),
    notes: noteViews(ctx, known, { act, outcome }),
    more: changed > known.length ? moreNotes(changed - known.length) : "",
    ...wayBack(act),
    undoPath: isUndone || (changed === 0 && !isOfTag) ? "" : `${BULK_PATH}/${act.key}/undo`,
    undoUntil: shownTime(ctx, addSeconds(act.madeAt, BULK_UNDO_SECONDS)),
  };
}

/** Notes that are not named. */
export function moreNotes(count: number): Words {
  return counted("and {count} note more", "and {count} notes more", { count });
}

function wayBack({ action }: BulkAct): Pick<BulkActView, "backPath" | "backLabel"> {
  if (isTagAction(action)) return { backPath: "/admin/tags", backLabel: said`Back to the tags` };
  if (action === "take_back") return { backPath: "/admin/tokens", backLabel: said`Back to the apps` };
  return { backPath: "/admin", backLabel: said`Back to the notes` };
}

const AT_WORK = said`It goes on by itself, also after a restart. Load the page again to see more.`;
const STOPPED = said`Load the page again to see more; if the number stays, the program was stopped: do the rest again.`;

function summary({ action, noteCount, finishedAt, tags }: BulkAct, changed: number): Words {
  const about = tags.length === 0 ? "" : said` Tags: ${tags.join(", ")}.`;
  if (finishedAt === undefined) {
    const next = isTagAction(action) ? AT_WORK : STOPPED;
    return said`${changed} of ${countNotes(noteCount)} so far.${about} ${next}`;
  }
  const left = noteCount - changed;
  if (left <= 0) return said`No note was left out.${about}`;
  return counted(
    "{count} note was left out, each with its reason below.{about}",
    "{count} notes were left out, each with its reason below.{about}",
    { count: left, about },
  );
}

function undoneSummary(back: number, stayed: number): Words {
  const kept = stayed === 0 ? "" : keptNotes(stayed);
  return counted("{count} note is as before.{kept}", "{count} notes are as before.{kept}", { count: back, kept });
}

function keptNotes(count: number): Words {
  return counted(" {count} note changed since stays as it is.", " {count} notes changed since stay as they are.", {
    count,
  });
}

function noteViews(
  ctx: Pick<Context, "db">,
  known: readonly BulkNote[],
  { act, outcome }: { act: BulkAct; outcome: Words },
): BulkNoteView[] {
  const ids = known.map(({ noteId }) => noteId);
  const notes = new Map(listNotesById(ctx.db, ids).map((note): [number, Note] => [note.id, note]));
  const view = noteRowViewer(ctx);
  const words = act.undoneAt === undefined ? outcome : said`As before.`;
  return known.map(({ noteId, reason }) => {
    const note = notes.get(noteId);
    const row = note === undefined || note.status === "erased" ? undefined : view(note);
    return {
      label: row?.label ?? said`An erased note`,
      path: row?.editPath ?? "",
      status: row?.status ?? "",
      // Stored in English.
      outcome: reason === undefined ? words : storedWords(reason),
      isChanged: reason === undefined,
    };
  });
}

/** Said where a list has more notes than one act takes. */
export function tooManySentence(): Words {
  return said`There are more than ${MAX_BULK_NOTES}, which is the most at once: these are the ones that were changed longest ago. Do it again for the others.`;
}
