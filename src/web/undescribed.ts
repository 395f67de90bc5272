import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { paths } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import { describeMedia } from "../notes/library.ts";
import { findLibraryFile } from "../notes/library-store.ts";
import type { Form } from "./form.ts";

/** An image that nobody has described, and the field that takes what it shows. */
export type UndescribedImage = { field: string; label: Words; thumbnailPath: string };

/** Most images that the editor shows at once to be described. */
export const MAX_SHOWN_UNDESCRIBED = 50;

const PREFIX = "alt.";
const IMAGE = /<img [^>]*>/gu;
const SOURCE = / src="\/media\/([\w-]{22}\.[a-z0-9]+)"/u;

/** The images of this site in the HTML of a note that have no description, each once. */
export function listUndescribed({ db }: Pick<Context, "db">, contentHtml: string): UndescribedImage[] {
  const tags = (contentHtml.match(IMAGE) ?? []).filter((tag) => tag.includes(' alt=""'));
  const names = [...new Set(tags.flatMap((tag) => SOURCE.exec(tag)?.[1] ?? []))];
  return names.slice(0, MAX_SHOWN_UNDESCRIBED).flatMap((name) => {
    const file = findLibraryFile(db, name);
    if (file === undefined) return [];
    const { originalName, thumbnail } = file;
    return [{ field: PREFIX + name, label: originalName ?? name, thumbnailPath: paths.media(thumbnail ?? name) }];
  });
}

/** Records what a form says of images, whatever becomes of the rest of it. Throws `invalid` for a description that is too long. */
export async function describeSent(ctx: Context, form: Form): Promise<void> {
  for (const [field, [words = ""]] of form.fields) {
    if (!field.startsWith(PREFIX) || words.trim() === "") continue;
    await describeMedia(ctx, field.slice(PREFIX.length), words).catch((error: unknown) => {
      // Deleted meanwhile: then there is nothing to describe.
      if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    });
  }
}
