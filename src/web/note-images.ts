import type { Context } from "../context/context.ts";
import { invalid } from "../lib/errors.ts";
import { paths } from "../lib/urls.ts";
import type { ContentFormat } from "../notes/note.ts";
import type { Form } from "./form.ts";
import type { UploadedFile } from "./multipart.ts";
import type { NoteForm } from "./note-form.ts";
import { saveUpload } from "./save-upload.ts";

/**
 * Stores the images that came with the editor's form, and writes them below its text, as the text is written. Throws
 * `invalid` for what is no image, and for images with plain text, which shows none.
 */
export async function addImages(
  ctx: Context,
  sent: { readonly form: NoteForm; readonly files: Form; readonly contentFormat: ContentFormat },
): Promise<NoteForm> {
  const { form, contentFormat } = sent;
  const files = sent.files.files("image");
  if (files.length === 0) return form;
  const written: string[] = [];
  for (const file of files) written.push((await addImage(ctx, file, contentFormat)).written);
  return { ...form, content: `${form.content.trimEnd()}\n\n${written.join("\n\n")}\n`.trimStart() };
}

/**
 * Stores one image. Returns its root-relative path, and how a text of that format shows it. Throws as `saveUpload`, and
 * `invalid` for plain text.
 */
export async function addImage(
  ctx: Context,
  file: UploadedFile,
  contentFormat: ContentFormat,
): Promise<{ readonly path: string; readonly written: string }> {
  if (contentFormat === "text") {
    throw invalid("image", "This note was written as plain text, which shows no images. Write a new note for them.");
  }
  const path = paths.media((await saveUpload(ctx, file)).name);
  return { path, written: imageIn(contentFormat, path) };
}

function imageIn(contentFormat: ContentFormat, path: string): string {
  return contentFormat === "html" ? `<p><img src="${path}" alt=""></p>` : `![](${path})`;
}
