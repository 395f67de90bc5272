import type { Context } from "../context/context.ts";
import type { MediaFile } from "../media/media-store.ts";
import { saveFile } from "../media/save-file.ts";
import type { UploadedFile } from "./multipart.ts";

/** Stores a file that came with a form: see `saveFile`. Throws what was wrong with it on its way, too. */
export async function saveUpload(
  ctx: Pick<Context, "db" | "config" | "clock">,
  { problem, name, path, sizeBytes, sourceHash }: UploadedFile,
  options: { readonly only?: "image" } = {},
): Promise<MediaFile> {
  if (problem !== undefined) throw problem;
  return await saveFile(ctx, { path, sizeBytes, sourceHash, originalName: name }, options);
}
