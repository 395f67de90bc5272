import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { MIGRATIONS_FOLDER, readMigrations } from "../../src/db/migration-files.ts";
import { createFolder, runProgram, startProgram, startServing } from "../support/server-process.ts";
import { until } from "../support/until.ts";

// Real processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

function readLogs(dataDir: string): string {
  const dir = join(dataDir, "logs");
  return readdirSync(dir)
    .map((name) => readFileSync(join(dir, name), "utf8"))
    .join("");
}

/** How many migrations each log line of a process says that it applied. */
function countApplied(stdout: string): number[] {
  const lines = stdout.split("\n").filter((line) => line.includes('"event":"migration.apply"'));
  return lines.map((line) => (JSON.parse(line) as { count: number }).count);
}

async function stop(child: { kill(signal: "SIGTERM"): boolean }, exited: Promise<unknown>) {
  child.kill("SIGTERM");
  return exited;
}

test("eight processes started at once on one empty folder all answer, twice over", async () => {
  for (let round = 0; round < 2; round++) {
    const dataDir = createFolder();

    const servers = await Promise.all(Array.from({ length: 8 }, () => startServing(dataDir)));
    const answers = await Promise.all(servers.map(({ url }) => fetch(`${url}/health`)));

    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(Array(8).fill({ status: "ok" }));
    // Whoever gets the lock applies the next migration, so several processes may have had a share in them.
    expect(servers.flatMap(({ said }) => countApplied(said.stdout)).reduce((sum, count) => sum + count, 0)).toBe(
      readMigrations(MIGRATIONS_FOLDER).length,
    );
    const exits = await Promise.all(servers.map(({ child, exited }) => stop(child, exited)));
    expect(exits).toEqual(Array(8).fill({ code: 0, signal: null }));
  }
}, 120_000);

test("each start without an author prints a fresh link on stderr and nowhere else; with one it does not", async () => {
  const dataDir = createFolder();
  const links: string[] = [];
  for (let start = 0; start < 2; start++) {
    const { child, exited, said, port } = await startServing(dataDir);
    await until(() => expect(said.stderr).toContain("(valid for one hour)\n"));
    const line = said.stderr.match(/^Set up your site: (\S+)\/setup\?link=([\w-]{43}) \(valid for one hour\)$/m);
    expect(line?.[1]).toBe(`http://localhost:${port}`);
    links.push(line?.[2] ?? "");
    await stop(child, exited);
    expect(said.stdout).not.toContain(links[start]);
  }

  const setup = { words: ["setup", "--name", "Ada", "--password-stdin"], stdin: "correct horse battery staple\n" };
  const done = await runProgram({ ...setup, env: { DATA_DIR: dataDir } });
  const { child, exited, said } = await startServing(dataDir);
  await stop(child, exited);

  expect(new Set(links).size).toBe(2);
  expect(done.code).toBe(0);
  expect(said.stderr).not.toContain("/setup");
  expect(links.filter((link) => readLogs(dataDir).includes(link))).toEqual([]);
});

test("nothing that a request carries gets into the log: no cookie, token, password, query or address", async () => {
  const dataDir = createFolder();
  const { child, exited, said, url } = await startServing(dataDir, { TRUST_PROXY: "loopback" });
  const secret = "S3CR3T";
  const headers = { Cookie: `session=${secret}`, Authorization: `Bearer ${secret}`, "X-Forwarded-For": "203.0.113.77" };
  const form = new URLSearchParams({ password: secret, content: secret, csrf_token: secret, access_token: secret });

  await fetch(`${url}/search?q=${secret}`, { headers });
  await fetch(`${url}/notes/${secret}`, {
    headers: { ...headers, "User-Agent": secret, Referer: `https://x.example/${secret}` },
  });
  await fetch(`${url}/setup?link=${secret}`, { headers });
  for (const path of ["/login", "/micropub", "/admin/notes", "/setup"]) {
    await fetch(url + path, { method: "POST", headers, body: form, redirect: "manual" });
  }
  await fetch(`${url}/micropub`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: `{"${secret}":`,
  });
  await stop(child, exited);

  const log = readLogs(dataDir);
  const lines = log.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).event).filter((event) => event === "request.done")).toHaveLength(8);
  expect(log).not.toContain(secret);
  expect(log).not.toMatch(/203\.0\.113|127\.0\.0\.1/);
  expect(said.stdout).toBe(log);
});

test("the log goes on over restarts, one JSON object a line, in files of the operator's alone", async () => {
  const dataDir = createFolder();
  for (let start = 0; start < 3; start++) {
    const { child, exited } = await startServing(dataDir);
    await stop(child, exited);
  }

  const events = readLogs(dataDir)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).event);
  const files = [join(dataDir, "logs", "app.1.log"), join(dataDir, "starpunk.db")];

  expect(events.filter((event) => event === "server.start")).toHaveLength(3);
  expect(events.filter((event) => event === "server.stop")).toHaveLength(3);
  expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
});

test("a reader of stdout that goes away does not end the server", async () => {
  const { child, url } = await startServing(createFolder());
  child.stdout?.destroy();

  const statuses: number[] = [];
  for (let count = 0; count < 20; count++) statuses.push((await fetch(`${url}/health`)).status);

  expect(statuses).toEqual(Array(20).fill(200));
});

test.each([
  [["sevre"], 2, "", 'Did you mean "serve"?'],
  [[], 2, "", "A command is missing."],
  [["serve", "--prot", "80"], 2, "", "There is no option --prot."],
  [["--help"], 0, "Usage: starpunk COMMAND", ""],
  [["serve", "--help"], 0, "Usage: starpunk serve", ""],
])("starpunk %j exits %i", async (words, code, stdout, stderr) => {
  const result = await runProgram({ words, env: { DATA_DIR: createFolder() } });

  expect(result.code).toBe(code);
  expect(result.stdout).toContain(stdout);
  expect(result.stderr).toContain(stderr);
});

test("migrate brings an empty folder up to date, names what it did, and does nothing the second time", async () => {
  const env = { DATA_DIR: join(createFolder(), "data") };

  const first = await runProgram({ words: ["migrate"], env });
  const second = await runProgram({ words: ["migrate"], env });

  expect(first.stdout).toMatch(/^001-site(\.sql)?\n/);
  expect(second).toEqual({ code: 0, stdout: "", stderr: "The database was up to date.\n" });
});

test("a command leaves nothing behind that keeps a server from starting", async () => {
  const dataDir = createFolder();
  const migrating = startProgram({ words: ["migrate"], env: { DATA_DIR: dataDir } });
  migrating.child.kill("SIGKILL");
  await migrating.exited;

  const { url } = await startServing(dataDir);

  expect((await fetch(`${url}/health`)).status).toBe(200);
});
