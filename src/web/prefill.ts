import type { Request } from "express";
import { cleanText, excerpt } from "../lib/text.ts";
import { CITING_PROPERTIES, isCitable } from "../notes/cited.ts";
import { readRsvp } from "../notes/kind.ts";
import { MAX_TITLE_LENGTH } from "../notes/note-input.ts";
import { queryText } from "./input.ts";
import { CHOSEN_KINDS, CITED_IN } from "./kind-form.ts";
import type { NoteForm } from "./note-form.ts";
import { emptyForm } from "./note-form.ts";

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

function kindOf(property: (typeof CITING_PROPERTIES)[number] | undefined): string | undefined {
  return property && Object.keys(CITED_IN).find((kind) => CITED_IN[kind] === property);
}
