import type { Request } from "express";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { urlKind } from "../lib/safe-url.ts";
import { cleanText, excerpt } from "../lib/text.ts";
import { MAX_TITLE_LENGTH } from "../notes/note-input.ts";
import type { Form } from "./form.ts";
import { queryText } from "./input.ts";
import type { NoteForm } from "./note-form.ts";
import { emptyForm } from "./note-form.ts";
import { writeImage } from "./note-images.ts";
import { saveUploads } from "./save-upload.ts";

/** What another app or the bookmarklet says of what it shares; each may be empty. */
export type SharedText = { readonly title: string; readonly text: string; readonly url: string };

/**
 * A new note of what was shared: the text, and below it a link to the page by its title. Without a page the title is the
 * note's. An address that is none of the web stays as text; one that the text has already is not said twice.
 */
export function sharedForm(shared: SharedText): NoteForm {
  const clean = (part: string) => cleanText(part).trim();
  const [text, url] = [clean(shared.text), clean(shared.url)];
  const line = excerpt(clean(shared.title), MAX_TITLE_LENGTH);
  const link = url === "" || text.includes(url) ? "" : linkTo(url, line);
  const content = [text, link].filter((part) => part !== "").join("\n\n");
  return { ...emptyForm(), title: link === "" ? line : "", content };
}

/** What the address of a new note says that it shall begin with; undefined for one that says nothing. */
export function sharedInAddress(req: Request): NoteForm | undefined {
  const [title = "", text = "", url = ""] = ["title", "text", "url"].map((name) => queryText(req, name));
  return `${title}${text}${url}` === "" ? undefined : sharedForm({ title, text, url });
}

/** The form with the shared photos below its text, and a sentence for each that was not taken. Throws `storage_full`. */
export async function withSharedPhotos(
  ctx: Context,
  form: NoteForm,
  files: ReturnType<Form["files"]>,
): Promise<{ readonly form: NoteForm; readonly refused: readonly string[] }> {
  const written: string[] = [];
  const refused: string[] = [];
  const { outcomes } = await saveUploads(ctx, files);
  for (const [index, outcome] of outcomes.entries()) {
    // One photo that cannot be taken loses neither the text nor the others.
    if (!(outcome instanceof AppError)) written.push(writeImage(outcome, "markdown"));
    else if (outcome.code !== "invalid" && outcome.code !== "too_large") throw outcome;
    else refused.push(`${excerpt(files[index]?.name ?? "", 80) || "A file"} was not taken: ${outcome.message}`);
  }
  const content = [form.content, ...written].filter((part) => part !== "").join("\n\n");
  return { form: { ...form, content }, refused };
}

function linkTo(url: string, title: string): string {
  if (urlKind(url) !== "web") return url;
  const address = new URL(url).href.replaceAll("(", "%28").replaceAll(")", "%29");
  return title === "" ? `<${address}>` : `[${title.replace(/[[\]\\]/gu, "\\$&")}](${address})`;
}
