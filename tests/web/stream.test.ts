import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { get as httpGet } from "node:http";
import { connect } from "node:net";
import { brotliDecompressSync, constants, gunzipSync } from "node:zlib";
import express from "express";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { MAX_BROTLI_BYTES, PIECE_CHARACTERS, sendStream } from "../../src/web/stream.ts";
import { rawRequest, testServer } from "../support/server.ts";
import { settled } from "../support/settled.ts";

/** How long a condition may take to come true, in milliseconds. */
const WAIT_MS = 10_000;

/** What became of a stream that a test sent; the sizes of what was written are in bytes. */
type Watched = { taken: number; isStopped: boolean; error: unknown; readonly written: number[] };

async function serve(chunks: Iterable<string>) {
  const watched: Watched = { taken: 0, isStopped: false, error: undefined, written: [] };
  const app = express();
  app.get("/", (req, res, next) => {
    const write = res.write.bind(res) as (chunk: string | Buffer, ...rest: unknown[]) => boolean;
    res.write = (chunk: string | Buffer, ...rest: unknown[]) => {
      watched.written.push(Buffer.byteLength(chunk));
      return write(chunk, ...rest);
    };
    sendStream(req, res, { chunks: watch(chunks, watched), mediaType: "text/plain; charset=utf-8" }).catch(next);
  });
  app.use((error: unknown, _req: unknown, res: express.Response, _next: unknown) => {
    watched.error = error;
    if (!res.headersSent) res.status((error as { status?: number }).status ?? 500).end("failed");
  });
  return { ...(await testServer(app)), watched };
}

function* watch(chunks: Iterable<string>, watched: Watched): Generator<string> {
  try {
    for (const chunk of chunks) {
      watched.taken += 1;
      yield chunk;
    }
  } finally {
    watched.isStopped = true;
  }
}

const get = (headers: Record<string, string> = {}) => rawRequest("GET", "/", headers);

/** The text of a chunked body; Node may put several writes into one chunk. */
function unchunked(body: string): string {
  const [head = "", size = ""] = /^([0-9a-f]+)\r\n/.exec(body) ?? [];
  const length = Number.parseInt(size, 16);
  if (length === 0) return "";
  return body.slice(head.length, head.length + length) + unchunked(body.slice(head.length + length + 2));
}

describe("a streamed answer", () => {
  test("arrives whole, chunk by chunk, without a length", async () => {
    const { raw, watched } = await serve(["a", "bé", "", "c"]);

    const { status, headers, body } = await raw(get());

    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "transfer-encoding": "chunked",
      "content-type": "text/plain; charset=utf-8",
      vary: "Accept-Encoding",
    });
    expect(headers["content-length"]).toBeUndefined();
    expect(Buffer.from(unchunked(body), "latin1").toString()).toBe("abéc");
    expect(watched.written).toEqual([1, 3, 1]);
  });

  test("comes in pieces past its first two chunks, none of which is longer than it must be", async () => {
    const half = "x".repeat(PIECE_CHARACTERS / 2);
    const { raw, watched } = await serve(["head", "one", half, half, half.slice(1), "y", "z"]);

    const { body } = await raw(get());

    expect(unchunked(body)).toBe(`headone${half}${half}${half.slice(1)}yz`);
    expect(watched.written).toEqual([4, 3, PIECE_CHARACTERS, PIECE_CHARACTERS / 2 + 1]);
  });

  test("is not chunked for a client of HTTP/1.0; the end of the connection is its end", async () => {
    const { raw } = await serve(["a", "b"]);

    const { headers, body } = await raw("GET / HTTP/1.0\r\nHost: blog.example\r\n\r\n");

    expect(headers["transfer-encoding"]).toBeUndefined();
    expect(headers.connection).toBe("close");
    expect(body).toBe("ab");
  });

  test("has the same headers for HEAD, and no body", async () => {
    const { raw } = await serve(["a", "b"]);

    const { headers, body } = await raw(rawRequest("HEAD", "/", { "Accept-Encoding": "gzip" }));

    expect(body).toBe("");
    expect(headers).toMatchObject({ "content-type": "text/plain; charset=utf-8", "content-encoding": "gzip" });
  });

  test("is refused to a client that takes no coding at all", async () => {
    const { raw, watched } = await serve(["a"]);

    expect((await raw(get({ "Accept-Encoding": "*;q=0" }))).status).toBe(406);
    expect(watched.taken).toBe(0);
  });
});

describe("gzip", () => {
  test("sends the head and the first item before the rest", async () => {
    const { port } = await serve(["head ", "one ", "two ", "three "]);

    const { body } = await fetchBytes(port, { "accept-encoding": "gzip" });

    const flushed = body.subarray(0, body.indexOf(Buffer.from([0, 0, 0xff, 0xff])) + 4);
    expect(gunzipSync(flushed, { finishFlush: constants.Z_SYNC_FLUSH }).toString()).toBe("head one ");
    expect(gunzipSync(body).toString()).toBe("head one two three ");
  });
});

describe("brotli", () => {
  test.each([
    ["at", MAX_BROTLI_BYTES, "br"],
    ["one byte past", MAX_BROTLI_BYTES + 1, "gzip"],
  ])(
    "codes an answer %s the limit as a whole, with a length, or not at all (%i bytes: %s)",
    async (_, size, coding) => {
      const chunks = ["é".repeat(10), ..."x".repeat(size - 20).match(/.{1,100000}/g)!];
      const { port } = await serve(chunks);

      const { headers, body } = await fetchBytes(port, { "accept-encoding": "gzip, br" });

      const text = coding === "br" ? brotliDecompressSync(body) : gunzipSync(body);
      expect(headers["content-encoding"]).toBe(coding);
      expect(headers["content-length"]).toBe(coding === "br" ? String(body.length) : undefined);
      expect(text.toString()).toBe(chunks.join(""));
    },
  );

  test("past the limit gives way to plain bytes for a client without gzip", async () => {
    const { port } = await serve(["x".repeat(MAX_BROTLI_BYTES), "y"]);

    const { headers, body } = await fetchBytes(port, { "accept-encoding": "br" });

    expect(headers["content-encoding"]).toBeUndefined();
    expect(body.length).toBe(MAX_BROTLI_BYTES + 1);
  });

  test("is used past the limit too when it is all that the client takes", async () => {
    const { port } = await serve(["x".repeat(MAX_BROTLI_BYTES), "y"]);

    const { body } = await fetchBytes(port, { "accept-encoding": "br, *;q=0" });

    expect(brotliDecompressSync(body).length).toBe(MAX_BROTLI_BYTES + 1);
  });
});

describe("a reader", () => {
  const blocks = 1_000;
  // Wider than the window of gzip, so that repeating it makes it no smaller.
  const block = randomBytes(48 * 1024).toString("base64");
  const many = () => Array.from({ length: blocks }, () => block);

  test.each(["identity", "gzip"])(
    "that does not read holds the stream up, and gets all once it does (%s)",
    async (coding) => {
      const { port, watched } = await serve(many());
      const socket = connect(port, "127.0.0.1");
      onTestFinished(() => void socket.destroy());
      socket.pause();
      socket.write(get({ "Accept-Encoding": coding }));

      await vi.waitFor(() => expect(watched.taken).toBeGreaterThan(2), WAIT_MS);
      const held = await settled(() => watched.taken);
      let received = 0;
      socket.on("data", (chunk) => {
        received += chunk.length;
      });
      const ended = new Promise((resolve) => socket.once("end", resolve));
      socket.resume();
      await ended;

      expect(held).toBeLessThan(blocks / 2);
      expect(watched.taken).toBe(blocks);
      expect(received).toBeGreaterThan(blocks * 48 * 1024);
    },
  );

  test.each(["identity", "gzip"])("that hangs up stops the stream, which is no error (%s)", async (coding) => {
    const { port, watched } = await serve(many());
    const socket = connect(port, "127.0.0.1");
    socket.write(get({ "Accept-Encoding": coding }));
    await new Promise((resolve) => socket.once("data", resolve));

    socket.destroy();
    await vi.waitFor(() => expect(watched.isStopped).toBe(true), WAIT_MS);

    expect(watched.taken).toBeLessThan(blocks);
    expect(watched.error).toBeUndefined();
  });
});

describe("a failure", () => {
  function* failingAfter(chunks: string[]): Generator<string> {
    yield* chunks;
    throw new Error("broken item");
  }

  test("in the first piece leaves room for an error page", async () => {
    const { raw, watched } = await serve(failingAfter([]));

    const { status, body } = await raw(get());

    expect(status).toBe(500);
    expect(body).toContain("failed");
    expect(watched.error).toMatchObject({ message: "broken item" });
  });

  test.each(["identity", "gzip"])(
    "later is seen by the reader as a broken transfer, and is reported (%s)",
    async (coding) => {
      const { raw, watched } = await serve(failingAfter(["a".repeat(100_000), "b"]));

      const { status, body } = await raw(get({ "Accept-Encoding": coding })).catch(() => ({ status: 200, body: "" }));

      expect(status).toBe(200);
      expect(body.endsWith("0\r\n\r\n")).toBe(false);
      expect(watched.error).toMatchObject({ message: "broken item" });
    },
  );
});

/** An answer whose body is as it came, still coded. */
function fetchBytes(port: number, headers: Record<string, string>) {
  return new Promise<{ headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    httpGet({ port, host: "127.0.0.1", headers, agent: false, timeout: WAIT_MS }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(chunks) }));
    }).on("error", reject);
  });
}
