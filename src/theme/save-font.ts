import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import { invalid } from "../lib/errors.ts";
import { hashSecret } from "../lib/secrets.ts";
import { said } from "../lib/words.ts";
import { mediaFolder, writeMediaFile } from "../media/media-files.ts";
import { findMedia } from "../media/media-store.ts";
import { recordFile, toOriginalName } from "../media/record-file.ts";
import type { OwnFont } from "../site/look.ts";
import { readFont } from "./woff2.ts";

/** The media type of the fonts that are taken. */
export const FONT_TYPE = "font/woff2";

/** What the names of fonts end with. */
export const FONT_ENDING = ".woff2";

/** A font file as it came; its name is kept for the author and decides nothing. */
export type FontUpload = { readonly bytes: Buffer; readonly originalName?: string };

/**
 * Stores a font under a name made from its content, as every file of the site, and says what it is. The same upload is
 * stored once. Rejects with `invalid` or `storage_full` and a sentence; nothing is left then. With `name`, the content
 * must be what that name says.
 */
export async function saveFont(
  ctx: Pick<Context, "db" | "config" | "clock">,
  { bytes, originalName }: FontUpload,
  name?: string,
): Promise<OwnFont> {
  const font = readFont(bytes);
  const folder = mediaFolder(ctx.config);
  const file = createHash("sha256").update(bytes).digest("base64url").slice(0, 22) + FONT_ENDING;
  if (name !== undefined && name !== file) {
    throw invalid("font", said`Its content is not what its name says: it was changed or damaged.`);
  }
  if (findMedia(ctx.db, file) === undefined || !existsSync(join(folder, file))) {
    await writeMediaFile(folder, file, bytes);
    const facts = { name: file, mediaType: FONT_TYPE, sizeBytes: bytes.length, width: undefined, height: undefined };
    await recordFile(ctx, { ...facts, originalName: toOriginalName(originalName), sourceHash: hashSecret(bytes) });
  }
  return { ...font, file };
}
