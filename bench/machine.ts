import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { ROOT } from "./folders.ts";

/** Where the measured servers and their load run. Undefined: anywhere. */
export type Cores = { readonly server: number | undefined; readonly load: number | undefined };

/** Load of the machine above which figures are worth little, before anything was started here. */
const QUIET_LOAD = 0.5;

/** Two cores to pin to; none where there is but one core, or nothing to pin with. */
export function findCores(): Cores {
  const [server, load] = allowedCores(readFileSync("/proc/self/status", "utf8"));
  const canPin = load !== undefined && spawnSync("taskset", ["-V"]).status === 0;
  return canPin ? { server, load } : { server: undefined, load: undefined };
}

/** Puts this process, all its threads, where the load runs. */
export function moveToLoadCore({ load }: Cores): void {
  if (load !== undefined) spawnSync("taskset", ["-a", "-c", "-p", String(load), String(process.pid)]);
}

/** Cores that /proc/self/status allows: "0-2,5" is 0, 1, 2 and 5. */
export function allowedCores(status: string): number[] {
  const [, list = ""] = /^Cpus_allowed_list:\s+([\d,-]+)$/m.exec(status) ?? [];
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** What must be known of the machine to read the figures, a line each. */
export function describeMachine(cores: Cores): string[] {
  const pinning =
    cores.server === undefined
      ? "neither servers nor load were pinned to a core"
      : `servers pinned to core ${cores.server}, load to core ${cores.load}`;
  return [
    `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB of memory; ${pinning}`,
    `${systemName()}, Linux ${release()}, Node ${process.versions.node}, ${wrkVersion() ?? "no wrk"}`,
    `source ${commit()}`,
  ];
}

/** A sentence when other programs keep the machine busy; undefined when it is quiet. */
export function warnOfNoise(load: number = loadavg()[0] ?? 0): string | undefined {
  if (load <= QUIET_LOAD) return undefined;
  return `Other programs kept this machine busy (load average ${load.toFixed(1)} before the run): trust ratios more than rates, and neither much.`;
}

/** `wrk 4.1.0`; undefined where there is none. */
export function wrkVersion(): string | undefined {
  // It says its version and then that this is no way to call it.
  const { stdout } = spawnSync("wrk", ["-v"], { encoding: "utf8" });
  const [, version] = /^wrk \D*([\d.]+)/.exec(stdout ?? "") ?? [];
  return version === undefined ? undefined : `wrk ${version}`;
}

/**
 * Makes sure that wrk is there, and installs Debian's where that is possible. Throws a sentence for whoever runs this
 * when it is not.
 */
export function requireWrk(say: (line: string) => void): void {
  if (wrkVersion() !== undefined) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    say("wrk is missing: apt-get install -y wrk");
    spawnSync("apt-get", ["install", "-y", "wrk"], { stdio: "ignore", timeout: 120_000 });
  }
  if (wrkVersion() === undefined) throw new Error("wrk is missing and cannot be installed here: apt-get install wrk");
}

function systemName(): string {
  const [, name = "Linux"] = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8")) ?? [];
  return name;
}

function commit(): string {
  const { stdout, status } = spawnSync("git", ["describe", "--always", "--dirty"], { cwd: ROOT, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "of unknown version";
}
