import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { notFound } from "../../lib/errors.ts";
import { mediaFolder } from "../../media/media-files.ts";
import type { MediaFile } from "../../media/media-store.ts";
import { findMedia } from "../../media/media-store.ts";
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
    const media = findMedia(ctx.db, req.params.name);
    if (media === undefined) throw notFound("file");
    const file = await openFile(join(folder, media.name));
    try {
      await sendFile(req, res, { media, file });
    } finally {
      await file.close();
    }
  });

  return router;
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw notFound("file");
    throw error;
  }
}

async function sendFile(
  req: Request,
  res: Response,
  { media, file }: { media: MediaFile; file: FileHandle },
): Promise<void> {
  const etag = `"${media.name}"`;
  requireCoding(req, []);
  res.set(IMMUTABLE);
  if (answerConditions(req, res, { etag })) return;

  const { size } = await file.stat();
  const range = req.method === "GET" ? chooseRange(req.headers, { size, etag }) : "whole";
  if (range === "unsatisfiable") throw outOfRange(size);
  const { start, end } = range === "whole" ? { start: 0, end: size - 1 } : range;

  res.status(range === "whole" ? 200 : 206);
  // As recorded, to the letter: the type was found in the content, and a browser may guess no other.
  res.setHeader("Content-Type", media.mediaType);
  res.set({
    "Accept-Ranges": "bytes",
    "Content-Length": String(end - start + 1),
    "Content-Security-Policy": "default-src 'none'; sandbox",
  });
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
  return new HttpError(416, `The file has ${size} bytes, and the request asks for some that lie beyond.`, {
    headers: { "Content-Range": `bytes */${size}` },
  });
}
