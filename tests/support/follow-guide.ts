import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { GuideBlock } from "./guide-steps.ts";
import { createFolder } from "./server-process.ts";
import { until } from "./until.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What is typed in a guide, what runs here in its place, and why. Everything else runs as it stands. */
const STAND_INS: readonly { readonly typed: RegExp; readonly runs: string; readonly because: string }[] = [
  {
    typed: /\bnpm start\b/u,
    runs: "starpunk serve",
    because: "npm builds before it starts; .ci/run tries npm start itself",
  },
  {
    typed: /\bnode scripts\/install-production\.mjs (\S+)/u,
    runs: 'mkdir -p $1 && ln -s "$PWD"/* $1',
    because: "it copies 90 MB and runs npm ci; install.test.ts installs by it",
  },
  {
    typed: /\bsudo -u starpunk /u,
    runs: "env ",
    because: "no user is made; install.test.ts runs it as one without rights",
  },
  { typed: /\bserver:\//u, runs: "/", because: "the other machine is this one" },
];

/** Where a guide is followed. */
export type GuideSite = {
  readonly env: Readonly<Record<string, string>>;
  /** Addresses, ports and folders of the guide, and what stands for them here. */
  readonly places?: Readonly<Record<string, string>>;
  /** Commands that are left out. */
  readonly leftOut?: readonly string[];
};

/** What a block said. One that ends with a server goes on until the test ends, and says more. */
export type Said = { stdout: string; stderr: string };

/**
 * Types the blocks of a guide one after the other, as in a clone of the repository on a machine where `starpunk` is
 * installed; `cd` and variables last for their block. Throws where a command fails. A server is the last of its block.
 */
export async function follow(blocks: readonly GuideBlock[], site: GuideSite): Promise<Said[]> {
  const bin = createFolder();
  const program = `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "dist/main.js")}" "$@"\n`;
  writeFileSync(join(bin, "starpunk"), program, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env.PATH ?? ""}`, ...site.env };
  const clone = createClone();
  const said: Said[] = [];
  for (const { commands } of blocks) {
    const typed = commands.filter((each) => site.leftOut?.includes(each) !== true);
    if (typed.length === 0) continue;
    const script = typed.map((command) => toTyped(command, site.places ?? {})).join("\n");
    const run = / serve$/u.test(script) ? serve : runToEnd;
    said.push(await run(script, { env, cwd: clone }));
  }
  return said;
}

function toTyped(command: string, places: Readonly<Record<string, string>>): string {
  const standing = STAND_INS.reduce((text, { typed, runs }) => text.replace(typed, runs), command);
  return Object.entries(places).reduce((text, [from, to]) => text.replaceAll(from, to), standing);
}

/** A folder that looks like a clone; what is written beside its files stays in it. */
function createClone(): string {
  const clone = createFolder();
  for (const name of readdirSync(ROOT)) symlinkSync(join(ROOT, name), join(clone, name));
  return clone;
}

type Place = { readonly env: Record<string, string>; readonly cwd: string };

function runToEnd(script: string, place: Place): Said {
  const { status, stdout, stderr } = spawnSync("/bin/sh", ["-euc", script], { ...place, encoding: "utf8" });
  if (status !== 0) throw new Error(`${script}\n${stdout}${stderr}`);
  return { stdout, stderr };
}

async function serve(script: string, place: Place): Promise<Said> {
  const child = spawn("/bin/sh", ["-euc", script], { ...place, detached: true });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    said.stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    said.stderr += String(chunk);
  });
  const exited = once(child, "close");
  onTestFinished(async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await exited;
  });
  await until(() => expect(said.stderr, script).toContain("StarPunk is at"));
  return said;
}
