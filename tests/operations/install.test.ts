import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { picture } from "../support/images.ts";
import { createFolder, findFreePort } from "../support/server-process.ts";
import { until } from "../support/until.ts";

const ROOT = join(import.meta.dirname, "../..");
const INSTALL = join(ROOT, "scripts/install-production.mjs");

/** The user `nobody`: whoever owns nothing. */
const NOBODY = 65_534;
const AS_NOBODY = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--no-new-privs"];
const isRoot = process.getuid?.() === 0;

/** A folder that nobody but its owner may write to, and everybody may read. */
function openFolder(): string {
  const folder = createFolder();
  chmodSync(folder, 0o755);
  return folder;
}

/** Runs the installed program, which may write to its data folder and nowhere else, as a user without rights. */
function startInstalled(tree: string, words: readonly string[], env: Record<string, string>, stdin = "") {
  const [file = "", ...args] = [...(isRoot ? AS_NOBODY : []), process.execPath, "dist/main.js", ...words];
  const child = spawn(file, args, { cwd: tree, env: { PATH: process.env.PATH, NODE_ENV: "production", ...env } });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    said.stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    said.stderr += String(chunk);
  });
  child.stdin.end(stdin);
  const exited = once(child, "close").then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return { child, said, exited };
}

test("what the Dockerfile installs serves, as a user without rights, from a tree that nobody can write to", async () => {
  const tree = join(openFolder(), "app");
  const installed = spawnSync(process.execPath, [INSTALL, "--installed", tree], { encoding: "utf8" });
  expect([installed.status, installed.stderr]).toEqual([0, ""]);
  spawnSync("chmod", ["-R", "a-w,a+rX", tree]);
  onTestFinished(() => void spawnSync("chmod", ["-R", "u+w", tree]));
  const before = readdirSync(tree, { recursive: true }).toSorted();
  const dataDir = openFolder();
  if (isRoot) chownSync(dataDir, NOBODY, NOBODY);
  const notes = openFolder();
  writeFileSync(
    join(notes, "hello.md"),
    "---\nslug: hello\n---\n```js\nlet x = 1;\n```\n\n![A picture](picture.jpg)\n",
  );
  writeFileSync(join(notes, "picture.jpg"), await picture(40, 30).jpeg().toBuffer());
  const port = await findFreePort();
  const env = { DATA_DIR: dataDir, PORT: String(port), SITE_URL: "https://blog.example" };

  const setup = startInstalled(tree, ["setup", "--name", "Ada", "--password-stdin"], env, "a quiet walk at dusk\n");
  expect([await setup.exited, setup.said.stderr]).toEqual([0, expect.any(String)]);
  const imported = startInstalled(tree, ["import", notes], env);
  expect([await imported.exited, imported.said.stderr]).toEqual([0, expect.any(String)]);
  const server = startInstalled(tree, ["serve"], env);
  const url = `http://127.0.0.1:${port}`;
  await until(async () => expect((await fetch(`${url}/health`)).status, server.said.stderr).toBe(200));
  const page = await (await fetch(`${url}/notes/hello`)).text();
  const linked = [...page.matchAll(/(?:src|href)="(\/(?:media|static)\/[^"]+)"/g)].map(([, path]) => path ?? "");
  const statuses = await Promise.all(linked.map(async (path) => (await fetch(url + path)).status));
  const login = await fetch(`${url}/login`);
  server.child.kill("SIGTERM");
  const code = await server.exited;

  expect(page).toContain("hljs");
  expect(linked.some((path) => path.startsWith("/media/"))).toBe(true);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect([login.status, code]).toEqual([200, 0]);
  expect(existsSync(join(dataDir, "starpunk.db"))).toBe(true);
  expect(readdirSync(tree, { recursive: true }).toSorted()).toEqual(before);
}, 60_000);

test("nothing is installed over what is there, and nothing without a folder", () => {
  const folder = createFolder();
  mkdirSync(join(folder, "dist"));

  const runs = [[folder], [], ["--installed"], [join(folder, "a"), "b"]].map((words) =>
    spawnSync(process.execPath, [INSTALL, ...words], { encoding: "utf8" }),
  );

  expect(runs.map(({ status }) => status)).toEqual([1, 1, 1, 1]);
  expect(runs[0]?.stderr).toContain("is not empty");
});

test("the Dockerfile installs by the same script, and its image has nothing besides", () => {
  const [, second = ""] = readFileSync(join(ROOT, "Dockerfile"), "utf8").split(/^FROM .*slim$/m);
  const ignored = readFileSync(join(ROOT, ".dockerignore"), "utf8");
  const copied = [...readFileSync(join(ROOT, "Dockerfile"), "utf8").matchAll(/^COPY (?!--)(.*) \S+$/gm)];

  expect(readFileSync(join(ROOT, "Dockerfile"), "utf8")).toContain(
    "RUN node scripts/install-production.mjs --installed /app",
  );
  expect(second.match(/^(?:COPY|ADD) .*$/gm)).toEqual(["COPY --from=build /app ./"]);
  expect(second).toContain("USER node");
  for (const name of copied.flatMap(([, names = ""]) => names.split(" "))) {
    expect(existsSync(join(ROOT, name)), name).toBe(true);
    expect(ignored).toContain(`!${name}`);
  }
});

test("the compose file gives the site a volume for its data and nothing else to write to", () => {
  const { services, volumes } = parse(readFileSync(join(ROOT, "docs/operations/compose.yaml"), "utf8"));

  expect(services.starpunk).toMatchObject({ read_only: true, cap_drop: ["ALL"], volumes: ["data:/data"] });
  expect(Object.keys(volumes)).toContain("data");
  expect(services.starpunk).not.toHaveProperty("ports");
});

test("the systemd unit stops later than the program needs, and writes only where it keeps its data", () => {
  const unit = readFileSync(join(ROOT, "docs/operations/starpunk.service"), "utf8");

  for (const line of ["ProtectSystem=strict", "NoNewPrivileges=yes", "StateDirectory=starpunk", "TimeoutStopSec=20"]) {
    expect(unit).toContain(`${line}\n`);
  }
});
