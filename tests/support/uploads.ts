import { Readable } from "node:stream";
import type { Context } from "../../src/context/context.ts";
import type { MediaFile } from "../../src/media/media-store.ts";
import { saveFile, uploadLimit } from "../../src/media/save-file.ts";
import { createStage, uploadsFolder } from "../../src/media/stage.ts";
import { readSettings } from "../../src/site/settings-store.ts";

/** Uploads bytes piece by piece, as a form would bring them. */
export async function upload(ctx: Context, bytes: Buffer, originalName = "a.bin"): Promise<MediaFile> {
  const stage = createStage(uploadsFolder(ctx.config));
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 65_536) pieces.push(bytes.subarray(at, at + 65_536));
  try {
    const staged = await stage.write(Readable.from(pieces), uploadLimit(readSettings(ctx.db)));
    return await saveFile(ctx, { ...staged, originalName });
  } finally {
    await stage.clear();
  }
}
