import type { Context } from "../context/context.ts";
import { invalid } from "../lib/errors.ts";
import { paths } from "../lib/urls.ts";
import type { MediaFile } from "../media/media-store.ts";
import type { ContentFormat } from "../notes/note.ts";
import type { Form } from "./form.ts";
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
  if (contentFormat === "text") {
    throw invalid("image", "This note was written as plain text, which shows no images. Write a new note for them.");
  }
  const images: MediaFile[] = [];
  for (const file of files) images.push(await saveUpload(ctx, file));
  const written = images.map((image) => imageIn(contentFormat, paths.media(image.name))).join("\n\n");
  return { ...form, content: `${form.content.trimEnd()}\n\n${written}\n`.trimStart() };
}

function imageIn(contentFormat: ContentFormat, path: string): string {
  return contentFormat === "html" ? `<p><img src="${path}" alt=""></p>` : `![](${path})`;
}
