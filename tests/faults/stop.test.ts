import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { createFolder, findFreePort, runProgram, startProgram, startServing } from "../support/server-process.ts";
import { until } from "../support/until.ts";

// Real processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

async function speak(port: number) {
  const socket = connect(port, "127.0.0.1");
  const heard = { text: "" };
  socket.on("data", (chunk) => {
    heard.text += String(chunk);
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  onTestFinished(() => void socket.destroy());
  return { heard, say: (text: string) => socket.write(text) };
}

/** A login of which the last byte is still missing. */
const HALF_A_BODY =
  "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\n\r\nabc";

/** Two requests that are half there: one lacks the end of its body, one that of its head. */
async function askHalf(port: number) {
  const body = await speak(port);
  const head = await speak(port);
  body.say(HALF_A_BODY);
  head.say("GET /health HTTP/1.1\r\nHost: x\r\n");
  // An answer on a later connection proves that both halves have been read.
  await fetch(`http://127.0.0.1:${port}/health`);
  return { body, head };
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s finishes what is in flight, tells /health, and exits 0",
  async (signal) => {
    const { child, port, exited, said } = await startServing(createFolder());
    const { body, head } = await askHalf(port);

    child.kill(signal);
    await until(async () => await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow());
    body.say("d");
    head.say("\r\n");

    expect(await exited).toEqual({ code: 0, signal: null });
    expect(head.heard.text).toMatch(/^HTTP\/1.1 503 /);
    expect(head.heard.text).toContain('{"status":"stopping"}');
    expect(body.heard.text).toMatch(/^HTTP\/1.1 [24]\d\d /);
    expect(said.stdout).toContain(`"event":"server.stop","reason":"${signal}","count":0`);
  },
);

/** Asks over and over on kept connections, until there is nobody to ask. Resolves with how often each outcome came. */
async function askUntilRefused(port: number, clients: number): Promise<Record<string, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const counts: Record<string, number> = {};
  const ask = () =>
    new Promise<string>((resolve) => {
      const asked = request({ host: "127.0.0.1", port, path: "/health", agent }, (answer) => {
        answer.resume().on("end", () => resolve(String(answer.statusCode)));
        answer.on("error", () => resolve("half an answer"));
      });
      asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      asked.end();
    });
  const askOn = async () => {
    for (let outcome = ""; outcome !== "ECONNREFUSED"; ) {
      outcome = await ask();
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, askOn));
  agent.destroy();
  return counts;
}

test("under load no request is lost: each connection gets its last answer, and a new one is refused", async () => {
  const { child, port, exited } = await startServing(createFolder());
  const clients = 24;

  const asking = askUntilRefused(port, clients);
  await fetch(`http://127.0.0.1:${port}/health`);
  child.kill("SIGTERM");

  expect(await asking).toEqual({ "200": expect.any(Number), "503": clients, ECONNREFUSED: clients });
  expect(await exited).toEqual({ code: 0, signal: null });
});

test("idle connections do not hold a stop up", async () => {
  const { child, port, exited } = await startServing(createFolder());
  const idle = await speak(port);
  await speak(port);
  idle.say("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
  await until(() => expect(idle.heard.text).toContain('{"status":"ok"}'));

  const startedAt = performance.now();
  child.kill("SIGTERM");

  expect(await exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

test("a request that does not end is cut off after ten seconds, and the exit is 0 all the same", async () => {
  const { child, port, exited, said } = await startServing(createFolder());
  await askHalf(port);

  const startedAt = performance.now();
  child.kill("SIGTERM");

  expect(await exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - startedAt).toBeGreaterThan(9_900);
  expect(performance.now() - startedAt).toBeLessThan(15_000);
  expect(said.stdout).toMatch(/"event":"server.stop","reason":"SIGTERM","count":1/);
});

test("a second signal ends the process at once", async () => {
  const { child, port, exited } = await startServing(createFolder());
  await askHalf(port);

  child.kill("SIGTERM");
  await until(async () => await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow());
  const secondAt = performance.now();
  child.kill("SIGTERM");

  expect(await exited).toEqual({ code: 1, signal: null });
  expect(performance.now() - secondAt).toBeLessThan(1_000);
});

test("a signal at any stage of the start ends the process quietly, and the next start succeeds", async () => {
  const dataDir = createFolder();
  const port = String(await findFreePort());
  const stages = [20, 60, 90, 120, 160, 200, 250, 300, 400, 600];

  for (const delayMs of stages) {
    const { child, said, exited } = startProgram({ words: ["serve"], env: { DATA_DIR: dataDir, PORT: port } });
    // The stages of a start have no outside but time.
    setTimeout(() => child.kill("SIGTERM"), delayMs);
    const exit = await exited;

    // Before the first line of ours runs, the system's own rule holds.
    expect([
      { code: 0, signal: null },
      { code: null, signal: "SIGTERM" },
    ]).toContainEqual(exit);
    expect(said.stderr).not.toMatch(/Error|\n {4}at /);
  }

  const last = await runProgram({ words: ["migrate"], env: { DATA_DIR: dataDir } });
  expect(last).toMatchObject({ code: 0 });
}, 60_000);
