import type { Timestamp } from "../lib/clock.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { insertAliases } from "./alias-store.ts";
import { discoverKind } from "./kind.ts";
import type { NoteKind, NoteStatus } from "./note.ts";
import type { NoteInput, Origin } from "./note-input.ts";
import { MAX_ALIASES, parseAliases } from "./note-input.ts";
import type { StoredNote } from "./note-store.ts";
import { findNoteByUid, insertNote } from "./note-store.ts";
import { refuseImported } from "./publish.ts";
import type { NoteAction } from "./revision-store.ts";
import type { Composition, NotesContext } from "./save.ts";
import { automaticSlug, compose, createAnchor, finishSave, freeSlug, saveComposition } from "./save.ts";
import { slugify } from "./slug.ts";

/** What a note was on the site that it comes from, where no rule applies any more. */
export type NoteRecord = {
  readonly uid: string;
  readonly status: NoteStatus;
  readonly restoreStatus: StoredNote["restoreStatus"];
  readonly kind: NoteKind | undefined;
  readonly createdAt: Timestamp | undefined;
  readonly firstPublicAt: Timestamp | undefined;
  readonly trashedAt: Timestamp | undefined;
};

/** What is left of an erased note. */
const NOTHING: Composition = {
  title: undefined,
  content: "",
  contentFormat: "text",
  contentHtml: "",
  contentText: "",
  unspacedText: undefined,
  rendererVersion: 0,
  tags: [],
  language: undefined,
  properties: {},
  remoteImages: [],
  aliases: [],
};

/**
 * Makes a note as it was on another site: its status, its times and its permanent id are those of `record`, its text
 * passes the rules and is rendered as any other. Throws `invalid` with the field, and `conflict` when there is a note of
 * that id or of the same imported file.
 */
export async function recreateNote(
  ctx: NotesContext,
  input: NoteInput,
  { origin, ...record }: NoteRecord & { readonly origin: Origin },
): Promise<StoredNote> {
  refuseTimeless(input, record);
  const anchor = createAnchor();
  const aliases = inPieces(input.aliases ?? []).flatMap(parseAliases);
  const isErased = record.status === "erased";
  const composition = isErased ? NOTHING : await compose(ctx, { ...input, aliases: [] }, anchor);
  const now = ctx.clock();

  return ctx.db.write(() => {
    refuseImported(ctx, input);
    refuseKnown(ctx, record);
    const made = { ...toNote(input, composition, { ...record, now }), anchor, madeBy: origin.madeBy };
    const base = slugify(input.slug ?? "") || automaticSlug(ctx.db, composition, made.publishedAt ?? now);
    const note = { ...made, slug: freeSlug(ctx.db, base, { id: 0, kind: made.kind }) };
    const stored = { ...note, id: insertNote(ctx.db, note) };
    saveComposition(ctx.db, composition, { noteId: stored.id, now });
    insertAliases(ctx.db, stored.id, { paths: aliases, now });
    // Of an erased note there are no revisions either.
    if (!isErased) finishSave(ctx.db, stored, { ...origin, action: actionOf(note.status), now });
    return stored;
  });
}

function refuseTimeless({ publishedAt }: NoteInput, { status, restoreStatus }: NoteRecord): void {
  const needsTime = [status, restoreStatus].some((each) => each === "published" || each === "scheduled");
  if (needsTime && publishedAt === undefined) throw invalid("date", `A note that is ${status} needs a date.`);
  if ((status === "trashed") !== (restoreStatus !== undefined)) {
    throw invalid("restore", "A note in the trash says what it was before, and no other does.");
  }
}

function refuseKnown(ctx: NotesContext, { uid }: NoteRecord): void {
  if (findNoteByUid(ctx.db, uid) === undefined) return;
  throw new AppError("conflict", said`This note is here already.`);
}

function toNote(
  input: NoteInput,
  composition: Composition,
  record: NoteRecord & { readonly now: Timestamp },
): Omit<StoredNote, "id" | "anchor" | "madeBy"> {
  const { remoteImages: _images, aliases: _aliases, ...written } = composition;
  const { now, createdAt = now, kind, ...kept } = record;
  return {
    ...written,
    ...kept,
    slug: "",
    kind: kind ?? discoverKind(written),
    createdAt,
    visibility: input.visibility ?? "public",
    publishedAt: input.publishedAt,
    publishedOffset: input.publishedOffset,
    updatedAt: input.updatedAt,
    changedAt: now,
    version: 1,
    importMark: input.importFrom && { ...input.importFrom, version: 1 },
  };
}

function inPieces(paths: readonly string[]): string[][] {
  const starts = Array.from({ length: Math.ceil(paths.length / MAX_ALIASES) }, (_, index) => index * MAX_ALIASES);
  return starts.map((start) => paths.slice(start, start + MAX_ALIASES));
}

function actionOf(status: NoteStatus): NoteAction {
  if (status === "trashed") return "trash";
  if (status === "draft") return "save_draft";
  return status === "scheduled" ? "schedule" : "publish";
}
