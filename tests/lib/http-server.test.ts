import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { createHttpServer } from "../../src/lib/http-server.ts";
import { startOwnServer } from "../support/speak.ts";
import { until } from "../support/until.ts";

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/** Answers when it is told to. */
function createSlowHandler() {
  const waiting: (() => void)[] = [];
  const handler: RequestListener = (req, res) => {
    req.resume();
    req.on("end", () => waiting.push(() => res.end("done")));
  };
  const answerAll = () => {
    for (const answer of waiting.splice(0)) answer();
  };
  return { handler, waiting, answerAll };
}

test("a stop finishes the request in flight, says that the connection ends, and closes it", async () => {
  const { handler, waiting, answerAll } = createSlowHandler();
  const { server, speak } = await startOwnServer(handler);
  const { heard, say } = await speak();
  say(GET);
  await until(() => expect(waiting).toHaveLength(1));

  const stopped = server.stop(5_000);
  answerAll();

  expect(await stopped).toEqual({ dropped: 0 });
  expect(heard.text).toContain("HTTP/1.1 200 OK");
  expect(heard.text).toContain("Connection: close");
  expect(heard.text).toContain("done");
});

test("a stop waits for a body that is on its way, and for half a head", async () => {
  const { server, speak } = await startOwnServer((req, res) => {
    req.resume().on("end", () => res.end("thanks"));
  });
  const body = await speak();
  const head = await speak();
  body.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
  head.say("GET / HTTP/1.1\r\nHo");
  // Nothing tells when the half has been read; the answer to another request does.
  const other = await speak();
  other.say(GET);
  await until(() => expect(other.heard.text).toContain("thanks"));

  const stopped = server.stop(5_000);
  await until(() => expect(other.heard.isClosed).toBe(true));
  body.say("cd");
  head.say("st: a\r\n\r\n");

  expect(await stopped).toEqual({ dropped: 0 });
  await until(() => {
    expect(body.heard.text).toContain("thanks");
    expect(head.heard.text).toContain("thanks");
  });
});

test("a stop closes idle connections at once, those that never asked and those that wait for more", async () => {
  const { server, speak } = await startOwnServer((_req, res) => res.end("ok"));
  const silent = await speak();
  const idle = await speak();
  idle.say(GET);
  await until(() => expect(idle.heard.text).toContain("ok"));

  const startedAt = performance.now();
  await server.stop(5_000);

  expect(performance.now() - startedAt).toBeLessThan(1_000);
  await until(() => expect([silent.heard.isClosed, idle.heard.isClosed]).toEqual([true, true]));
});

test("a request that comes on a kept connection just after the stop is still answered, as the last one", async () => {
  const { server, speak } = await startOwnServer((_req, res) => res.end("ok"));
  const { heard, say } = await speak();
  say(GET);
  await until(() => expect(heard.text).toContain("ok"));
  heard.text = "";

  const stopped = server.stop(5_000);
  say(GET);

  await stopped;
  await until(() => expect(heard.isClosed).toBe(true));
  expect(heard.text).toContain("Connection: close");
});

test("an answer whose head was sent before the stop ends its connection too", async () => {
  const finish: (() => void)[] = [];
  const { server, speak } = await startOwnServer((_req, res) => {
    res.write("half");
    finish.push(() => res.end("whole"));
  });
  const { heard, say } = await speak();
  say(GET);
  await until(() => expect(heard.text).toContain("half"));

  const stopped = server.stop(5_000);
  finish[0]?.();

  expect(await stopped).toEqual({ dropped: 0 });
  await until(() => expect(heard.isClosed).toBe(true));
  expect(heard.text).toContain("whole");
});

test("what is not done in time is cut off and counted", async () => {
  const { handler, waiting } = createSlowHandler();
  const { server, speak } = await startOwnServer(handler);
  const { heard, say } = await speak();
  say(GET);
  await until(() => expect(waiting).toHaveLength(1));

  const result = await server.stop(300);

  expect(result).toEqual({ dropped: 1 });
  await until(() => expect(heard.isClosed).toBe(true));
});

test("after a stop nobody is let in", async () => {
  const { server, port } = await startOwnServer((_req, res) => res.end("ok"));
  await server.stop(1_000);

  const socket = connect(port, "127.0.0.1");
  const [error] = await once(socket, "error");

  expect(error).toMatchObject({ code: "ECONNREFUSED" });
});

test("a connection that stays idle is closed", async () => {
  const { speak } = await startOwnServer((_req, res) => res.end("ok"), { keepAliveMs: 100 });
  const { heard, say } = await speak();

  say(GET);

  await until(() => expect(heard.isClosed).toBe(true));
  expect(heard.text).toContain("Connection: keep-alive");
});

test("a connection on which an answer is owed and nothing happens is cut off", async () => {
  const { handler, waiting } = createSlowHandler();
  const { server, speak } = await startOwnServer(handler, { limits: { silenceMs: 100 } });
  const { heard, say } = await speak();

  say(GET);

  await until(() => expect(heard.isClosed).toBe(true));
  expect(waiting).toHaveLength(1);
  expect(await server.stop(5_000)).toEqual({ dropped: 0 });
});

test("a port that is taken is an error, not a server", async () => {
  const { port } = await startOwnServer((_req, res) => res.end("ok"));
  const second = createHttpServer((_req, res) => res.end("ok"), { keepAliveMs: 5_000 });

  await expect(second.listen({ host: "127.0.0.1", port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});
