import type { Request } from "express";
import type { Context } from "../context/context.ts";
import { cleanText, excerpt } from "../lib/text.ts";
import { CITING_PROPERTIES, isCitable } from "../notes/cited.ts";
import { readRsvp } from "../notes/kind.ts";
import { MAX_TITLE_LENGTH } from "../notes/note-input.ts";
import { findNote } from "../notes/note-store.ts";
import { NO_SERIES } from "../notes/series.ts";
import { queryText } from "./input.ts";
import { CHOSEN_KINDS, CITED_IN } from "./kind-form.ts";
import type { NoteForm } from "./note-form.ts";
import { emptyForm, formOf } from "./note-form.ts";

/** Kinds whose notes are called as the page is, or by a name of their own. */
const TITLED = ["article", "bookmark", "event"];

/**
 * A new note of the kind that the address of the editor names, as bookmarklets write it: `?like-of=URL` and the like, `rsvp`
 * besides, or `kind` and `url`; with `title` where such notes have one, and `text`. Undefined where it names none. What is
 * no address on the web or no answer is left out. Nothing is saved by it.
 */
export function kindInAddress(req: Request): NoteForm | undefined {
  const rsvp = readRsvp({ rsvp: [queryText(req, "rsvp") ?? ""] });
  const property = CITING_PROPERTIES.find((name) => isCitable(queryText(req, name) ?? ""));
  const asked = CHOSEN_KINDS.find((kind) => kind === queryText(req, "kind"));
  const kind = rsvp === undefined ? (asked ?? kindOf(property)) : "rsvp";
  if (kind === undefined) return undefined;
  const url = queryText(req, property ?? "url") ?? "";
  return {
    ...emptyForm(),
    title: TITLED.includes(kind) ? excerpt(cleanText(queryText(req, "title") ?? ""), MAX_TITLE_LENGTH) : "",
    content: cleanText(queryText(req, "text") ?? ""),
    kind,
    kindUrl: CITED_IN[kind] !== undefined && isCitable(url) ? url : "",
    rsvp: rsvp ?? "",
  };
}

/**
 * A new note that begins as a translation of the one that `?translate=ID` names, in its words: what stays the same in every
 * language need not be put there again. Undefined where there is none.
 */
export function translationInAddress(ctx: Pick<Context, "db">, req: Request): NoteForm | undefined {
  const id = queryText(req, "translate") ?? "";
  const note = /^[1-9]\d{0,14}$/u.test(id) ? findNote(ctx.db, Number(id)) : undefined;
  if (note === undefined || note.status === "trashed" || note.status === "erased") return undefined;
  const { formKey, slug, language, publishedAt, version } = emptyForm();
  const fresh = { formKey, slug, language, publishedAt, version, ...NO_SERIES, inMenu: "" };
  return { ...formOf(ctx, note), ...fresh, translationOf: note.slug };
}

function kindOf(property: (typeof CITING_PROPERTIES)[number] | undefined): string | undefined {
  return property && Object.keys(CITED_IN).find((kind) => CITED_IN[kind] === property);
}
