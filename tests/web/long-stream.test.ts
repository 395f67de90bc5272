import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { constants, gunzipSync } from "node:zlib";
import express from "express";
import { describe, expect, onTestFinished, test } from "vitest";
import { createLongStreams } from "../../src/web/long-stream.ts";
import type { ReaderLimits } from "../../src/web/reader-pace.ts";
import { READER_BYTES_PER_SECOND, READER_PATIENCE_SECONDS, READER_REST_SECONDS } from "../../src/web/reader-pace.ts";
import { fetchRaw } from "../support/raw-fetch.ts";
import { rawRequest, testServer } from "../support/server.ts";
import { settled } from "../support/settled.ts";
import { until } from "../support/until.ts";

const PIECE_BYTES = 64 * 1024;
/** More than any system takes for a reader that does not read. */
const MANY = 1_000;

/** Limits under which a test need not wait a minute. */
const SHORT: ReaderLimits = { bytesPerSecond: 1024 * 1024, patienceSeconds: 0.3, restSeconds: 0.6, checkMs: 50 };

type Watched = { taken: number; isEnded: boolean; error: unknown };

async function serve(chunks: Iterable<Buffer>, limits?: ReaderLimits) {
  const watched: Watched = { taken: 0, isEnded: false, error: undefined };
  const streams = createLongStreams(limits && { limits });
  const app = express();
  app.get("/", (req, res, next) => {
    streams.send(req, res, { chunks: watch(chunks, watched), mediaType: "text/plain; charset=utf-8" }).catch(next);
  });
  app.use((error: unknown, _req: unknown, res: express.Response, _next: unknown) => {
    watched.error = error;
    if (!res.headersSent) res.status((error as { status?: number }).status ?? 500).end("failed");
  });
  return { ...(await testServer(app)), watched };
}

function* watch(chunks: Iterable<Buffer>, watched: Watched): Generator<Buffer> {
  try {
    for (const chunk of chunks) {
      watched.taken += 1;
      yield chunk;
    }
  } finally {
    watched.isEnded = true;
  }
}

const piece = randomBytes(PIECE_BYTES);
const many = () => Array.from({ length: MANY }, () => piece);
const get = (headers: Record<string, string> = {}) => rawRequest("GET", "/", headers);

/** A reader that asks and then reads nothing. */
function ask(port: number, headers: Record<string, string> = {}) {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {}).pause();
  socket.write(get(headers));
  return socket;
}

describe("a long answer", () => {
  test("arrives whole, in plain bytes and in gzip, never in brotli", async () => {
    const chunks = [Buffer.from("head "), piece, Buffer.alloc(0), piece, Buffer.from(" end")];
    const { port } = await serve(chunks);
    const plain = await fetchRaw(port, "/");
    const brotli = await fetchRaw(port, "/", { "Accept-Encoding": "br" });
    const coded = await fetchRaw(port, "/", { "Accept-Encoding": "br, gzip" });

    expect([plain, brotli, coded].map(({ headers }) => headers["content-encoding"])).toEqual([
      undefined,
      undefined,
      "gzip",
    ]);
    for (const body of [plain.body, brotli.body, gunzipSync(coded.body)]) {
      expect(body.equals(Buffer.concat(chunks))).toBe(true);
    }
  });

  test("is refused to a client that takes neither, before anything is made", async () => {
    const { raw, watched } = await serve([piece]);

    expect((await raw(get({ "Accept-Encoding": "br, *;q=0" }))).status).toBe(406);
    expect(watched.taken).toBe(0);
  });

  test("has the same headers for HEAD, and makes nothing", async () => {
    const { raw, watched } = await serve([piece]);

    const { status, headers, body } = await raw(rawRequest("HEAD", "/", { "Accept-Encoding": "gzip" }));

    expect({ status, body }).toEqual({ status: 200, body: "" });
    expect(headers).toMatchObject({ "content-type": "text/plain; charset=utf-8", "content-encoding": "gzip" });
    expect(watched.taken).toBe(0);
  });

  test("sends its first piece in gzip before it makes the next but one", async () => {
    const { port } = await serve([Buffer.from("head "), Buffer.from("rest")]);

    const { body } = await fetchRaw(port, "/", { "Accept-Encoding": "gzip" });

    const flushed = body.subarray(0, body.indexOf(Buffer.from([0, 0, 0xff, 0xff])) + 4);
    expect(gunzipSync(flushed, { finishFlush: constants.Z_SYNC_FLUSH }).toString()).toBe("head ");
  });

  test("that fails in its first piece leaves room for an error page; later it breaks off", async () => {
    function* failing(after: Buffer[]): Generator<Buffer> {
      yield* after;
      throw new Error("broken piece");
    }
    const first = await serve(failing([]));
    const later = await serve(failing([piece, piece]));

    const refused = await first.raw(get({ "Accept-Encoding": "gzip" }));
    expect(refused).toMatchObject({ status: 500, body: expect.stringContaining("failed") });
    expect(refused.headers["content-encoding"]).toBeUndefined();
    const { status, body } = await later.raw(get());

    expect({ status, isWhole: body.endsWith("0\r\n\r\n") }).toEqual({ status: 200, isWhole: false });
    expect(later.watched.error).toMatchObject({ message: "broken piece" });
  });
});

describe.each(["identity", "gzip"])("a reader of %s", (coding) => {
  const headers = { "Accept-Encoding": coding };

  test("that does not read holds its own answer up, and gets all once it does", async () => {
    const { port, watched } = await serve(many());
    const socket = ask(port, headers);

    const held = await settled(() => watched.taken);
    const ended = new Promise((resolve) => socket.once("end", resolve));
    let received = 0;
    socket.on("data", (bytes) => {
      received += bytes.length;
    });
    socket.resume();
    await ended;

    expect(held).toBeLessThan(MANY);
    expect(received).toBeGreaterThan(MANY * PIECE_BYTES * 0.99);
    expect(watched).toMatchObject({ taken: MANY, isEnded: true, error: undefined });
  });

  test("that hangs up ends what makes its answer, which is no error", async () => {
    const { port, watched } = await serve(many());
    const socket = ask(port, headers);
    await settled(() => watched.taken);

    socket.destroy();

    await until(() => expect(watched.isEnded).toBe(true));
    expect(watched.taken).toBeLessThan(MANY);
    expect(watched.error).toBeUndefined();
  });

  test("that takes nothing any more is cut off, which is no error either", async () => {
    const { port, watched } = await serve(many(), SHORT);
    const socket = ask(port, headers);

    await until(() => expect(watched.isEnded).toBe(true));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    await closed;

    expect(watched.taken).toBeLessThan(MANY);
    expect(watched.error).toBeUndefined();
  });
});

test("a reader that is slow, but not too slow, stays", async () => {
  const { port, watched } = await serve(many().slice(0, MANY / 4), { ...SHORT, bytesPerSecond: 1024 });
  const socket = ask(port);
  let received = 0;
  socket.on("data", (bytes) => {
    received += bytes.length;
    socket.pause();
    setTimeout(() => socket.resume(), 2);
  });
  const ended = new Promise((resolve) => socket.once("end", resolve));

  socket.resume();
  await ended;

  expect(received).toBeGreaterThan((MANY / 4) * PIECE_BYTES);
  expect(watched.isEnded).toBe(true);
});

test("the limits are a kilobyte a second over a minute, and four minutes for who was fast before", () => {
  expect([READER_BYTES_PER_SECOND, READER_PATIENCE_SECONDS, READER_REST_SECONDS]).toEqual([1024, 60, 240]);
});
