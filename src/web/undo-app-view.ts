import type { StoredGrant } from "../auth/grant-store.ts";
import { listGrants } from "../auth/grant-store.ts";
import { isGrantOpen } from "../auth/grants.ts";
import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { addSeconds } from "../lib/clock.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { createSecret } from "../lib/secrets.ts";
import { fromLocal } from "../lib/time-zone.ts";
import { MAX_BULK_NOTES } from "../notes/bulk-act.ts";
import type { Note } from "../notes/note.ts";
import { EARLIEST_TIME } from "../notes/note-input.ts";
import { listNotesById } from "../notes/note-store.ts";
import type { NotePlan } from "../notes/plan-take-back.ts";
import type { TakeBackPlan } from "../notes/take-back.ts";
import { readSettings } from "../site/settings-store.ts";
import { shownTime } from "./admin-view.ts";
import type { UndoView } from "./app-views.ts";
import { countNotes } from "./bulk-view.ts";
import { appLabel, grantPath } from "./grants-view.ts";
import { noteRowViewer } from "./note-rows.ts";

/** Notes that the preview names; of more it says how many. */
export const NAMED_PLANS = 100;

/** From when on: by the value of its radio button, and how long ago that is, in seconds. */
const SPANS: Readonly<Record<string, number>> = { hour: 3_600, day: 86_400 };

const CHOICES: UndoView["choices"] = [
  { value: "hour", label: "In the last hour", meaning: "" },
  { value: "day", label: "In the last day", meaning: "" },
  { value: "first", label: "Since it first wrote here", meaning: "All that it ever did." },
  { value: "time", label: "Since a date and time", meaning: "By your clock; write it below." },
];

/** What the author chose; `since` is undefined where nothing is chosen yet, or where it cannot be read. */
export type UndoChoice = {
  readonly choice: string;
  readonly at: string;
  readonly since: Timestamp | undefined;
  readonly error: AppError | undefined;
};

/** Reads from when on an app's saves are to be taken back. */
export function readUndoChoice(
  ctx: Pick<Context, "db" | "clock">,
  { choice, at }: { readonly choice: string; readonly at: string },
): UndoChoice {
  try {
    return { choice, at, since: sinceOf(ctx, choice, at), error: undefined };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { choice, at, since: undefined, error };
  }
}

function sinceOf(ctx: Pick<Context, "db" | "clock">, choice: string, at: string): Timestamp | undefined {
  const seconds = Object.hasOwn(SPANS, choice) ? SPANS[choice] : undefined;
  if (seconds !== undefined) return addSeconds(ctx.clock(), -seconds);
  if (choice === "first") return EARLIEST_TIME;
  if (choice !== "time") return undefined;
  if (at === "") throw invalid("at", "Write a date and a time, such as 2026-03-01 09:30.");
  return fromLocal(at, readSettings(ctx.db).timeZone, "at");
}

/** The page: what to choose, and with `plan` what that would do. */
export function undoView(
  ctx: Context,
  grant: StoredGrant,
  { chosen, until, plan }: { chosen: UndoChoice; until: Timestamp; plan: TakeBackPlan | undefined },
): UndoView {
  const { choice, at, error, since } = chosen;
  return {
    label: appLabel(ctx, grant),
    path: grantPath(grant.id, "undo"),
    clientId: grant.clientId,
    choices: CHOICES,
    choice: choice || "hour",
    at: { value: at, error: error?.said ?? "" },
    plan: plan === undefined || since === undefined ? null : planView(ctx, grant, { plan, since, until }),
  };
}

/** Whether an app can still do something here. */
export function openGrantsOf(ctx: Context, clientId: string): StoredGrant[] {
  return listGrants(ctx.db).filter((grant) => grant.clientId === clientId && isGrantOpen(ctx, grant));
}

function planView(
  ctx: Context,
  { clientId }: StoredGrant,
  { plan, since, until }: { plan: TakeBackPlan; since: Timestamp; until: Timestamp },
): UndoView["plan"] {
  const changed = plan.notes.filter((each) => each.plan.result !== "leave");
  const left = plan.notes.length - changed.length;
  const rest = plan.notes.length - NAMED_PLANS;
  const from = since === EARLIEST_TIME ? "since it first wrote here" : `since ${shownTime(ctx, since)}`;
  return {
    heading: changed.length === 0 ? `Nothing to undo ${from}` : `Undo what it did ${from}?`,
    summary: summary(plan, left),
    notes: noteViews(ctx, plan.notes.slice(0, NAMED_PLANS)),
    more: rest > 0 ? `and ${countNotes(rest)} more` : "",
    button: changed.length === 0 ? "" : `Undo in ${countNotes(changed.length)}`,
    key: createSecret(),
    since,
    until,
    isOpen: openGrantsOf(ctx, clientId).length > 0,
  };
}

function summary({ notes, hasMore }: TakeBackPlan, left: number): string {
  const count = (result: NotePlan["result"]) => notes.filter(({ plan }) => plan.result === result).length;
  const trashed = count("trash") + count("return-to-trash");
  const parts = [
    ...(trashed > 0 ? [`${countNotes(trashed)} into the trash.`] : []),
    ...(count("revert") > 0 ? [`${countNotes(count("revert"))} back to the revision before.`] : []),
    ...(count("restore") > 0 ? [`${countNotes(count("restore"))} out of the trash.`] : []),
    ...(left > 0 ? [`${countNotes(left)} left alone, with the reason.`] : []),
    ...(hasMore
      ? [`These are the ${MAX_BULK_NOTES} that it wrote in last, as many as go at once. Do it again for the others.`]
      : []),
  ];
  return parts.length === 0 ? "It wrote in no note in that time." : parts.join(" ");
}

function noteViews(ctx: Context, planned: TakeBackPlan["notes"]): NonNullable<UndoView["plan"]>["notes"] {
  const ids = planned.map(({ noteId }) => noteId);
  const notes = new Map(listNotesById(ctx.db, ids).map((note): [number, Note] => [note.id, note]));
  const view = noteRowViewer(ctx);
  return planned.flatMap(({ noteId, plan }) => {
    const note = notes.get(noteId);
    if (note === undefined) return [];
    const { label, editPath, status } = view(note);
    return [{ label, path: editPath, status, outcome: outcomeOf(plan), isChanged: plan.result !== "leave" }];
  });
}

const OUTCOMES: Readonly<Record<Exclude<NotePlan["result"], "leave" | "done">, string>> = {
  trash: "It made it: into the trash.",
  restore: "It deleted it: out of the trash, as it was before.",
  "return-to-trash": "It took it out of the trash: back into it.",
  revert: "It changed it: back to the revision before.",
};

function outcomeOf(plan: NotePlan): string {
  if (plan.result === "leave") return plan.reason;
  if (plan.result === "done") return "It was taken back already.";
  if (plan.result === "trash") return OUTCOMES.trash;
  const kept = plan.isPartial ? " What it wrote before that stays, since you wrote on top of it." : "";
  return `${OUTCOMES[plan.result]}${kept}`;
}
