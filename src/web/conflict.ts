import type { Response } from "express";
import type { Context } from "../context/context.ts";
import { AppError, notFound } from "../lib/errors.ts";
import type { MergeBlock } from "../lib/merge-texts.ts";
import { hasConflict } from "../lib/merge-texts.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { findNote } from "../notes/note-store.ts";
import { renderPreview } from "../notes/render-note.ts";
import { findRevision } from "../notes/revision-store.ts";
import { adminPage, shownTime } from "./admin-view.ts";
import { sendAuthorPage } from "./answer.ts";
import type { FieldConflict } from "./merge-form.ts";
import { mergeForms } from "./merge-form.ts";
import type { NoteForm } from "./note-form.ts";
import { formOf, toFields } from "./note-form.ts";
import { writerName } from "./revision-view.ts";
import type { ConflictView, Render } from "./views.ts";

/** What the names of fields begin with that were sent on top of an older version, beside the choices. */
export const SENT_PREFIX = "sent.";

/** Lines shown of a long stretch that nobody changed, at its beginning and at its end. */
const CONTEXT_LINES = 3;

const FIELD_LABELS: Readonly<Record<FieldConflict["name"], Words>> = {
  title: said`Title`,
  slug: said`Address`,
  language: said`Language`,
  publishedAt: said`Date`,
  place: said`Where it stands`,
  showUpdated: said`Shows when it was updated`,
  series: said`Series`,
  seriesPosition: said`Place in the series`,
  translationOf: said`Translation of`,
  visibility: said`Visibility`,
  kind: said`Kind`,
  kindUrl: said`Address of the page`,
  rsvp: said`Your answer`,
  eventStart: said`Event begins`,
  eventEnd: said`Event ends`,
  eventPlace: said`Where it is`,
};

/**
 * Answers 409 with both versions: put together as far as they can be, with a choice where both changed the same; and each
 * as a whole. What is sent from there carries the stored version's number, so that it is replaced knowingly.
 */
export async function sendConflict(
  { ctx, render }: { ctx: Context; render: Render },
  res: Response,
  sent: { form: NoteForm; noteId: number },
): Promise<void> {
  const html = render("admin/conflict.njk", {
    ...adminPage(ctx, res, { section: "notes", title: said`Two versions` }),
    conflict: await conflictView(ctx, sent.form, sent.noteId),
  });
  sendAuthorPage(res, { html, status: 409 });
}

async function conflictView(ctx: Context, form: NoteForm, noteId: number): Promise<ConflictView> {
  const note = findNote(ctx.db, noteId);
  if (note === undefined) throw notFound("note");
  const action = { name: "action", value: form.action };
  return {
    id: note.id,
    stored: {
      version: note.version,
      savedOn: shownTime(ctx, note.changedAt),
      madeBy: writerName(findRevision(ctx.db, noteId, note.version) ?? { ...note, action: "revise" }),
      title: note.title ?? "",
      content: note.content,
      contentHtml: note.contentHtml,
    },
    sent: { title: form.title, content: form.content, contentHtml: await previewOrNothing(ctx, form.content, note) },
    merge: mergeView(ctx, form, note),
    sentFields: [...toFields(form), action].map(({ name, value }) => ({ name: SENT_PREFIX + name, value })),
    fields: [...toFields({ ...form, version: note.version }), action],
    action: `/admin/notes/${noteId}`,
    editPath: `/admin/notes/${noteId}`,
  };
}

/** Null when the version is not known on which the form was opened: then there is nothing to compare both with. */
function mergeView(ctx: Pick<Context, "db">, form: NoteForm, note: StoredNote): ConflictView["merge"] {
  const base = findRevision(ctx.db, note.id, form.version);
  if (base === undefined) return null;
  const forms = { base: formOf(ctx, base), mine: form, theirs: formOf(ctx, note) };
  const { blocks, fields } = mergeForms(forms);
  return {
    hasChoice: hasConflict(blocks) || fields.length > 0,
    fields: fields.map(({ name, mine, theirs }) => ({ name, label: FIELD_LABELS[name], mine, theirs })),
    blocks: blockViews(blocks),
  };
}

type BlockView = NonNullable<ConflictView["merge"]>["blocks"][number];

function blockViews(blocks: readonly MergeBlock[]): BlockView[] {
  let conflict = -1;
  return blocks.map((block): BlockView => {
    const [mine, theirs] = [block.mine.join("\n"), block.theirs.join("\n")];
    if (block.kind === "conflict") conflict += 1;
    return {
      kind: block.kind,
      number: conflict,
      mine: block.kind === "same" ? shorten(block.mine) : shown(block.mine),
      theirs: shown(block.theirs),
      both: [mine, theirs].filter((text) => text !== "").join("\n\n"),
    };
  });
}

/** Lines as a text to look at, without the empty ones around it. */
function shown(lines: readonly string[]): string {
  if (lines.length === 0) return "(taken away)";
  return lines.join("\n").replace(/^\n+|\n+$/gu, "") || "(an empty line)";
}

function shorten(lines: readonly string[]): string {
  if (lines.length <= 2 * CONTEXT_LINES + 1) return lines.join("\n");
  return [...lines.slice(0, CONTEXT_LINES), "…", ...lines.slice(-CONTEXT_LINES)].join("\n");
}

async function previewOrNothing(ctx: Context, content: string, note: StoredNote): Promise<string> {
  try {
    return await renderPreview(ctx, content, note);
  } catch (error) {
    if (error instanceof AppError) return ""; // The text is shown beside it all the same.
    throw error;
  }
}
