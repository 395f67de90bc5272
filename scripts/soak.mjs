#!/usr/bin/env node
// Sends mixed requests to a real server whose garbage is collected all the time, and fails when it aborts, answers 5xx,
// or does not stop cleanly.
//   node scripts/soak.mjs [--requests 50000] [--app FOLDER] [--node BINARY]
// FOLDER has dist/ and the node_modules that BINARY can load; both are this repository's own by default.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CONNECTIONS = 16;
const NOTES = 120;
const START_MS = 30_000;
const PASSWORD = "a password of the soak test";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "50000" },
    app: { type: "string", default: ROOT },
    node: { type: "string", default: process.execPath },
  },
});
const total = Number(values.requests);
const dataDir = mkdtempSync(join(tmpdir(), "starpunk-soak-"));
const port = await findFreePort();
const env = { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: "warn" };
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const flags = ["--expose-gc", "--import", join(ROOT, "scripts/collect-garbage.mjs")];

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
} finally {
  agent.destroy();
  rmSync(dataDir, { recursive: true, force: true });
}

async function main() {
  await command(["setup", "--name", "Ada", "--password-stdin"], `${PASSWORD}\n`);
  const scope = "create update delete undelete";
  const token = (await command(["token", "create", "--scope", scope, "--client", "https://soak.example/"])).trim();
  const server = start(["serve"]);
  try {
    await untilHealthy(server);
    const startedAt = performance.now();
    const counts = await soak(token, server);
    const seconds = (performance.now() - startedAt) / 1000;
    server.child.kill("SIGTERM");
    const [code, signal] = await server.exited;
    return report({ counts, seconds, code, signal, stderr: server.said.stderr });
  } finally {
    server.child.kill("SIGKILL");
  }
}

function report({ counts, seconds, code, signal, stderr }) {
  const statuses = [...counts].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  const sent = [...counts.values()].reduce((sum, count) => sum + count, 0);
  process.stdout.write(
    `${sent} requests in ${seconds.toFixed(1)} s (${statuses.join(", ")}); exit code ${code ?? signal}\n`,
  );
  const faults = [...counts].filter(([status]) => status >= 500 || status === 0);
  if (faults.length === 0 && code === 0 && counts.get(200) > 0 && counts.get(201) > 0) return 0;
  process.stderr.write(`The soak failed.\n${stderr}`);
  return 1;
}

/** Writes notes first, then asks for everything over and over, with a write now and then. */
async function soak(token, server) {
  const counts = new Map();
  const notes = [];
  const count = (status) => counts.set(status, (counts.get(status) ?? 0) + 1);
  const publish = async (number) => {
    const answer = await post("/micropub", token, {
      h: "entry",
      content: noteText(number),
      "category[]": `tag-${number % 7}`,
    });
    count(answer.status);
    if (answer.status === 201) notes.push(new URL(answer.location).pathname);
  };
  for (let number = 0; number < NOTES; number++) await publish(number);

  const state = { sent: NOTES };
  const work = async () => {
    while (state.sent < total && server.child.exitCode === null && server.child.signalCode === null) {
      const number = state.sent++;
      if (number % 200 === 0) await publish(number);
      else if (number % 333 === 0) count((await revise(notes[number % notes.length], token, number)).status);
      else count((await get(pick(number, notes))).status);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  return counts;
}

/** Paths of every kind in turn; a few want an older copy confirmed, or do not exist. */
function pick(number, notes) {
  const note = notes[(number * 7919) % notes.length];
  const kinds = [
    ["/"],
    [note],
    [note, { headers: { "Accept-Encoding": "br" } }],
    [note, { method: "HEAD" }],
    [note, { headers: { "If-None-Match": "*" } }],
    ["/feed.xml", { headers: { "Accept-Encoding": "gzip" } }],
    ["/feed.atom"],
    ["/feed.json"],
    [`/tags/tag-${number % 7}`],
    [`/tags/tag-${number % 7}/feed.xml`],
    ["/archive"],
    [`/search?q=word${number % 50}`],
    ["/sitemap.xml"],
    ["/health"],
    ["/login"],
    ["/admin"],
    [`/notes/none-${number}`],
    ["/micropub?q=config"],
  ];
  return kinds[number % kinds.length];
}

function noteText(number) {
  return `Note ${number} has **words** like word${number % 50}, a [link](https://example.org/${number}) and code:\n\n\`\`\`js\nconst n = ${number};\n\`\`\`\n`;
}

function get([path, { method = "GET", headers = {} } = {}]) {
  return send({ path, method, headers });
}

function post(path, token, fields) {
  const body = new URLSearchParams(fields).toString();
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/x-www-form-urlencoded" };
  return send({ path, method: "POST", headers }, body);
}

function revise(path, token, number) {
  const url = `http://localhost:${port}${path}`;
  const body = JSON.stringify({ action: "update", url, replace: { content: [noteText(number)] } });
  return send(
    {
      path: "/micropub",
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    },
    body,
  );
}

/** Status and Location of an answer that was read to its end; 0 where there was none. */
function send(options, body) {
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, agent, ...options }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve({ status: answer.statusCode, location: answer.headers.location }));
      answer.on("error", () => resolve({ status: 0 }));
    });
    sent.on("error", () => resolve({ status: 0 }));
    sent.end(body);
  });
}

async function untilHealthy(server) {
  const givesUpAt = performance.now() + START_MS;
  while ((await get(["/health"])).status !== 200) {
    if (server.child.exitCode !== null) throw new Error(`The server ended:\n${server.said.stderr}`);
    if (performance.now() > givesUpAt) throw new Error(`The server did not start:\n${server.said.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function command(words, input = "") {
  const { exited, said, child } = start(words);
  child.stdin.end(input);
  const [code] = await exited;
  if (code !== 0) throw new Error(`starpunk ${words[0]} exited ${code}:\n${said.stderr}`);
  return said.stdout;
}

function start(words) {
  const child = spawn(values.node, [...flags, join(values.app, "dist/main.js"), ...words], { env });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.stderr += chunk;
  });
  return { child, said, exited: once(child, "close") };
}

async function findFreePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: free } = server.address();
  server.close();
  await once(server, "close");
  return free;
}
