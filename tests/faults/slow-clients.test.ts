import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { createAuthor } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { startOwnServer } from "../support/speak.ts";
import { until } from "../support/until.ts";

const IDLE = 1_000;
const DRIPPING = 400;
const READS = 40;

const DRIPS = [
  "GET / HTTP/1.1\r\nHost: blog.example\r\nX-Slow: ",
  "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 90000\r\n\r\n",
  "POST /micropub HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 90000\r\n\r\n",
  "POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
];

/** Opens connections to the server, which are cut when the test ends. */
async function open(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(port, "127.0.0.1"));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (const socket of sockets) socket.on("error", () => {}).resume();
  await Promise.all(sockets.map((socket) => (socket.connecting ? once(socket, "connect") : undefined)));
  return sockets;
}

/** Reads two pages in turn; returns how long all but the slowest twentieth took at most, in milliseconds. */
async function readOften(port: number): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < READS; count += 1) {
    const startedAt = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}${count % 2 === 0 ? "/" : "/notes/hello"}`);
    await answer.text();
    expect(answer.status).toBe(200);
    times.push(performance.now() - startedAt);
  }
  return times.toSorted((one, other) => one - other)[Math.floor(READS * 0.95)] ?? 0;
}

test(`readers wait less than a second while ${IDLE} clients idle and ${DRIPPING} drip, and all of those end`, {
  timeout: 60_000,
}, async () => {
  const { ctx } = await testContext({ config: { SITE_URL: "http://blog.example" } });
  await createAuthor(ctx);
  await publishNote(ctx, { content: "Hello", slug: "hello" }, { madeBy: "admin" });
  const limits = { strangerMs: 6_000, headersTimeoutMs: 6_000, checkMs: 200 };
  const { port } = await startOwnServer(createApp(ctx), { limits });
  const undisturbed = await readOften(port);
  const idle = await open(port, IDLE);
  const dripping = await open(port, DRIPPING);
  for (const [index, socket] of dripping.entries()) socket.write(DRIPS[index % DRIPS.length] ?? "");
  const timer = setInterval(() => {
    for (const socket of dripping) if (socket.writable) socket.write("1");
  }, 500);
  onTestFinished(() => clearInterval(timer));

  const disturbed = await readOften(port);

  // A busy machine makes readers wait without anybody's help.
  expect(disturbed - 2 * undisturbed).toBeLessThan(1_000);
  await until(() => expect([...idle, ...dripping].filter(({ closed }) => !closed)).toHaveLength(0));
});
