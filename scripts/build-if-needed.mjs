#!/usr/bin/env node
// Builds dist/ when it is not what its sources say, and does nothing otherwise. Several may run at once: one builds, the others
// wait. The build is made beside dist/ and put in its place whole, so that nothing of a removed source file stays, and
// a build that fails leaves the old one. `--force` builds in any case.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");
/** What makes it, besides this file. */
const SCRIPTS = ["bundle.mjs", "compile-expression.mjs", "compile-views.mjs"].map((name) => join("scripts", name));
/** What dist/ is made from. The lock stands for the libraries, which are built in. */
const SOURCES = ["src", "views", "locales", ...SCRIPTS, "tsconfig.json", "package.json", "package-lock.json"];
/** What dist/ was built from, and what is in it. */
const STAMP = ".built.json";
const LOCK = join(ROOT, ".cache", "build.lock");
const WAIT_MS = 180_000;
const LOOK_EVERY_MS = 100;

try {
  await main(process.argv.includes("--force"));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function main(isForced) {
  if (!isForced && isCurrent()) return;
  const givesUpAt = performance.now() + WAIT_MS;
  while (!lock()) {
    if (performance.now() > givesUpAt)
      throw new Error(`Another build holds ${LOCK} for too long. Remove that file, then try again.`);
    await sleep(LOOK_EVERY_MS);
    if (!isForced && isCurrent()) return;
  }
  try {
    if (isForced || !isCurrent()) await build();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function isCurrent() {
  const stamp = readStamp();
  return stamp?.fingerprint === takeFingerprint() && stamp.files.every((file) => existsSync(join(DIST, file)));
}

/** Undefined when there is no stamp, or half of one. */
function readStamp() {
  try {
    return JSON.parse(readFileSync(join(DIST, STAMP), "utf8"));
  } catch {
    return undefined;
  }
}

function takeFingerprint() {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap(listSources)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** The files of one source, from the root. Not every project has every source. */
function listSources(source) {
  const path = join(ROOT, source);
  if (!existsSync(path)) return [];
  return statSync(path).isDirectory() ? listFiles(path).map((file) => join(source, file)) : [source];
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== STAMP)
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}

async function build() {
  const fingerprint = takeFingerprint();
  const made = join(ROOT, `.dist-${process.pid}`);
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  if (!existsSync(compiler)) throw new Error("dist/ must be built, and the compiler is missing. Run npm ci first.");

  const flags = [compiler, "-p", "tsconfig.json", "--noEmit"];
  const { status } = spawnSync(process.execPath, flags, { cwd: ROOT, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("StarPunk cannot be built: see above.");
  await makeBundle(made);
  const files = listFiles(made);
  keepChunks(made);
  writeFileSync(join(made, STAMP), JSON.stringify({ fingerprint, files }));
  replace(made);
}

/** A server that runs through a build still loads chunks of its own: those of the last build stay for one more. */
function keepChunks(made) {
  for (const file of readStamp()?.files ?? []) {
    const [from, to] = [join(DIST, file), join(made, file)];
    if (dirname(file) === "chunks" && existsSync(from) && !existsSync(to)) cpSync(from, to);
  }
}

/** The bundler is loaded here only: a start that finds everything built must not wait for it. */
async function makeBundle(made) {
  const { bundle } = await import("./bundle.mjs");
  try {
    await bundle(ROOT, made);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    throw new Error(`StarPunk cannot be built: ${error.message}`, { cause: error });
  }
}

/** Two renames, between which there is no dist/: whoever looks then, waits for the lock. */
function replace(made) {
  const old = join(ROOT, `.dist-${process.pid}-old`);
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(made, DIST);
  rmSync(old, { recursive: true, force: true });
}

function lock() {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  try {
    writeFileSync(LOCK, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    removeDeadLock();
    return false;
  }
}

/** A build that was killed leaves its lock. */
function removeDeadLock() {
  try {
    const holder = Number(readFileSync(LOCK, "utf8"));
    if (holder > 0) process.kill(holder, 0);
  } catch (error) {
    if (error.code === "ESRCH") rmSync(LOCK, { force: true });
    else if (error.code !== "ENOENT" && error.code !== "EPERM") throw error;
  }
}
