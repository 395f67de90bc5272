import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createHeadWriter, toHeadLines } from "../../src/web/finished-head.ts";

const HEADERS: readonly [string, string][] = [
  ["ETag", 'W/"abc"'],
  ["Link", '<https://blog.example/>; rel="canonical"'],
];
const BODY = Buffer.from("<p>grüezi</p>\n");

type Write = (res: ServerResponse, status: 200 | 304) => void;

/** The bytes of every answer on one connection, which the server or the last request ends. */
async function answersOf(write: Write, requests: string[]): Promise<string> {
  const server = createServer((req, res) => {
    const status = req.url === "/unchanged" ? 304 : 200;
    write(res, status);
    if (status === 304 || req.method === "HEAD") res.end();
    else res.end(BODY);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1");
  });
  socket.end(requests.join(""));
  await once(socket, "close");
  return heard.replace(/^Date: .+ GMT\r$/gm, "Date: …\r");
}

function byNode(res: ServerResponse, status: 200 | 304): void {
  const own: readonly [string, string][] = status === 200 ? [["content-length", String(BODY.length)]] : [];
  res.writeHead(status, [...HEADERS, ...own].flat());
}

function byFinishedHead(): Write {
  const writeHead = createHeadWriter();
  const lines = toHeadLines(HEADERS);
  return (res, status) => {
    const own = status === 200 ? `content-length: ${BODY.length}\r\n` : "";
    writeHead(res, { status, lines: lines + own }, 0);
  };
}

function request(line: string, ...headers: string[]): string {
  return [line, "Host: blog.example", ...headers, "", ""].join("\r\n");
}

const USUAL = [
  request("GET / HTTP/1.1"),
  request("GET / HTTP/1.1"),
  request("GET /unchanged HTTP/1.1"),
  request("HEAD / HTTP/1.1"),
  request("GET / HTTP/1.1"),
];

test.each([
  ["the connection is kept", USUAL],
  ["the client wants it to end", [...USUAL, request("GET / HTTP/1.1", "Connection: close")]],
  ["the client speaks HTTP/1.0", [...USUAL, request("GET / HTTP/1.0")]],
  ["it speaks that and would keep the connection", [...USUAL, request("GET / HTTP/1.0", "Connection: keep-alive")]],
  ["so it does, and nothing has changed", [...USUAL, request("GET /unchanged HTTP/1.0", "Connection: keep-alive")]],
])("a finished head goes out as Node would have written it, where %s", async (_, requests) => {
  const expected = await answersOf(byNode, requests);

  const written = await answersOf(byFinishedHead(), requests);

  expect(written).toBe(expected);
  expect(written.match(/^HTTP\/1\.1 (?:200|304) /gm)).toHaveLength(requests.length);
});

test("Node writes the first head of each second, and nobody the others", async () => {
  const writeHead = createHeadWriter();
  const times = [0, 0, 0, 1000, 1000];
  const byNodeAt: number[] = [];
  const write: Write = (res, status) => {
    const at = times.shift() ?? 0;
    const ordinary = res.writeHead.bind(res) as (status: number, headers: string[]) => ServerResponse;
    res.writeHead = ((...parts: [number, string[]]) => {
      byNodeAt.push(at);
      return ordinary(...parts);
    }) as ServerResponse["writeHead"];
    writeHead(res, { status, lines: `content-length: ${BODY.length}\r\n` }, at);
    expect(res.headersSent).toBe(true);
  };

  const written = await answersOf(write, Array(5).fill(request("GET / HTTP/1.1")));

  expect(byNodeAt).toEqual([0, 1000]);
  expect(written.match(/^Date: …\r$/gm)).toHaveLength(5);
});

test("a header that would break the head is refused when its lines are made", () => {
  expect(() => toHeadLines([["Link", "a\r\nSet-Cookie: b"]])).toThrow(/Invalid character/);
  expect(() => toHeadLines([["Li nk", "a"]])).toThrow(/valid HTTP token/);
});
