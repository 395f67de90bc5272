import type { IncomingMessage } from "node:http";
import { AppError } from "../lib/errors.ts";
import { whenTooSlow } from "../lib/http-body-pace.ts";
import { said } from "../lib/words.ts";
import { HttpError } from "./http-error.ts";

/** Most bytes of a body that is no upload: JSON, urlencoded, and all text fields of a multipart form together. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads a whole body. Throws `too_large` past `maxBytes`, HttpError 415 when the body is compressed (a small one could
 * unfold to any size), 400 when the client breaks off and 408 when it is too slow. What is left of a refused body is read and dropped,
 * so that the client gets to see the answer.
 */
export function readBytes(req: IncomingMessage, maxBytes: number = MAX_BODY_BYTES): Promise<Buffer> {
  refuseCoded(req);
  refuseAnnounced(req, maxBytes);

  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const collect = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else fail(tooLargeBody(maxBytes));
    };
    const fail = (error: Error) => {
      chunks.length = 0;
      req.off("data", collect).resume();
      reject(error);
    };
    req.on("data", collect);
    req.on("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    whenBrokenOff(req, fail);
  });
}

/** The media type of a body in lower case without its parameters; empty when it has none. */
export function bodyType(req: IncomingMessage): string {
  return (req.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** Throws HttpError 415 for a body in any content coding. */
export function refuseCoded(req: IncomingMessage): void {
  const coding = req.headers["content-encoding"] ?? "identity";
  if (coding.trim().toLowerCase() === "identity") return;
  throw new HttpError(415, said`Compressed request bodies are not taken. Send the body without Content-Encoding.`, {
    headers: { "Accept-Encoding": "identity" },
  });
}

/** Throws `too_large` when the body says beforehand that it is. */
export function refuseAnnounced(req: IncomingMessage, maxBytes: number): void {
  if (Number(req.headers["content-length"] ?? 0) > maxBytes) throw tooLargeBody(maxBytes);
}

/** Calls `fail` if the client goes away in the middle of its body, or sends it too slowly. */
export function whenBrokenOff(req: IncomingMessage, fail: (error: Error) => void): void {
  const breakOff = (cause?: unknown) => {
    if (!req.complete) fail(brokenOff(cause));
  };
  // Each comes once: `once` would make two functions more, and this is for every body.
  req.on("error", breakOff);
  req.on("close", breakOff);
  if (req.destroyed) breakOff();
  whenTooSlow(req, () => fail(tooSlow()));
}

/** HttpError 400 for a body that ends too early. */
export function brokenOff(cause?: unknown): HttpError {
  return new HttpError(400, said`The request ended before it was complete. Send it again.`, { cause });
}

/** HttpError 408 for a body that drips: the connection ends with the answer. */
function tooSlow(): HttpError {
  const sentence = said`What was sent took too long to arrive. Send it again over a faster connection, or less at once.`;
  return new HttpError(408, sentence, { headers: { Connection: "close" } });
}

/** A `too_large` error for a whole body. */
export function tooLargeBody(maxBytes: number): AppError {
  return new AppError("too_large", said`What was sent is larger than ${inMegabytes(maxBytes)}. Send less at once.`);
}

/** A size for people: `10 MB`. */
export function inMegabytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MB`;
}
