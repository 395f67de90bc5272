import type { Context } from "../context/context.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import { offsetMinutes, toLocal } from "../lib/time-zone.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { slugPath } from "../notes/alias-store.ts";
import { chosenLabels } from "../notes/note.ts";
import type { StoredNote } from "../notes/note-store.ts";
import type { NoteAction, RevisionSummary, WholeRevision } from "../notes/revision-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { shownTime } from "./admin-view.ts";
import { storedDeviceName } from "./device-name.ts";
import { noteRowViewer } from "./note-rows.ts";
import type { RevisionsView, RevisionView } from "./views.ts";

/** What each kind of save did, for people. */
const ACTIONS: Readonly<Record<NoteAction, Words>> = {
  publish: said`Published`,
  schedule: said`Scheduled`,
  save_draft: said`Saved as a draft`,
  revise: said`Changed`,
  retract: said`Taken back to draft`,
  trash: said`Moved to the trash`,
  restore: said`Taken out of the trash`,
  publish_scheduled: said`Published at its time`,
  restore_revision: said`An older revision restored`,
  replace_file: said`A file replaced`,
  merge: said`Two versions put together`,
  send: said`Sent on top of an older version`,
  undo: said`Put back: an act on many notes was undone`,
  take_back: said`Put back: what an app did was taken back`,
};

/** Path of the saves of a note. */
export function revisionsPath(noteId: number): string {
  return `/admin/notes/${noteId}/revisions`;
}

/** Who or what wrote a revision: a device of the author's, an app by its address, an import, the scheduler. */
export function writerName(
  revision: Pick<WholeRevision, "madeBy" | "action"> & { device?: string | undefined },
): Words {
  if (revision.action === "publish_scheduled") return said`the scheduler`;
  if (revision.madeBy === "admin") {
    const { device } = revision;
    return said`you, ${device === undefined ? said`in a browser` : storedDeviceName(device)}`;
  }
  if (revision.madeBy === "import") return said`an import`;
  return revision.madeBy === "cli" ? said`the command line` : revision.madeBy;
}

/** What a save did, for people. Publishing with a time to come is scheduling. */
export function actionName({ action, status }: Pick<RevisionSummary, "action" | "status">): Words {
  if (action === "publish" && status === "scheduled") return ACTIONS.schedule;
  return Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : action;
}

/** A page of the saves of a note. `hasMore`: older ones follow. */
export function revisionsView(
  ctx: Pick<Context, "db">,
  note: StoredNote,
  page: { readonly revisions: readonly RevisionSummary[]; readonly hasMore: boolean },
): RevisionsView {
  const { timeZone } = readSettings(ctx.db);
  const last = page.revisions.at(-1);
  return {
    note: noteRowViewer(ctx)(note),
    rows: page.revisions.map((revision) => ({
      path: `${revisionsPath(note.id)}/${revision.version}`,
      version: revision.version,
      did: actionName(revision),
      savedOn: shownTime(ctx, revision.savedAt),
      savedAt: toLocal(revision.savedAt, offsetMinutes(revision.savedAt, timeZone)).iso,
      size: formatBytes(revision.sizeBytes),
      writer: writerName(revision),
      isNow: revision.version === note.version,
    })),
    nextPath: page.hasMore && last !== undefined ? `${revisionsPath(note.id)}?before=${last.version}` : "",
  };
}

/** What of a note changed besides its text, by the names that the editor has for it. */
export function changedFacts(
  ctx: Pick<Context, "db">,
  before: WholeRevision | undefined,
  after: WholeRevision,
): RevisionView["facts"] {
  const was = before === undefined ? undefined : factsOf(ctx, before);
  return Object.entries(factsOf(ctx, after))
    .map(([name, value]) => ({ name: FACT_NAMES[name as Fact], before: was?.[name as Fact] ?? "", after: value }))
    .filter((fact) => fact.before !== fact.after);
}

const FACT_NAMES = {
  title: said`Title`,
  tags: said`Tags`,
  status: said`Status`,
  visibility: said`Visibility`,
  date: said`Date`,
  address: said`Address`,
  language: said`Language`,
  kind: said`Kind`,
  properties: said`Other properties`,
} as const;

type Fact = keyof typeof FACT_NAMES;

function factsOf(ctx: Pick<Context, "db">, revision: WholeRevision): Record<Fact, string> {
  return {
    title: revision.title ?? "",
    tags: chosenLabels(revision).join(", "),
    status: revision.status,
    visibility: revision.visibility,
    date: revision.publishedAt === undefined ? "" : shownTime(ctx, revision.publishedAt),
    address: slugPath(revision.slug, revision.kind),
    language: revision.language ?? "",
    kind: revision.kind,
    properties: propertiesText(revision),
  };
}

/** Names and values as JSON, which is what they are. */
function propertiesText({ properties }: WholeRevision): string {
  return Object.keys(properties).length === 0 ? "" : JSON.stringify(properties);
}
