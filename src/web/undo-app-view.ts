import type { StoredGrant } from "../auth/grant-store.ts";
import { listGrants } from "../auth/grant-store.ts";
import { isGrantOpen } from "../auth/grants.ts";
import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { addSeconds } from "../lib/clock.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { createSecret } from "../lib/secrets.ts";
import { fromLocal } from "../lib/time-zone.ts";
import type { Words } from "../lib/words.ts";
import { counted, said } from "../lib/words.ts";
import { MAX_BULK_NOTES } from "../notes/bulk-act.ts";
import type { Note } from "../notes/note.ts";
import { EARLIEST_TIME } from "../notes/note-input.ts";
import { listNotesById } from "../notes/note-store.ts";
import type { NotePlan } from "../notes/plan-take-back.ts";
import type { TakeBackPlan } from "../notes/take-back.ts";
import { readSettings } from "../site/settings-store.ts";
import { shownTime } from "./admin-view.ts";
import type { UndoView } from "./app-views.ts";
import { appLabel, grantPath } from "./grants-view.ts";
import { noteRowViewer } from "./note-rows.ts";

/** Notes that the preview names; of more it says how many. */
export const NAMED_PLANS = 100;

/** From when on: by the value of its radio button, and how long ago that is, in seconds. */
const SPANS: Readonly<Record<string, number>> = { hour: 3_600, day: 86_400 };

const CHOICES: UndoView["choices"] = [
  { value: "hour", label: said`In the last hour`, meaning: "" },
  { value: "day", label: said`In the last day`, meaning: "" },
  { value: "first", label: said`Since it first wrote here`, meaning: said`All that it ever did.` },
  { value: "time", label: said`Since a date and time`, meaning: said`By your clock; write it below.` },
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
  if (at === "") throw invalid("at", said`Write a date and a time, such as 2026-03-01 09:30.`);
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
  return {
    heading: headingOf(ctx, since, changed.length > 0),
    summary: summary(plan, left),
    notes: noteViews(ctx, plan.notes.slice(0, NAMED_PLANS)),
    more: rest > 0 ? counted("and {count} note more", "and {count} notes more", { count: rest }) : "",
    button:
      changed.length === 0 ? "" : counted("Undo in {count} note", "Undo in {count} notes", { count: changed.length }),
    key: createSecret(),
    since,
    until,
    isOpen: openGrantsOf(ctx, clientId).length > 0,
  };
}

function headingOf(ctx: Context, since: Timestamp, isThere: boolean): Words {
  if (since === EARLIEST_TIME) {
    return isThere
      ? said`Undo what it did since it first wrote here?`
      : said`Nothing to undo since it first wrote here`;
  }
  const when = shownTime(ctx, since);
  return isThere ? said`Undo what it did since ${when}?` : said`Nothing to undo since ${when}`;
}

function summary({ notes, hasMore }: TakeBackPlan, left: number): Words[] {
  const countOf = (result: NotePlan["result"]) => notes.filter(({ plan }) => plan.result === result).length;
  const [made, changed, deleted] = [
    countOf("trash") + countOf("return-to-trash"),
    countOf("revert"),
    countOf("restore"),
  ];
  const sentences = [
    counted("{count} note into the trash.", "{count} notes into the trash.", { count: made }),
    counted("{count} note back to the revision before.", "{count} notes back to the revision before.", {
      count: changed,
    }),
    counted("{count} note out of the trash.", "{count} notes out of the trash.", { count: deleted }),
    counted("{count} note left alone, with the reason.", "{count} notes left alone, with the reason.", { count: left }),
  ].filter(({ values }) => values.count !== 0);
  if (sentences.length === 0) return [said`It wrote in no note in that time.`];
  return hasMore ? [...sentences, MORE] : sentences;
}

const MORE = said`These are the ${MAX_BULK_NOTES} that it wrote in last, as many as go at once. Do it again for the others.`;

function noteViews(ctx: Context, planned: TakeBackPlan["notes"]): NonNullable<UndoView["plan"]>["notes"] {
  const ids = planned.map(({ noteId }) => noteId);
  const notes = new Map(listNotesById(ctx.db, ids).map((note): [number, Note] => [note.id, note]));
  const view = noteRowViewer(ctx);
  return planned.flatMap(({ noteId, plan }) => {
    const note = notes.get(noteId);
    if (note === undefined) return [];
    const { label, editPath, status } = view(note);
    return [{ label, path: editPath, status, ...outcomeOf(plan), isChanged: plan.result !== "leave" }];
  });
}

const OUTCOMES: Readonly<Record<Exclude<NotePlan["result"], "leave">, Words>> = {
  trash: said`It made it: into the trash.`,
  restore: said`It deleted it: out of the trash, as it was before.`,
  "return-to-trash": said`It took it out of the trash: back into it.`,
  revert: said`It changed it: back to the revision before.`,
  done: said`It was taken back already.`,
};

const PARTIAL = said`What it wrote before that stays, since you wrote on top of it.`;

function outcomeOf(plan: NotePlan): { outcome: Words; remark: Words } {
  if (plan.result === "leave") return { outcome: plan.reason, remark: "" };
  const remark = "isPartial" in plan && plan.isPartial ? PARTIAL : "";
  return { outcome: OUTCOMES[plan.result], remark };
}
