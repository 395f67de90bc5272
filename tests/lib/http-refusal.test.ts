import type { RequestListener } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import type { Refusal } from "../../src/lib/http-refusal.ts";
import { MAX_HEAD_BYTES } from "../../src/lib/http-server.ts";
import { startOwnServer } from "../support/speak.ts";
import { until } from "../support/until.ts";

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const HSTS = { "Strict-Transport-Security": "max-age=1" };

/** A server that answers whatever it understands, and remembers what it refused. */
async function serve(handler: RequestListener = (_req, res) => res.end("served")) {
  const refusals: Refusal[] = [];
  const limits = { headersTimeoutMs: 200, checkMs: 20 };
  const onRefusal = (refusal: Refusal) => void refusals.push(refusal);
  return { ...(await startOwnServer(handler, { headers: HSTS, onRefusal, limits })), refusals };
}

const POST = "POST / HTTP/1.1\r\nHost: a\r\n";

test.each<[string, string | Buffer, number]>([
  ["noise", "\u0000\u0001\u0002\r\n\r\n", 400],
  ["a greeting of TLS", Buffer.from("160301020001000001fc0303", "hex"), 400],
  ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["HTTP/0.9", "GET /\r\n\r\n", 400],
  ["an unknown method", "GRAB / HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["a space in the address", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["a folded header", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400],
  ["a header without a name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400],
  ["two lengths", `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
  ["a length and chunks", `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ["a length that is none", `${POST}Content-Length: -1\r\n\r\n`, 400],
  ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400],
  ["a request to a proxy", "CONNECT other.example:443 HTTP/1.1\r\nHost: other.example\r\n\r\n", 405],
  ["an expectation", `${POST}Expect: 200-ok\r\nContent-Length: 2\r\n\r\nab`, 417],
  ["a head that is too large", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(MAX_HEAD_BYTES)}\r\n\r\n`, 431],
  ["an address that is too large", `GET /${"x".repeat(MAX_HEAD_BYTES)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
])(
  "%s is refused in a line of text with the security headers, told to the log, and the end",
  async (_what, bytes, status) => {
    const { speak, refusals } = await serve();
    const { heard, say } = await speak();

    say(bytes);

    await until(() => expect(heard.isClosed).toBe(true));
    expect(heard.text).toMatch(new RegExp(`^HTTP/1.1 ${status} [A-Z]`));
    expect(heard.text).not.toContain("served");
    expect(heard.text.match(/HTTP\/1.1/g)).toHaveLength(1);
    for (const header of [
      "Content-Security-Policy: default-src 'none'",
      "X-Content-Type-Options: nosniff",
      "Referrer-Policy: no-referrer",
      "Strict-Transport-Security: max-age=1",
      "Cache-Control: no-store",
      "Content-Type: text/plain; charset=utf-8",
      "Connection: close",
    ]) {
      expect(heard.text).toContain(header);
    }
    const [, body = ""] = heard.text.split("\r\n\r\n");
    expect(body).toMatch(/^[A-Z][^\n]+\.\n$/);
    const requestId = /X-Request-Id: ([\w-]{9,})\r\n/.exec(heard.text)?.[1];
    expect(refusals).toEqual([{ requestId, status, durationMs: expect.any(Number) }]);
  },
);

test("HTTP/1.0 needs no Host", async () => {
  const { speak, refusals } = await serve();
  const { heard, say } = await speak();

  say("GET / HTTP/1.0\r\n\r\n");

  await until(() => expect(heard.text).toContain("served"));
  expect(refusals).toEqual([]);
});

test("half a head is answered 408 when its time is over; a connection that never asked is closed without a word", async () => {
  const { speak, refusals } = await serve();
  const half = await speak();
  const silent = await speak();
  half.say("GET / HTTP/1.1\r\nHo");

  await until(() => expect([half.heard.isClosed, silent.heard.isClosed]).toEqual([true, true]));

  expect(half.heard.text).toMatch(/^HTTP\/1.1 408 /);
  expect(silent.heard.text).toBe("");
  expect(refusals).toEqual([expect.objectContaining({ status: 408 })]);
  expect(refusals[0]?.durationMs).toBeGreaterThan(190);
});

test("a head that is cut short is answered 400", async () => {
  const { speak } = await serve();
  const { heard, say, finish } = await speak();

  say("GET / HTTP/1.1\r\nHost: a\r\n");
  finish();

  await until(() => expect(heard.text).toMatch(/^HTTP\/1.1 400 /));
});

test("what cannot be read after a proper request is refused once that is answered, in this order", async () => {
  const answers: (() => void)[] = [];
  const { speak, refusals } = await serve((_req, res) => void answers.push(() => res.end("served")));
  const { heard, say } = await speak();

  say(`${GET}NOISE\r\n\r\n`);
  await until(() => expect(answers).toHaveLength(1));
  const before = heard.text;
  answers[0]?.();

  await until(() => expect(heard.isClosed).toBe(true));
  expect(before).toBe("");
  expect(heard.text).toMatch(/^HTTP\/1.1 200 .*served.*HTTP\/1.1 400 /s);
  expect(refusals).toHaveLength(1);
});

test("a body that cannot be read is answered through its request, whose own headers and name stay", async () => {
  const { speak, refusals } = await serve((req, res) => {
    res.setHeader("X-Request-Id", "named-by-app");
    req.resume().on("end", () => res.end("served"));
  });
  const { heard, say } = await speak();

  say(`${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`);

  await until(() => expect(heard.isClosed).toBe(true));
  expect(heard.text).toMatch(/^HTTP\/1.1 400 .*X-Request-Id: named-by-app/s);
  expect(heard.text).not.toContain("served");
  expect(refusals).toEqual([]);
});

test("an answer that has begun is cut off when the body turns out to be unreadable", async () => {
  const { speak } = await serve((_req, res) => void res.write("begun"));
  const { heard, say } = await speak();
  say(`${POST}Transfer-Encoding: chunked\r\n\r\n`);
  await until(() => expect(heard.text).toContain("begun"));

  say("zz\r\n");

  await until(() => expect(heard.isClosed).toBe(true));
  expect(heard.text).not.toContain("HTTP/1.1 400");
});

test("whoever goes on sending noise is heard out for a moment, then cut off", async () => {
  const { speak, refusals } = await serve();
  const { heard, say } = await speak();
  const noise = setInterval(() => say("noise ".repeat(100)), 10);
  onTestFinished(() => clearInterval(noise));

  say("NOISE\r\n\r\n");

  await until(() => expect(heard.isClosed).toBe(true));
  expect(heard.text.match(/HTTP\/1.1 400/g)).toHaveLength(1);
  expect(refusals).toHaveLength(1);
});
