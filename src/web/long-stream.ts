import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import type { Gzip } from "node:zlib";
import { createGzip } from "node:zlib";
import type { Request, Response } from "express";
import { createBufferGarbage } from "../lib/buffer-garbage.ts";
import type { Gate } from "../lib/gate.ts";
import { createGate } from "../lib/gate.ts";
import type { Turns } from "../lib/turns.ts";
import { createTurns } from "../lib/turns.ts";
import { requireCoding } from "./answer.ts";
import type { ReaderLimits } from "./reader-pace.ts";
import { watchReader } from "./reader-pace.ts";
import { isHangUp } from "./stream.ts";

/** A long answer that is made while it is sent. */
export type LongAnswer = {
  /** Its bytes, each piece the work of about a millisecond. */
  readonly chunks: Generator<Buffer>;
  /** With its charset. */
  readonly mediaType: string;
};

/** Sends long answers to any number of readers at once. */
export type LongStreams = {
  /**
   * Answers with bytes that are made while they are sent, in gzip or plain. Headers that a 304 has too must be set, and
   * conditions answered, before. Each piece is made in a turn of the event loop of its own, and only when its reader has
   * taken the one before. A reader that hangs up is no error, and neither is one that is cut off for reading too slowly.
   */
  send(req: Request, res: Response, answer: LongAnswer): Promise<void>;
};

/**
 * How a long answer is coded. Each reader has a compressor of its own: with a window of 16 KiB it takes 128 KiB of memory
 * and not 256, and the text becomes 3 % larger; level 4 takes half the time of 6 for another 6 %.
 */
const GZIP = { level: 4, windowBits: 14, memLevel: 7 };

/** Pieces that are compressed at a time: on one core more of them would leave readers of pages a smaller share of it. */
const MAX_COMPRESSING = 1;

type Shared = {
  readonly turns: Turns;
  readonly gate: Gate;
  readonly garbage: ReturnType<typeof createBufferGarbage>;
  readonly limits: ReaderLimits | undefined;
};

/** How long answers are sent. */
export type LongStreamOptions = {
  readonly limits?: ReaderLimits;
  /** Counts the answers that others were given: while there are any, long ones take a smaller share of the processor. */
  readonly answered?: () => number;
};

/** Creates what sends long answers; whoever shares it shares the turns. */
export function createLongStreams({ limits, answered }: LongStreamOptions = {}): LongStreams {
  const shared: Shared = {
    turns: createTurns(answered),
    gate: createGate(MAX_COMPRESSING),
    garbage: createBufferGarbage(),
    limits,
  };
  return { send: (req, res, answer) => send(shared, { req, res }, answer) };
}

async function send(shared: Shared, { req, res }: { req: Request; res: Response }, answer: LongAnswer): Promise<void> {
  // A reader of this takes long, and nobody else waits for it.
  res.locals.slot?.release();
  const coding = requireCoding(req, ["gzip"]);
  const { chunks, mediaType } = answer;
  // The first piece before the head of the answer: when that one fails, there still can be an error page.
  const first = req.method === "HEAD" ? undefined : chunks.next();
  res.vary("Accept-Encoding");
  res.set("Content-Type", mediaType);
  if (coding !== "identity") res.set("Content-Encoding", coding);
  if (first === undefined) {
    res.end();
    return;
  }
  const pieces = inTurns(first.done === true ? [] : [first.value], chunks, shared);
  await sendPieces(res, coding === "gzip" ? compressed(pieces, shared.gate) : pieces, shared.limits);
}

async function sendPieces(res: Response, pieces: AsyncGenerator<Buffer>, limits?: ReaderLimits): Promise<void> {
  const stopWatching = watchReader(res, limits);
  try {
    await pipeline(pieces, res);
  } catch (error) {
    if (!isHangUp(error)) throw error;
  } finally {
    stopWatching();
  }
}

async function* inTurns(first: readonly Buffer[], rest: Generator<Buffer>, shared: Shared): AsyncGenerator<Buffer> {
  const { turns, garbage } = shared;
  try {
    yield* first;
    await turns.next();
    for (const piece of rest) {
      yield piece;
      garbage.add(piece.length);
      await turns.next();
    }
  } finally {
    rest.return(undefined); // A reader that hangs up before `rest` is reached ends it too.
  }
}

/** What comes out is held here and not in the compressor, which would wait for a slow reader inside the gate. */
async function* compressed(pieces: AsyncGenerator<Buffer>, gate: Gate): AsyncGenerator<Buffer> {
  const gzip = createGzip(GZIP);
  const made: Buffer[] = [];
  gzip.on("data", (bytes: Buffer) => made.push(bytes));
  try {
    let isFirst = true;
    for await (const piece of pieces) {
      await gate.run(() => compressPiece(gzip, piece, isFirst));
      isFirst = false;
      yield* made.splice(0);
    }
    gzip.end();
    await once(gzip, "end");
    yield* made;
  } finally {
    gzip.destroy();
  }
}

/** The first piece leaves at once, so that a reader sees life. */
async function compressPiece(gzip: Gzip, piece: Buffer, isFlushed: boolean): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    gzip.write(piece, (error) => (error ? reject(error) : resolve()));
  });
  if (isFlushed) await new Promise<void>((resolve) => gzip.flush(resolve));
}
