import { pipeline } from "node:stream/promises";
import type { Gzip } from "node:zlib";
import { createGzip } from "node:zlib";
import type { Request, Response } from "express";
import { finish, requireCoding } from "./answer.ts";
import { CODINGS, chooseCoding } from "./coding.ts";
import { compress } from "./compress.ts";
import { MAX_PAGE_BYTES } from "./page-cache.ts";

/** An answer that is made while it is sent. */
export type StreamedAnswer = {
  /** Its text, piece by piece; taken only as fast as the reader reads, and no further once that one hangs up. */
  chunks: Generator<string>;
  /** With its charset. */
  mediaType: string;
  /** Told the whole of it once it is written, if that is at most MAX_PAGE_BYTES. */
  keep?: (body: Buffer) => void;
};

/** Largest answer that is coded in Brotli, in bytes before it: that is done in one go, and what is larger is streamed. */
export const MAX_BROTLI_BYTES = 1024 * 1024;

/** Chunks after which the first bytes leave the compressor: the head and one item, so that a reader sees life. */
const CHUNKS_BEFORE_FLUSH = 2;

/** Characters that later chunks are put together to before they are written: each write costs more than a chunk is worth. */
export const PIECE_CHARACTERS = 16 * 1024;

/**
 * Answers with a text that is made while it is sent, in the coding that the client prefers. Headers that a 304 has too
 * must be set, and conditions answered, before. Rejects with the error of `chunks`: the reader then sees a broken
 * transfer, never an end that is none. A reader that hangs up is no error.
 */
export async function sendStream(req: Request, res: Response, answer: StreamedAnswer): Promise<void> {
  const { mediaType, keep } = answer;
  // A slow reader takes its time, and nobody else waits for it.
  res.locals.slot?.release();
  const chunks = keep === undefined ? answer.chunks : remembered(answer.chunks, keep);
  res.vary("Accept-Encoding");
  res.set("Content-Type", mediaType);
  const wanted = requireCoding(req, CODINGS);
  // The first piece before the head of the answer: when that one fails, there still can be an error page.
  const { taken, isWhole } = takeUpTo(chunks, wanted === "br" ? MAX_BROTLI_BYTES : 0);
  if (wanted !== "br") return stream(res, continued(taken, chunks), wanted);
  if (isWhole) return sendWhole(res, taken.join(""));
  // Brotli may be all that the client takes: then it is worth the wait.
  const other = chooseCoding(req.get("Accept-Encoding"), ["gzip"]);
  if (other === undefined) return sendWhole(res, taken.join("") + [...chunks].join(""));
  return stream(res, continued(taken, chunks), other === "gzip" ? "gzip" : "identity");
}

async function stream(res: Response, chunks: Generator<string>, coding: "gzip" | "identity"): Promise<void> {
  if (coding === "gzip") res.set("Content-Encoding", "gzip");
  if (res.req.method === "HEAD") {
    res.end();
    return;
  }
  try {
    if (coding === "identity") return await pipeline(inPieces(chunks), res);
    const gzip = createGzip();
    await pipeline(flushedEarly(inPieces(chunks), gzip), gzip, res);
  } catch (error) {
    if (!isHangUp(error)) throw error;
  }
}

async function sendWhole(res: Response, text: string): Promise<void> {
  const coded = await compress(Buffer.from(text), "br");
  res.set("Content-Encoding", "br");
  finish(res, coded);
}

/** The same chunks; whoever takes the last of them has the whole kept, unless it is too large. */
function* remembered(chunks: Generator<string>, keep: (body: Buffer) => void): Generator<string> {
  let pieces: Buffer[] | undefined = [];
  let bytes = 0;
  for (const chunk of chunks) {
    bytes += Buffer.byteLength(chunk);
    if (bytes > MAX_PAGE_BYTES) pieces = undefined;
    pieces?.push(Buffer.from(chunk));
    yield chunk;
  }
  if (pieces !== undefined) keep(Buffer.concat(pieces));
}

function takeUpTo(chunks: Generator<string>, maxBytes: number): { taken: string[]; isWhole: boolean } {
  const taken: string[] = [];
  let bytes = 0;
  while (bytes <= maxBytes) {
    const { value, done } = chunks.next();
    if (done === true) return { taken, isWhole: true };
    taken.push(value);
    bytes += Buffer.byteLength(value);
  }
  return { taken, isWhole: false };
}

function* continued(taken: readonly string[], rest: Generator<string>): Generator<string> {
  try {
    yield* taken;
    yield* rest;
  } finally {
    rest.return(undefined); // A reader that hangs up before `rest` is reached ends it too.
  }
}

/** The first chunks as they are made, so that a reader sees life; then as many at once as make a piece. */
function* inPieces(chunks: Generator<string>): Generator<string> {
  let piece = "";
  let count = 0;
  for (const chunk of chunks) {
    piece += chunk;
    count += 1;
    if (count > CHUNKS_BEFORE_FLUSH && piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

/** The consumer has written a chunk when it asks for the next, so that is the moment to flush. */
function* flushedEarly(chunks: Generator<string>, gzip: Gzip): Generator<string> {
  let count = 0;
  for (const chunk of chunks) {
    yield chunk;
    count += 1;
    if (count === CHUNKS_BEFORE_FLUSH) gzip.flush();
  }
}

/** Whether an answer failed because its reader went away, which is no fault. */
export function isHangUp(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ECONNRESET" || code === "EPIPE";
}
