import type { Context } from "../context/context.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { escapeHtml } from "../lib/html.ts";
import { paths } from "../lib/urls.ts";
import { said } from "../lib/words.ts";
import type { MediaFile } from "../media/media-store.ts";
import type { ContentFormat } from "../notes/note.ts";
import type { Form } from "./form.ts";
import type { UploadedFile } from "./multipart.ts";
import type { NoteForm } from "./note-form.ts";
import { saveUpload, saveUploads } from "./save-upload.ts";

/**
 * Stores the files that came with the editor's form (`image`, and in the same order `image_alt`, what each shows), and writes
 * them below its text, as the text is written: photos line by line, which makes them a gallery. Says why a file is refused;
 * the others are in the text all the same. Throws `invalid` for files with plain text, which shows none.
 */
export async function addImages(
  ctx: Context,
  sent: { readonly form: NoteForm; readonly files: Form; readonly contentFormat: ContentFormat },
): Promise<{ form: NoteForm; refusal: AppError | undefined }> {
  const { form, contentFormat } = sent;
  const files = sent.files.files("image");
  if (files.length === 0) return { form, refusal: undefined };
  refusePlainText(contentFormat);
  const alts = sent.files.texts("image_alt");
  const { outcomes, refusal } = await saveUploads(ctx, files);
  const shown = outcomes.flatMap((file, index) =>
    file instanceof AppError ? [] : [{ file, alt: toLine(alts[index] ?? "") }],
  );
  if (shown.length === 0) return { form, refusal };
  const content = `${form.content.trimEnd()}\n\n${write(shown, contentFormat)}\n`.trimStart();
  return { form: { ...form, content }, refusal };
}

/**
 * Stores one file. Returns its root-relative path, and how a text of that format shows it. Throws as `saveUpload`, and
 * `invalid` for plain text.
 */
export async function addImage(
  ctx: Context,
  file: UploadedFile,
  contentFormat: ContentFormat,
): Promise<{ readonly path: string; readonly written: string }> {
  refusePlainText(contentFormat);
  const saved = await saveUpload(ctx, file);
  return { path: paths.media(saved.name), written: writeImage(saved, contentFormat) };
}

/** How a text of that format shows a file of which nobody said what it shows. */
export function writeImage(file: MediaFile, contentFormat: ContentFormat): string {
  return write([{ file, alt: "" }], contentFormat);
}

function refusePlainText(contentFormat: ContentFormat): void {
  if (contentFormat !== "text") return;
  throw invalid("image", said`This note was written as plain text, which shows no images. Write a new note for them.`);
}

type Shown = { readonly file: MediaFile; readonly alt: string };

function write(saved: readonly Shown[], contentFormat: ContentFormat): string {
  const writeOne = contentFormat === "html" ? inHtml : inMarkdown;
  const photos = saved.filter(isPhoto).map(writeOne).join("\n");
  const others = saved.filter((shown) => !isPhoto(shown)).map(writeOne);
  const paragraphs = [photos, ...others].filter((text) => text !== "");
  return (contentFormat === "html" ? paragraphs.map((html) => `<p>${html}</p>`) : paragraphs).join("\n\n");
}

function inMarkdown(shown: Shown): string {
  return `![${wordsOf(shown).replace(/[\\[\]]/gu, "\\$&")}](${paths.media(shown.file.name)})`;
}

function inHtml(shown: Shown): string {
  return `<img src="${paths.media(shown.file.name)}" alt="${escapeHtml(wordsOf(shown))}">`;
}

/** A document is named by what it was called: a link without words would say nothing. */
function wordsOf({ file, alt }: Shown): string {
  return alt || (file.mediaType === "application/pdf" ? (file.originalName ?? "") : "");
}

function isPhoto({ file }: Shown): boolean {
  return file.mediaType.startsWith("image/");
}

function toLine(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
