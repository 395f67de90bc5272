import { readdirSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { addSeconds, toTimestamp } from "../lib/clock.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import type { Finding, Patient } from "./finding.ts";
import { failure, fine, warning } from "./finding.ts";
import { DISK_FAILED_BYTES, DISK_WARNING_BYTES } from "./health-checks.ts";

/** How far ahead of this machine's clock a file may have been written, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 300;

/** Versions of Node that package.json allows: 20.19 and later, and from 22.14 on. */
export function examineNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isSupported = (major === 20 && minor >= 19) || (major === 22 && minor >= 14) || major > 22;
  if (isSupported) return fine("node", `Node.js ${version}`);
  return failure(
    "node",
    `Node.js ${version}`,
    "Install Node.js 20.19 or a later 20, 22.14 or a later 22, or a newer one.",
  );
}

/** Room for notes, uploads and backups. */
export async function examineDisk({ config }: Patient): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestFolder(config.DATA_DIR));
  return judgeDisk(bavail * bsize);
}

/** What so much free room means, in bytes. */
export function judgeDisk(free: number): Finding {
  const figure = `${formatBytes(free)} free`;
  if (free < DISK_FAILED_BYTES)
    return failure("disk_space", figure, "Make room now: notes cannot be saved on a full disk.");
  if (free < DISK_WARNING_BYTES) return warning("disk_space", figure, "Make room: uploads and backups may soon fail.");
  return fine("disk_space", figure);
}

/** A clock that is behind what it has already written. `newest` is the newest time in the database, where it is known. */
export function examineClock({ config, clock }: Patient, newest?: string): Finding {
  const now = clock();
  const latest = addSeconds(now, CLOCK_TOLERANCE_SECONDS);
  const ahead = [newest ?? "", newestFile(config.DATA_DIR)]
    .filter((moment) => moment > latest)
    .sort()
    .at(-1);
  if (ahead === undefined) return fine("clock", now);
  return warning(
    "clock",
    `${now}, but something was written at ${ahead}`,
    "Set the clock of this machine, by NTP for instance. If it is right now and ran ahead before: notes of that time are dated wrong.",
  );
}

function newestFile(folder: string): string {
  const times = namesIn(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return toTimestamp(Math.max(0, ...times));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // Another check says why.
  }
}

/** The disk of a folder that is not there yet is that of the one above it. */
function nearestFolder(folder: string): string {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats !== undefined || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}
