import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import {
  FETCH_TIMEOUTS,
  MAX_FETCHES_AT_ONCE,
  MAX_FETCHES_TO_ONE_HOST,
  MAX_HEADER_BYTES,
  MAX_RESPONSE_BYTES,
} from "../../src/lib/fetch-limits.ts";
import { MAX_REDIRECTS } from "../../src/lib/follow-redirects.ts";
import type { FetchSeams } from "../../src/lib/safe-fetch.ts";
import { createSafeFetch } from "../../src/lib/safe-fetch.ts";
import { startHttp, startTcp } from "../support/loopback.ts";

const QUICK = { connectMs: 500, firstByteMs: 500, wholeMs: 1_500 };

function open(seams: Partial<FetchSeams> = {}) {
  return createSafeFetch({ allowPrivateNetwork: true, userAgent: "StarPunk/test (+https://blog.example/)" }, seams);
}

test("an answer comes with status, headers by lower-case name, body and address", async () => {
  await using server = await startHttp((req, res) => {
    res.setHeader("Link", ["</a>; rel=hub", "</b>; rel=self"]);
    res.writeHead(404, { "X-Asked": `${req.method} ${req.url}` }).end("nothing");
  });

  const result = await open()(`${server.origin}/page?a=1#part`);

  expect(result).toMatchObject({
    ok: true,
    status: 404,
    url: `${server.origin}/page?a=1`,
    body: Buffer.from("nothing"),
  });
  const headers = result.ok ? result.headers : new Map<string, string>();
  expect(headers.get("link")).toBe("</a>; rel=hub, </b>; rel=self");
  expect(headers.get("x-asked")).toBe("GET /page?a=1");
});

test("a request names its user agent, asks for no compression and carries no cookie", async () => {
  await using server = await startHttp((req, res) => {
    res.setHeader("set-cookie", "id=1");
    res.end(JSON.stringify(req.headers));
  });
  const fetch = open();

  await fetch(server.origin);
  const second = await fetch(server.origin, { accept: "text/html", headers: { "x-one": "1" } });

  const headers: unknown = second.ok ? JSON.parse(second.body.toString()) : undefined;
  expect(headers).toEqual({
    host: `127.0.0.1:${server.port}`,
    connection: "close",
    accept: "text/html",
    "accept-encoding": "identity",
    "user-agent": "StarPunk/test (+https://blog.example/)",
    "x-one": "1",
  });
});

test("a name keeps its Host header although its checked address is connected to", async () => {
  await using server = await startHttp((req, res) => res.end(req.headers.host));
  const resolve = () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]);

  const result = await open({ resolve })(`http://blog.example:${server.port}/`);

  expect(result).toMatchObject({ ok: true, body: Buffer.from(`blog.example:${server.port}`) });
});

test("a POST sends its body; 303 turns it into a GET, 307 repeats it", async () => {
  await using server = await startHttp((req, res) => {
    if (req.url === "/303") return void res.writeHead(303, { location: "/end" }).end();
    if (req.url === "/307") return void res.writeHead(307, { location: "/end" }).end();
    let body = "";
    req.on("data", (chunk) => {
      body += chunk;
    });
    req.on("end", () => res.end(`${req.method} ${req.headers["content-type"] ?? "none"} ${body}`));
  });
  const fetch = open();
  const post = { method: "POST", body: "a=1", headers: { "Content-Type": "text/x-form" } } as const;

  const answers = [await fetch(`${server.origin}/`, post), await fetch(`${server.origin}/303`, post)];
  answers.push(await fetch(`${server.origin}/307`, post));

  const bodies = answers.map((answer) => (answer.ok ? answer.body.toString() : answer.outcome.reason));
  expect(bodies).toEqual(["POST text/x-form a=1", "GET none ", "POST text/x-form a=1"]);
});

test("a secret in the headers is not sent on to another origin", async () => {
  await using other = await startHttp((req, res) => res.end(JSON.stringify(req.headers)), "127.0.0.2");
  await using server = await startHttp((_, res) => res.writeHead(302, { location: `${other.origin}/` }).end());

  const result = await open()(server.origin, { headers: { Authorization: "Bearer x", Cookie: "a=b", "X-One": "1" } });

  const headers: unknown = result.ok ? JSON.parse(result.body.toString()) : undefined;
  expect(headers).toMatchObject({ "x-one": "1" });
  expect(headers).not.toHaveProperty("authorization");
  expect(headers).not.toHaveProperty("cookie");
});

test(`${MAX_REDIRECTS} redirects are followed, one more is not`, async () => {
  await using server = await startHttp((req, res) => {
    const left = Number(req.url?.slice(1));
    if (left > 0) res.writeHead(301, { location: `/${left - 1}` });
    res.end("there");
  });
  const fetch = open();

  const last = await fetch(`${server.origin}/${MAX_REDIRECTS}`);
  const past = await fetch(`${server.origin}/${MAX_REDIRECTS + 1}`);

  expect(last).toMatchObject({ ok: true, status: 200, url: `${server.origin}/0` });
  expect(past).toEqual({
    ok: false,
    outcome: { result: "give_up", reason: "The address redirects more than 5 times." },
  });
  expect(server.connections()).toBe(2 * (MAX_REDIRECTS + 1));
});

test("a Location in UTF-8 arrives where it points; a redirect without one is the answer", async () => {
  await using server = await startTcp((socket) => {
    socket.once("data", (head) => {
      if (head.includes("GET /caf%C3%A9")) socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      else if (head.includes("GET /bare")) socket.end("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
      else socket.end(Buffer.from("HTTP/1.1 302 Found\r\nLocation: /café\r\nContent-Encoding: gzip\r\n\r\n"));
    });
  });
  const fetch = open();

  expect(await fetch(server.origin)).toMatchObject({ ok: true, url: `${server.origin}/caf%C3%A9` });
  expect(await fetch(`${server.origin}/bare`)).toMatchObject({ ok: true, status: 302 });
});

test("a body at the limit is taken, one byte more is not, announced or not", async () => {
  await using server = await startHttp((req, res) => {
    const [, size, how] = req.url?.split("/") ?? [];
    if (how === "announced") res.setHeader("content-length", Number(size));
    res.end(Buffer.alloc(Number(size)));
  });
  const fetch = open();
  const sizes = [MAX_RESPONSE_BYTES, MAX_RESPONSE_BYTES + 1];
  const urls = sizes.flatMap((size) => [`${server.origin}/${size}/announced`, `${server.origin}/${size}/streamed`]);

  const results = await Promise.all(urls.map((url) => fetch(url)));
  const small = await Promise.all([10, 11].map((size) => fetch(`${server.origin}/${size}`, { maxBytes: 10 })));

  expect(results.map(({ ok }) => ok)).toEqual([true, true, false, false]);
  expect(small.map(({ ok }) => ok)).toEqual([true, false]);
  const reason = "The answer is larger than 10 bytes, the most that is taken.";
  expect(small[1]).toEqual({ ok: false, outcome: { result: "give_up", reason } });
});

test("an endless body is left at the limit, and its connection closed", async () => {
  let closed = () => {};
  const hasClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  await using server = await startHttp((_, res) => {
    const more = () => {
      while (!res.destroyed && res.write(Buffer.alloc(64 * 1024)));
    };
    res.on("drain", more).on("close", closed);
    more();
  });

  const result = await open()(server.origin);
  await hasClosed;

  expect(result).toMatchObject({ ok: false, outcome: { result: "give_up" } });
});

test.each(["gzip", "br", "deflate", "GZIP", "identity, gzip"])("a body in %s is not taken", async (encoding) => {
  await using server = await startHttp((_, res) => {
    res.writeHead(200, { "content-encoding": encoding }).end(gzipSync(Buffer.alloc(5_000_000)));
  });

  const result = await open()(server.origin);

  expect(result).toMatchObject({ ok: false, outcome: { result: "give_up", reason: /compressed/u } });
});

test("a head of more than 16 KB is not taken", async () => {
  await using server = await startTcp((socket) => {
    const pad = (size: number) => `HTTP/1.1 200 OK\r\nX: ${"x".repeat(size)}\r\nContent-Length: 2\r\n\r\nok`;
    socket.once("data", (head) => socket.end(pad(MAX_HEADER_BYTES + (head.includes("/large") ? 1 : -100))));
  });
  const fetch = open();

  expect(await fetch(`${server.origin}/small`)).toMatchObject({ ok: true, status: 200 });
  expect(await fetch(`${server.origin}/large`)).toMatchObject({ ok: false, outcome: { result: "give_up" } });
});

test("the times are those that were promised", () => {
  expect(FETCH_TIMEOUTS).toEqual({ connectMs: 5_000, firstByteMs: 5_000, wholeMs: 15_000 });
});

test.each([
  ["a silent server", () => {}, /begin to answer in time/u],
  [
    "a head that drips",
    (write: (text: string) => void) => {
      write("HTTP/1.1 200 OK\r\n");
      return setInterval(() => write("X: y\r\n"), 50);
    },
    /begin to answer in time/u,
  ],
  [
    "a body that drips",
    (write: (text: string) => void) => {
      write("HTTP/1.1 200 OK\r\n\r\n");
      return setInterval(() => write("x"), 50);
    },
    /whole answer/u,
  ],
])("%s is left after its time, to be tried again", async (_, talk, reason) => {
  await using server = await startTcp((socket) => {
    const timer = talk((text) => void socket.write(text));
    socket.on("close", () => clearInterval(timer ?? undefined));
  });

  const result = await open({ timeouts: QUICK })(server.origin);

  expect(result).toMatchObject({ ok: false, outcome: { result: "retry", reason } });
});

test("redirects share the time of the whole exchange", async () => {
  await using server = await startHttp((_, res) => {
    setTimeout(() => res.writeHead(302, { location: "/again" }).end(), 400);
  });

  const result = await open({ timeouts: QUICK })(server.origin);

  expect(result).toMatchObject({ ok: false, outcome: { result: "retry", reason: /whole answer/u } });
  expect(server.connections()).toBe(4);
});

test("a look-up that never ends is left after the time to connect", async () => {
  const result = await open({ timeouts: QUICK, resolve: () => new Promise(() => {}) })("http://blog.example/");

  expect(result).toMatchObject({ ok: false, outcome: { result: "retry", reason: /accept a connection in time/u } });
});

test.each([
  ["nobody listens", "http://127.0.0.1:1/", /refused the connection/u],
  ["port 0", "http://127.0.0.1:0/", /connection/u],
])("%s: to be tried again", async (_, url, reason) => {
  expect(await open()(url)).toMatchObject({ ok: false, outcome: { result: "retry", reason } });
});

test.each([
  ["ENOTFOUND", /has no address/u],
  ["EAI_AGAIN", /could not be looked up/u],
])("a look-up that ends with %s is to be tried again", async (code, reason) => {
  const resolve = () => Promise.reject(Object.assign(new Error("look-up"), { code }));

  expect(await open({ resolve })("http://blog.example/")).toMatchObject({ outcome: { result: "retry", reason } });
});

test("a name without any address is to be tried again", async () => {
  const result = await open({ resolve: () => Promise.resolve([]) })("http://blog.example/");

  expect(result).toMatchObject({ outcome: { result: "retry", reason: "The name of the server has no address." } });
});

test.each([
  ["SSH-2.0-OpenSSH_9.2\r\n", "give_up"],
  ["", "retry"],
  ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "retry"],
  ["HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "retry"],
  ["HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na", "retry"],
])("an answer like %j is a value, not an exception", async (bytes, result) => {
  await using server = await startTcp((socket) => void socket.once("data", () => socket.end(bytes)));

  expect(await open()(server.origin)).toMatchObject({ ok: false, outcome: { result } });
});

test("a server that speaks plain HTTP on an https address is to be tried again", async () => {
  await using server = await startHttp((_, res) => res.end());

  const result = await open()(`https://127.0.0.1:${server.port}/`);

  expect(result).toMatchObject({ ok: false, outcome: { result: "retry" } });
});

test(`at most ${MAX_FETCHES_AT_ONCE} at once, ${MAX_FETCHES_TO_ONE_HOST} to one host, and all are served`, async () => {
  const open_ = new Map<string, number>();
  let mostAtOneHost = 0;
  let mostAtAll = 0;
  await using server = await startHttp((req, res) => {
    const host = req.headers.host ?? "";
    open_.set(host, (open_.get(host) ?? 0) + 1);
    mostAtOneHost = Math.max(mostAtOneHost, ...open_.values());
    mostAtAll = Math.max(
      mostAtAll,
      [...open_.values()].reduce((sum, one) => sum + one, 0),
    );
    setTimeout(() => {
      open_.set(host, (open_.get(host) ?? 0) - 1);
      if (req.url === "/") res.writeHead(302, { location: "/end" });
      res.end("ok");
    }, 20);
  });
  const resolve = () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]);
  const fetch = open({ resolve });

  const urls = ["a", "b", "c", "d"].flatMap(
    (name) => Array(8).fill(`http://${name}.example:${server.port}/`) as string[],
  );
  const results = await Promise.all(urls.map((url) => fetch(url)));

  expect(results.every((result) => result.ok && result.status === 200)).toBe(true);
  expect(mostAtOneHost).toBe(MAX_FETCHES_TO_ONE_HOST);
  expect(mostAtAll).toBe(MAX_FETCHES_AT_ONCE);
});

test("within a time of its own an exchange counts its waiting in line, and is not sent when that is over", async () => {
  await using server = await startHttp(() => {});
  const fetch = open({ timeouts: { ...FETCH_TIMEOUTS, wholeMs: 1_000 } });

  const hanging = Array.from({ length: MAX_FETCHES_TO_ONE_HOST }, () => fetch(server.origin));
  const late = await fetch(server.origin, { withinMs: 50 });

  expect(late).toMatchObject({ ok: false, outcome: { result: "retry", reason: expect.stringContaining("too long") } });
  await Promise.all(hanging);
  expect(server.connections()).toBeLessThanOrEqual(MAX_FETCHES_TO_ONE_HOST);
});
