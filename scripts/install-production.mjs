#!/usr/bin/env node
// Puts what a server needs, and nothing else, into a folder: `node scripts/install-production.mjs /opt/starpunk` in a clone.
// The Dockerfile does it, docs/operations/install.md does it by hand, and the tests do it and start the result as a user
// without rights on a tree that cannot be written.
//
// `--installed` leaves out `npm ci`, where node_modules/ is what package-lock.json says: the Dockerfile has a layer of its
// own for it, and the tests would spend a minute on what the whole suite has done before.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** What is read while it runs, besides the libraries. */
const PARTS = ["dist", "static", "migrations", "package.json", "LICENSE"];
/** Of SQLite's sources and object files only the module itself is needed. */
const SQLITE = join("node_modules", "better-sqlite3");
const SQLITE_MODULE = join(SQLITE, "build", "Release", "better_sqlite3.node");
const LEFT_OUT = ["build", "deps", "src", "binding.gyp"].map((name) => join(ROOT, SQLITE, name));

try {
  install(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function install(words) {
  const [target, ...others] = words.filter((word) => word !== "--installed");
  if (target === undefined || others.length > 0) throw new Error("Use: install-production.mjs [--installed] FOLDER");
  const folder = resolve(target);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(`${folder} is not empty. Name a new folder; the old one can go once the new one runs.`);
  }

  if (!words.includes("--installed")) run("npm", ["ci"]);
  run(process.execPath, [join(ROOT, "scripts", "build-if-needed.mjs")]);
  mkdirSync(folder, { recursive: true });
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  for (const path of [...listLibraries(), SQLITE_MODULE]) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true, filter: (file) => !LEFT_OUT.includes(file) });
  }
}

/** Every library that the program itself depends on, by the lock. Those for other systems are not there. */
function listLibraries() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  const needed = Object.entries(packages).filter(([path, { dev }]) => path !== "" && dev !== true);
  const missing = needed.filter(([path, { optional }]) => optional !== true && !existsSync(join(ROOT, path)));
  if (missing.length > 0) throw new Error(`${missing[0][0]} is missing. Run npm ci, or leave out --installed.`);
  // What lies in another one comes along with it.
  const own = needed.map(([path]) => path).filter((path) => path.lastIndexOf("node_modules/") === 0);
  return own.filter((path) => existsSync(join(ROOT, path)));
}

function run(command, words) {
  const { status, error } = spawnSync(command, words, { cwd: ROOT, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${basename(command)} ${words.join(" ")} has failed.`);
}
