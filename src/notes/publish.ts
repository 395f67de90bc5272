import type { Timestamp } from "../lib/clock.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { hashSecret } from "../lib/secrets.ts";
import { said } from "../lib/words.ts";
import { joinTranslations } from "./join-translations.ts";
import { settleKind } from "./kind.ts";
import type { NoteStatus } from "./note.ts";
import { isReadable } from "./note.ts";
import type { NoteInput, Origin } from "./note-input.ts";
import { MAX_FORM_KEY_LENGTH } from "./note-input.ts";
import type { StoredNote } from "./note-store.ts";
import { findNote, findNoteByImportPath, insertNote } from "./note-store.ts";
import { keepMenu } from "./page-menu.ts";
import type { NoteAction } from "./revision-store.ts";
import type { Composition, NotesContext, Save } from "./save.ts";
import {
  automaticSlug,
  compose,
  createAnchor,
  createUid,
  finishSave,
  freeSlug,
  saveComposition,
  statusAt,
} from "./save.ts";
import { slugify } from "./slug.ts";
import type { Submission } from "./submission-store.ts";
import { findFormNoteId, findSubmittedNoteId, insertSubmission } from "./submission-store.ts";

/**
 * Publishes a new note, now or at `publishedAt`: with a time to come it waits as `scheduled`.
 * The same form key with the same content returns the note that it made before. Throws `invalid` with the field, and
 * `conflict` when that form made a note of other content, or there is a note of the same imported file.
 */
export function publishNote(ctx: NotesContext, input: NoteInput, origin: Origin): Promise<StoredNote> {
  return createNote(ctx, input, { origin, isDraft: false });
}

/** Saves a new note as a draft that only the author sees. Otherwise as `publishNote`. */
export function saveDraft(ctx: NotesContext, input: NoteInput, origin: Origin): Promise<StoredNote> {
  return createNote(ctx, input, { origin, isDraft: true });
}

type Creation = { readonly origin: Origin; readonly isDraft: boolean };

async function createNote(ctx: NotesContext, input: NoteInput, creation: Creation): Promise<StoredNote> {
  const submission = toSubmission(input, creation);
  const anchor = createAnchor();
  const written = await compose(ctx, input, anchor);
  const now = ctx.clock();

  return ctx.db.write(() => {
    const first = submission && findSubmittedNoteId(ctx.db, submission);
    const existing = first === undefined ? undefined : findNote(ctx.db, first);
    if (existing !== undefined) return existing;
    refuseSecondNote(ctx, submission);
    refuseImported(ctx, input);

    const save = toSave(creation.origin, "publish", now);
    const wish = { before: undefined, of: input.translationOf, save };
    const composition = input.importFrom === undefined ? joinTranslations(ctx, written, wish) : written;
    const place = settlePlace(ctx, input, { composition, creation, now });
    const note = newNote(input, composition, { place, creation, anchor, now });
    note.id = insertNote(ctx.db, note);
    keepMenu(ctx.db, { after: note, wanted: input.inMenu }, now);
    saveComposition(ctx.db, composition, { noteId: note.id, now, isNew: true });
    if (submission !== undefined) insertSubmission(ctx.db, { ...submission, noteId: note.id, now });
    finishSave(ctx.db, note, toSave(creation.origin, actionOf(note.status), now));
    return note;
  });
}

function toSave({ madeBy, device, actKey, doer }: Origin, action: NoteAction, now: Timestamp): Save {
  return { madeBy, device, actKey, doer, action, now };
}

/**
 * A form that was sent, whose answer got lost on the way, and that was sent again with a word changed, is no second note:
 * throws `conflict`. Runs inside a transaction.
 */
function refuseSecondNote(ctx: Pick<NotesContext, "db">, submission: Submission | undefined): void {
  if (submission === undefined || findFormNoteId(ctx.db, submission.formKey) === undefined) return;
  throw new AppError("conflict", ALREADY_MADE);
}

const ALREADY_MADE = said`This form has already made a note: the answer may not have reached you. Save to change that note, or make a second one of this.`;

/** Two imports of one folder at once must not make a note twice: throws `conflict`. Runs inside a transaction. */
export function refuseImported(ctx: Pick<NotesContext, "db">, { importFrom }: NoteInput): void {
  if (importFrom === undefined || findNoteByImportPath(ctx.db, importFrom.path) === undefined) return;
  throw new AppError("conflict", `A note was made of ${importFrom.path} meanwhile. Import it again.`);
}

type Settled = { readonly composition: Composition; readonly creation: Creation; readonly now: Timestamp };

/** What a note is, when it is out and where. Runs inside a transaction. */
function settlePlace(ctx: NotesContext, input: NoteInput, { composition, creation, now }: Settled) {
  const kind = settleKind(composition, { chosen: input.kind });
  const publishedAt = input.publishedAt ?? (creation.isDraft ? undefined : now);
  const base = slugify(input.slug ?? "") || automaticSlug(ctx.db, composition, publishedAt ?? now);
  return { kind, publishedAt, slug: freeSlug(ctx.db, base, { id: 0, kind }) };
}

type NewNote = Pick<StoredNote, "anchor"> & {
  readonly place: Pick<StoredNote, "kind" | "publishedAt" | "slug">;
  readonly creation: Creation;
  readonly now: Timestamp;
};

/**
 * Column by column: spreading one object over another costs more than the rest of a new note. Its id comes with its row.
 */
function newNote(input: NoteInput, written: Composition, made: NewNote): Omit<StoredNote, "id"> & { id: number } {
  const { creation, now } = made;
  const { kind, publishedAt, slug } = made.place;
  const status = creation.isDraft || publishedAt === undefined ? "draft" : statusAt(publishedAt, now);
  const visibility = input.visibility ?? "public";
  return {
    id: 0,
    uid: createUid(),
    anchor: made.anchor,
    slug,
    kind,
    status,
    restoreStatus: undefined,
    visibility,
    title: written.title,
    content: written.content,
    contentFormat: written.contentFormat,
    contentHtml: written.contentHtml,
    contentText: written.contentText,
    unspacedText: written.unspacedText,
    rendererVersion: written.rendererVersion,
    tags: written.tags,
    language: written.language,
    publishedAt,
    publishedOffset: input.publishedOffset,
    updatedAt: laterThan(input.updatedAt, publishedAt),
    firstPublicAt: isReadable({ status, visibility }) ? now : undefined,
    createdAt: now,
    changedAt: now,
    trashedAt: undefined,
    version: 1,
    properties: written.properties,
    madeBy: creation.origin.madeBy,
    importMark: input.importFrom && { ...input.importFrom, version: 1 },
  };
}

function laterThan(updatedAt: Timestamp | undefined, publishedAt: Timestamp | undefined): Timestamp | undefined {
  return updatedAt !== undefined && publishedAt !== undefined && updatedAt > publishedAt ? updatedAt : undefined;
}

function actionOf(status: NoteStatus): NoteAction {
  if (status === "draft") return "save_draft";
  return status === "scheduled" ? "schedule" : "publish";
}

function toSubmission(input: NoteInput, creation: Creation): Submission | undefined {
  if (input.formKey === undefined || input.formKey === "") return undefined;
  const { formKey, ...sent } = input;
  if (formKey.length > MAX_FORM_KEY_LENGTH) {
    throw invalid(
      "form_key",
      said`The key of a form has at most ${MAX_FORM_KEY_LENGTH} characters. Open the form anew.`,
    );
  }
  return { formKey, contentHash: hashSecret(JSON.stringify([creation.isDraft, sent])) };
}
