import { setImmediate } from "node:timers/promises";
import type { Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { notFound } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { MAX_BULK_NOTES, parseActKey } from "./bulk-act.ts";
import type { ManyNotes } from "./do-many.ts";
import { doMany } from "./do-many.ts";
import { hasKnownAddress } from "./note.ts";
import type { Origin } from "./note-input.ts";
import type { StoredNote } from "./note-store.ts";
import { findNote } from "./note-store.ts";
import type { NotePlan, TakenSpan } from "./plan-take-back.ts";
import { planTakeBack } from "./plan-take-back.ts";
import type { NotePlace } from "./return-note.ts";
import { changedMeanwhile, isSameText, returnNote } from "./return-note.ts";
import type { WholeRevision } from "./revision-store.ts";
import { findRevision } from "./revision-store.ts";
import type { NotesContext, Save } from "./save.ts";
import { requireNote, saveChanged, statusAt } from "./save.ts";
import { toRestore } from "./trash.ts";
import { listNotesWrittenBy } from "./writes-store.ts";

/** Notes that are planned at a time; others have their turn in between. */
const PLAN_BATCH = 50;

/** Most notes that an app wrote in which are looked at. */
export const MAX_PLANNED_NOTES = 50_000;

/** What taking back an app's saves would do. */
export type TakeBackPlan = {
  /** Those that the app wrote in last come first; what was taken back before is left out. */
  readonly notes: readonly { readonly noteId: number; readonly plan: NotePlan }[];
  /** Whether there are more notes than one act takes. */
  readonly hasMore: boolean;
};

/** Says what `takeBack` would do, and changes nothing. */
export async function planMany(ctx: Pick<Context, "db">, span: TakenSpan): Promise<TakeBackPlan> {
  const found = listNotesWrittenBy(ctx.db, span.madeBy, { ...span, limit: MAX_PLANNED_NOTES });
  const [notes, left]: [PlannedNote[], PlannedNote[]] = [[], []];
  for (const [index, noteId] of found.entries()) {
    const note = findNote(ctx.db, noteId);
    const plan = note && planTakeBack(ctx.db, note, span);
    if (plan?.result === "leave") left.push({ noteId, plan });
    else if (plan !== undefined && plan.result !== "done") notes.push({ noteId, plan });
    if (notes.length > MAX_BULK_NOTES) break;
    if (index % PLAN_BATCH === PLAN_BATCH - 1) await setImmediate();
  }
  const hasMore = notes.length > MAX_BULK_NOTES;
  return { notes: [...notes.slice(0, MAX_BULK_NOTES), ...left.slice(0, MAX_BULK_NOTES)], hasMore };
}

type PlannedNote = TakeBackPlan["notes"][number];

/**
 * Takes back what an app saved within a span, as one act on many notes, which `undoMany` undoes for an hour: what it made
 * goes into the trash, what it changed is as before, what it deleted is there again. What somebody else saved on top of it
 * stays, with the reason. At most MAX_BULK_NOTES notes; doing it again comes to the others. The same key is done once:
 * returns false where it was. Throws `invalid` for a key that is none, else as `doMany`.
 */
export async function takeBack(
  ctx: NotesContext & Doing<"db" | "clock">,
  { key, ...span }: TakenSpan & { readonly key: string },
  origin: Origin,
): Promise<boolean> {
  const actKey = parseActKey(key);
  const { notes } = await planMany(ctx, span);
  const detail = `${span.madeBy}, ${countChanged(notes)} since ${span.since}`;
  const begin = () => record(ctx, { kind: "app.undo", detail });
  const noteIds = notes.map(({ noteId }) => noteId);
  const act: ManyNotes = { key, action: "take_back", tags: [], noteIds, begin };
  return await doMany(ctx, act, (note) => {
    const save: Save = { ...origin, actKey, action: "take_back", now: ctx.clock() };
    return takeBackOne(ctx, note, { plan: planTakeBack(ctx.db, note, span), save });
  });
}

function countChanged(notes: TakeBackPlan["notes"]): string {
  const count = notes.filter(({ plan }) => plan.result !== "leave").length;
  return count === 1 ? "1 note" : `${count} notes`;
}

async function takeBackOne(
  ctx: NotesContext,
  note: StoredNote,
  { plan, save }: { plan: NotePlan; save: Save },
): Promise<Words | undefined> {
  if (plan.result === "leave") return plan.reason;
  if (plan.result === "done") return said`It was taken back meanwhile.`;
  if (plan.result === "trash") return await trash(ctx, note, save);
  const revision = findRevision(ctx.db, note.id, plan.version);
  if (revision === undefined) throw notFound("revision");
  await returnNote(ctx, note, { version: plan.version, place: placeIn(note, revision, save.now), save });
  return undefined;
}

async function trash(ctx: NotesContext, seen: StoredNote, save: Save): Promise<undefined> {
  await ctx.db.write(() => {
    const before = requireNote(ctx.db, seen.id);
    if (before.version !== seen.version) throw changedMeanwhile();
    saveChanged(ctx.db, { before, after: { ...before, ...inTrash(before, save.now) } }, save);
  });
}

/** Where a note stood in an older version. One that waited for a time that has passed meanwhile is out. */
function placeIn(note: StoredNote, revision: WholeRevision, now: Timestamp): NotePlace {
  const { visibility, publishedAt, publishedOffset } = revision;
  const isNews = hasKnownAddress(note) && !isSameText(note, revision);
  const place = { visibility, publishedAt, publishedOffset, updatedAt: isNews ? now : note.updatedAt };
  if (revision.status === "trashed") return { ...place, ...inTrash(note, now) };
  const isOver = revision.status === "scheduled" && publishedAt !== undefined;
  const status = isOver ? statusAt(publishedAt, now) : revision.status;
  return { ...place, status, restoreStatus: undefined, trashedAt: undefined };
}

function inTrash(note: StoredNote, now: Timestamp): Pick<StoredNote, "status" | "restoreStatus" | "trashedAt"> {
  return { status: "trashed", restoreStatus: note.restoreStatus ?? toRestore(note.status), trashedAt: now };
}
