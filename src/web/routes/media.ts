import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { notFound } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import { mediaFolder, variantsFolder } from "../../media/media-files.ts";
import { findMedia, findMediaByHash } from "../../media/media-store.ts";
import { VARIANT_NAME } from "../../media/variant-plan.ts";
import { findVariant } from "../../media/variants-store.ts";
import { answerConditions, requireCoding } from "../answer.ts";
import { IMMUTABLE } from "../edge-headers.ts";
import { HttpError } from "../http-error.ts";
import { chooseRange } from "../range.ts";
import { createRouter } from "../router.ts";
import { isHangUp } from "../stream.ts";

/** Uploaded and copied files, by the names that their content gave them: they never change. */
export function mediaRoutes(ctx: Pick<Context, "config" | "db">): Router {
  const router = createRouter();
  const folder = mediaFolder(ctx.config);

  router.get("/media/:name", async (req, res) => {
    const { name } = req.params;
    const variant = findVariant(ctx.db, name);
    const file = variant && (await openFile(join(variantsFolder(ctx.config), name)));
    if (variant !== undefined && file !== undefined) {
      // Other than that of an original, its name does not stand for its bytes to the letter.
      return await sendFile(req, res, { ...variant, file, etag: `"${name}.${variant.sizeBytes}"`, isForEver: true });
    }
    // Whatever became of a variant, its image is shown; the next one who asks may get the variant again.
    const media = VARIANT_NAME.test(name) ? findMediaByHash(ctx.db, name.slice(0, 22)) : findMedia(ctx.db, name);
    const original = media && (await openFile(join(folder, media.name)));
    if (media === undefined || original === undefined) throw notFound("file");
    await sendFile(req, res, { ...media, file: original, etag: `"${media.name}"`, isForEver: media.name === name });
  });

  return router;
}

/** A file that is open, and what is said of it. */
type Sent = {
  readonly file: FileHandle;
  readonly mediaType: string;
  readonly etag: string;
  readonly isForEver: boolean;
};

async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Closes the file, however that ends. */
async function sendFile(req: Request, res: Response, sent: Sent): Promise<void> {
  try {
    await answerWith(req, res, sent);
  } finally {
    await sent.file.close();
  }
}

async function answerWith(req: Request, res: Response, { file, mediaType, etag, isForEver }: Sent): Promise<void> {
  requireCoding(req, []);
  res.set(isForEver ? IMMUTABLE : { "Cache-Control": "no-cache" });
  if (answerConditions(req, res, { etag })) return;

  const { size } = await file.stat();
  const range = req.method === "GET" ? chooseRange(req.headers, { size, etag }) : "whole";
  if (range === "unsatisfiable") throw outOfRange(size);
  const { start, end } = range === "whole" ? { start: 0, end: size - 1 } : range;

  res.status(range === "whole" ? 200 : 206);
  // As recorded, to the letter: the type was found in the content, and a browser may guess no other.
  res.setHeader("Content-Type", mediaType);
  res.set({
    "Accept-Ranges": "bytes",
    "Content-Length": String(end - start + 1),
    "Content-Security-Policy": "default-src 'none'; sandbox",
  });
  // What a browser opens in a program of its own is a download.
  if (mediaType === "application/pdf") res.set("Content-Disposition", "attachment");
  if (range !== "whole") res.set("Content-Range", `bytes ${start}-${end}/${size}`);
  await sendBytes(req, res, { file, start, end });
}

async function sendBytes(
  req: Request,
  res: Response,
  part: { file: FileHandle; start: number; end: number },
): Promise<void> {
  const { file, start, end } = part;
  if (req.method === "HEAD" || end < start) {
    res.end();
    return;
  }
  try {
    await pipeline(file.createReadStream({ start, end, autoClose: false }), res);
  } catch (error) {
    if (!isHangUp(error)) throw error;
  }
}

function outOfRange(size: number): HttpError {
  return new HttpError(416, said`The file has ${size} bytes, and the request asks for some that lie beyond.`, {
    headers: { "Content-Range": `bytes */${size}` },
  });
}
