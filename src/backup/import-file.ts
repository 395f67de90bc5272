import type { Context } from "../context/context.ts";
import { sqliteCode } from "../db/connection.ts";
import { AppError } from "../lib/errors.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { findNoteByImportPath, findNoteByUid } from "../notes/note-store.ts";
import { publishNote, saveDraft } from "../notes/publish.ts";
import { recreateNote } from "../notes/recreate.ts";
import { publishDraft, retractNote, reviseNote } from "../notes/revise.ts";
import { isEditedSince } from "../notes/revision-store.ts";
import { compose } from "../notes/save.ts";
import type { ImportedFolder } from "./place-addresses.ts";
import { placeAddresses } from "./place-addresses.ts";
import type { ImportFolder, ReadNote } from "./read-import.ts";
import { publicationOf, readNote, recordedNote } from "./read-import.ts";

/** What an import needs of the outside world. */
export type ImportContext = Pick<Context, "db" | "clock" | "config" | "log" | "metrics">;

/** What became of one file. */
export type ImportResult = {
  readonly path: string;
  readonly result: "created" | "changed" | "unchanged" | "skipped";
  /** Why a skipped file was skipped. */
  readonly reason?: string;
  /** Files that its text names and that are not there, as the text names them. */
  readonly missing?: readonly string[];
};

/** How files are taken. */
export type ImportRules = ImportFolder &
  ImportedFolder & {
    /** Also revise notes that were edited here since they were imported. */
    readonly overwrite: boolean;
  };

type Taken = Omit<ImportResult, "path">;

const ORIGIN = { madeBy: "import" };

/** How often a file is looked at again when its note is written by another process meanwhile. */
const MAX_ATTEMPTS = 3;

/**
 * Takes one file: a new one becomes a note, a changed one revises it, an unchanged one is left alone. Skips, with the
 * reason, what cannot be taken. Throws only when nothing can be stored any more.
 */
export async function importFile(ctx: ImportContext, path: string, rules: ImportRules): Promise<ImportResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { path, ...(await takeFile(ctx, path, rules)) };
    } catch (error) {
      if (isOfTheStore(error)) throw error;
      const isWrittenMeanwhile = error instanceof AppError && error.code === "conflict";
      if (isWrittenMeanwhile && attempt < MAX_ATTEMPTS) continue;
      return { path, result: "skipped", reason: toReason(ctx, error) };
    }
  }
}

async function takeFile(ctx: ImportContext, path: string, rules: ImportRules): Promise<Taken> {
  const read = await readNote(rules, path);
  const record = recordedNote(read)?.record;
  const before = findNoteByImportPath(ctx.db, path) ?? (record && findNoteByUid(ctx.db, record.uid));
  const known = before && answerFor(ctx, { before, hash: read.hash, overwrite: rules.overwrite });
  if (known !== undefined) return known;

  // The addresses of an export hold here as they are.
  const { content, missing } =
    record === undefined
      ? await placeAddresses(ctx, { content: read.note.input.content, path }, rules)
      : { content: read.note.input.content, missing: [] };
  const placed = { ...read, note: { ...read.note, input: { ...read.note.input, content } } };
  if (rules.dryRun) await tryOut(ctx, placed);
  else if (before === undefined) await create(ctx, placed, rules.slugs.get(path));
  else await revise(ctx, placed, before);
  return { result: before === undefined ? "created" : "changed", ...(missing.length > 0 ? { missing } : {}) };
}

type Known = { readonly before: StoredNote; readonly hash: string; readonly overwrite: boolean };

/** What becomes of a file whose note is here already and that is not to be revised. */
function answerFor(ctx: ImportContext, { before, hash, overwrite }: Known): Taken | undefined {
  if (before.importMark?.hash === hash) return { result: "unchanged" };
  if (before.status === "erased") return skipped("The note was erased here.");
  if (before.status === "trashed") return skipped("The note is in the trash here. Restore it first.");
  if (overwrite || !isEditedSince(ctx.db, before.id, before.importMark?.version ?? 0)) return undefined;
  if (before.importMark === undefined) return skipped("The note is here already. Use --overwrite to replace it.");
  return skipped("The note was edited here since it was imported. Use --overwrite to replace it.");
}

/** Whether no other file would fare better. */
function isOfTheStore(error: unknown): boolean {
  if (error instanceof AppError) return error.code === "storage_full" || error.code === "unavailable";
  return sqliteCode(error) !== undefined;
}

/** One bad file never stops the rest, not even one that finds a fault of ours. */
function toReason(ctx: ImportContext, error: unknown): string {
  if (error instanceof AppError) return error.message;
  ctx.log.error({ event: "import.run", err: error }, "a file could not be imported");
  return "StarPunk failed on this file. The log says how; please report it.";
}

function skipped(reason: string): Taken {
  return { result: "skipped", reason };
}

/** Checks and renders, and keeps nothing. An erased note has nothing to check. */
async function tryOut(ctx: ImportContext, read: ReadNote): Promise<void> {
  if (recordedNote(read)?.record.status !== "erased") await compose(ctx, read.note.input, "import");
}

async function create(ctx: ImportContext, read: ReadNote, slug: string | undefined): Promise<void> {
  const { input, isDraft } = read.note;
  const placed = { ...input, slug: slug ?? input.slug };
  const record = recordedNote(read)?.record;
  if (record !== undefined) await recreateNote(ctx, placed, { ...record, origin: ORIGIN });
  else if (isDraft) await saveDraft(ctx, placed, ORIGIN);
  else await publishNote(ctx, { ...placed, ...publicationOf(read) }, ORIGIN);
}

async function revise(ctx: ImportContext, { note }: ReadNote, before: StoredNote): Promise<void> {
  // What the file no longer says is taken away, not kept from before; only its time stays when it says none.
  const said = Object.fromEntries(Object.entries(note.input).filter(([, value]) => value !== undefined));
  const changes = { title: "", language: "", ...said, expectedVersion: before.version, origin: ORIGIN };
  const isDraft = before.status === "draft";
  if (isDraft === note.isDraft) await reviseNote(ctx, before.id, changes);
  else await (isDraft ? publishDraft : retractNote)(ctx, before.id, changes);
}
