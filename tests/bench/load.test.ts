import type { IncomingMessage } from "node:http";
import { Agent } from "node:http";
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ask } from "../../bench/load/ask.ts";
import { createConnection } from "../../bench/load/connection.ts";
import { runNodeLoad } from "../../bench/load/node-load.ts";
import { parseWrk, requestList } from "../../bench/load/wrk.ts";
import { allowedCores, warnOfNoise } from "../../bench/machine.ts";
import { parseCpuMicros, parseMemory } from "../../bench/proc.ts";
import type { Loopback } from "../support/loopback.ts";
import { startHttp, startTcp } from "../support/loopback.ts";

const FIGURES = {
  requests: 30_000,
  microseconds: 3_000_000,
  bytes: 60_000_000,
  refused: 0,
  broken: 0,
  timeouts: 0,
  p50: 1_500,
  p99: 4_200,
};

test("what wrk says is found between its own lines", () => {
  expect(parseWrk(said(FIGURES))).toEqual({
    requests: 30_000,
    seconds: 3,
    bytes: 60_000_000,
    p50Ms: 1.5,
    p99Ms: 4.2,
  });
});

test.each([
  [{ refused: 3 }, "3 answers of 400 and above of 30000 requests"],
  [{ broken: 2, timeouts: 1 }, "2 broken connections, 1 timeouts"],
])("a load with failures is no measurement: %j", (failures, sentence) => {
  expect(() => parseWrk(said({ ...FIGURES, ...failures }))).toThrow(sentence);
});

test("a wrk that said nothing of its figures is no measurement", () => {
  expect(() => parseWrk("unable to connect\n")).toThrow("wrk said nothing of its figures: unable to connect");
});

test("the list of requests has headers, where they come from, and paths, a line each", () => {
  const list = requestList({ paths: ["/", "/a b"], headers: { "If-None-Match": 'W/"x: y"' }, isFromAnywhere: true });

  expect(list).toBe('H If-None-Match: W/"x: y"\nN\nP /\nP /a b\n');
});

test("processor time is read behind the name of the program, whatever that is", () => {
  const stat = `17 (a) b (c 1 2) S 1 17 17 0 -1 4194560 900 0 3 0 250 50 0 0 20 0 11 0 1234 99 88`;

  expect(parseCpuMicros(stat)).toBe(3_000_000);
  expect(() => parseCpuMicros("17 (node) S")).toThrow("cannot be read");
});

test("memory is read in bytes", () => {
  const status = "Name:\tnode\nVmHWM:\t   2048 kB\nVmRSS:\t   1024 kB\nThreads:\t11\n";

  expect(parseMemory(status)).toEqual({ rss: 2 ** 20, peak: 2 ** 21 });
  expect(() => parseMemory("Name:\tkthread\n")).toThrow("VmRSS");
});

test.each([
  ["Cpus_allowed_list:\t0-1\n", [0, 1]],
  ["Name:\tnode\nCpus_allowed_list:\t2,4-6\nThreads:\t1\n", [2, 4, 5, 6]],
  ["Cpus_allowed_list:\t3\n", [3]],
])("the cores in %j are %j", (status, cores) => {
  expect(allowedCores(status)).toEqual(cores);
});

test("a busy machine is named with its load, a quiet one is not", () => {
  expect(warnOfNoise(0.2)).toBeUndefined();
  expect(warnOfNoise(7.94)).toContain("load average 7.9 before the run");
});

function said(figures: Record<string, number>): string {
  return `Running 3s test @ http://127.0.0.1:1\n  1 threads and 64 connections\n\nfigures ${JSON.stringify(figures)}\n`;
}

test("a question is asked again when the server had closed the kept connection, but nothing is written twice", async () => {
  await using server = await listenOnce();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());

  const statuses = [(await ask(server.origin, { agent })).status, (await ask(server.origin, { agent })).status];

  expect(statuses).toEqual([200, 200]);
  await expect(ask(server.origin, { agent, method: "POST" })).rejects.toThrow("ECONNRESET");
});

test("warming up ends when its time is over, however many requests are left", async () => {
  await using server = await listenOnce();
  const load = {
    origin: server.origin,
    question: () => ({ path: "/" }),
    status: 200,
    connections: 2,
    secondsAtMost: 0.05,
  };

  const { requests } = await runNodeLoad({ ...load, requests: 1_000_000 });

  expect(requests).toBeGreaterThan(0);
  expect(requests).toBeLessThan(1_000_000);
});

const NOTE = { path: "/micropub", headers: { "Content-Type": "text/plain" }, body: "Grüße" };

test("a post over a plain connection comes whole, and its answer is read to its end, however it is cut", async () => {
  const asked: string[] = [];
  await using server = await listenPlainly((socket, text) => {
    asked.push(text);
    socket.write("HTTP/1.1 201 Created\r\nLocation: https://blog.example/a\r\nContent-Le");
    setImmediate(() => socket.write("ngth: 7\r\n\r\nGr\u00fc"));
    setImmediate(() => setImmediate(() => socket.write("\u00dfe")));
  });
  const connection = createConnection(server.origin);
  onTestFinished(connection.close);

  const answers = [await connection.post(NOTE), await connection.post(NOTE)];

  const { host } = new URL(server.origin);
  const request = `POST /micropub HTTP/1.1\r\nHost: ${host}\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nGrüße`;
  expect(asked).toEqual([request, request]);
  for (const { status, headers, body, ms } of answers) {
    expect([status, headers.get("location"), body]).toEqual([201, "https://blog.example/a", "Grüße"]);
    expect(ms).toBeGreaterThan(0);
  }
});

test("a plain connection that the server closed is opened again for the next post, and nothing is sent twice", async () => {
  await using server = await listenPlainly((socket) => {
    if (server.connections() === 1) socket.end();
    else socket.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
  });
  const connection = createConnection(server.origin);
  onTestFinished(connection.close);

  await expect(connection.post(NOTE)).rejects.toThrow("The connection was closed instead of an answer.");
  expect(server.connections()).toBe(1);
  expect((await connection.post(NOTE)).status).toBe(201);
});

test("an answer that tells no length is no answer over a plain connection", async () => {
  await using server = await listenPlainly((socket) =>
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
  );
  const connection = createConnection(server.origin);
  onTestFinished(connection.close);

  await expect(connection.post(NOTE)).rejects.toThrow("An answer told no length: HTTP/1.1 200 OK");
});

/** A server that knows no HTTP: `answer` is called with each text that comes. */
function listenPlainly(answer: (socket: Socket, text: string) => void): Promise<Loopback> {
  return startTcp((socket) => socket.on("data", (chunk) => answer(socket, chunk.toString())));
}

/** A server that answers each connection once, and resets it at the second question. */
function listenOnce(): Promise<Loopback> {
  const answered = new WeakSet<IncomingMessage["socket"]>();
  return startHttp((req, res) => {
    if (answered.has(req.socket)) {
      req.socket.resetAndDestroy();
      return;
    }
    answered.add(req.socket);
    res.end("once");
  });
}
