import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { excerpt } from "../lib/text.ts";
import { formatDate, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { paths } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import { counted, said } from "../lib/words.ts";
import { describeKind, KIND_NOUNS } from "../notes/kind-words.ts";
import type { Note, NoteStatus } from "../notes/note.ts";
import { trashDaysLeft } from "../notes/purge-trash.ts";
import { findTrashDays } from "../notes/trash-store.ts";
import { countNotesByStatus } from "../notes/written-notes-store.ts";
import { adminLanguage } from "../site/language.ts";
import type { Settings } from "../site/settings.ts";
import { readSettings } from "../site/settings-store.ts";
import { CHOSEN_KINDS } from "./kind-form.ts";
import type { NoteRowView, Views } from "./views.ts";

/** Length of the beginning of a text in the author's list, in characters. */
export const ROW_SUMMARY_LENGTH = 140;

/** Statuses that the list of notes can be narrowed to, in the order of its filter. */
export const LISTED_STATUSES: readonly { status: NoteStatus | "all"; label: Words }[] = [
  { status: "all", label: said`All` },
  { status: "published", label: said`Published` },
  { status: "draft", label: said`Drafts` },
  { status: "scheduled", label: said`Scheduled` },
  { status: "trashed", label: said`Trash` },
];

/** Creates what shows notes as the author's list does, with the settings as they are now. */
export function noteRowViewer(ctx: Pick<Context, "db">): (note: Note) => NoteRowView {
  const settings = readSettings(ctx.db);
  return (note) => toRow(note, settings);
}

/** The rows of a list, with how long those in the trash stay there. */
export function noteRows(ctx: Pick<Context, "db" | "clock">, notes: readonly Note[]): NoteRowView[] {
  const trashed = notes.filter((note) => note.status === "trashed");
  const days = findTrashDays(
    ctx.db,
    trashed.map(({ id }) => id),
  );
  const now = ctx.clock();
  const timeLeft = (note: Note) => inWords(trashDaysLeft(note, days.get(note.id) ?? 0, now));
  const view = noteRowViewer(ctx);
  return notes.map((note) => (note.status === "trashed" ? { ...view(note), timeLeft: timeLeft(note) } : view(note)));
}

function inWords(days: number): Words {
  if (days === 0) return said`Erased for good within the hour`;
  return counted("Erased for good in a day", "Erased for good in {count} days", { count: days });
}

function toRow(note: Note, settings: Settings): NoteRowView {
  const at = timeOf(note);
  const offset = offsetMinutes(at, settings.timeZone);
  const summary = excerpt(note.contentText, ROW_SUMMARY_LENGTH);
  return {
    id: note.id,
    label: note.title ?? (summary || describeKind(note) || note.slug),
    isTitled: note.title !== undefined,
    summary: note.title === undefined ? "" : summary,
    isPage: note.kind === "page",
    kind: isPlain(note) ? "" : KIND_NOUNS[note.kind],
    status: note.status,
    visibility: note.visibility,
    editPath: `/admin/notes/${note.id}`,
    path: note.status === "published" ? paths.note(note) : "",
    when: formatDate(at, { offsetMinutes: offset, language: adminLanguage(settings), show: "date-time" }),
    whenAt: toLocal(at, offset).iso,
    timeLeft: "",
    tags: note.tags.map((tag) => tag.label),
  };
}

/** The filter of the list, with how many notes each status has. "All" leaves the trash out. */
export function statusCounts(
  ctx: Pick<Context, "db">,
  current: NoteStatus | "all",
): Views["admin/notes.njk"]["counts"] {
  const counts = countNotesByStatus(ctx.db);
  const all = [...counts].reduce((sum, [status, count]) => (status === "trashed" ? sum : sum + count), 0);
  return LISTED_STATUSES.map(({ status, label }) => ({
    status,
    label,
    path: status === "all" ? "/admin" : `/admin?status=${status}`,
    count: status === "all" ? all : (counts.get(status) ?? 0),
    isCurrent: status === current,
  }));
}

/** Whether the list need not say its kind: what nearly every note is, and pages, which are said to be such. */
function isPlain({ kind }: Note): boolean {
  return kind === "note" || kind === "article" || kind === "page";
}

/** The filter of the list by kind, which is a search of its own. */
export function kindFilters(current: NoteStatus | "all", query: string): Views["admin/notes.njk"]["kinds"] {
  const status = current === "all" ? "" : `status=${current}&`;
  return CHOSEN_KINDS.map((kind) => ({
    label: KIND_NOUNS[kind],
    path: `/admin?${status}q=kind%3A${kind}`,
    isCurrent: query === `kind:${kind}`,
  }));
}

/** The time that matters to the author: of publication where there is one, of the trash, else of the last change. */
function timeOf(note: Note): Timestamp {
  if (note.status === "trashed") return note.trashedAt ?? note.changedAt;
  if (note.status === "draft") return note.changedAt;
  return note.publishedAt ?? note.changedAt;
}
