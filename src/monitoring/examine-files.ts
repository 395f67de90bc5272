import { accessSync, chmodSync, constants, existsSync, lstatSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { databaseFile } from "../config/data-files.ts";
import { SNAPSHOT_NAME } from "../db/snapshot.ts";
import { toMilliseconds } from "../lib/clock.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import { mediaFolder, UNFINISHED_NAME, variantsFolder } from "../media/media-files.ts";
import type { Finding, Patient } from "./finding.ts";
import { failure, fine, warning } from "./finding.ts";

/** Age from which an unfinished file is left over from a crash, and not being written, in seconds. */
export const LEFTOVER_AGE_SECONDS = 3_600;
/** Age from which a snapshot of an upgrade is no longer needed, as a rule, in seconds: 90 days. */
export const SNAPSHOT_AGE_SECONDS = 90 * 24 * 3_600;
/** Age from which the last backup is too old, in seconds: 8 days. */
export const BACKUP_AGE_SECONDS = 8 * 24 * 3_600;

/** Drafts of databases, proofs that a folder can be written, uploads that were never finished. */
const LEFTOVER =
  /^(?:starpunk(?:-before-\d{3})?\.db\.(?:[\w-]{8}\.)?new(?:-journal|-wal|-shm)?|starpunk-before-\d{3}\.db\.new|\.probe-\d+)$/;
const ASIDE = /^(?:rolled-back|replaced)-\d/;
const OTHERS = 0o077;

/** Whether this user may use what belongs to the site, and nobody else. */
export function examinePermissions({ config }: Patient): Finding[] {
  const folders = [config.DATA_DIR, config.LOG_DIR, mediaFolder(config), variantsFolder(config)].filter((path) =>
    existsSync(path),
  );
  if (!existsSync(config.DATA_DIR)) {
    return [
      warning(
        "permissions",
        `${config.DATA_DIR} is not there`,
        "The first start makes it. If the site was here before: look at DATA_DIR.",
      ),
    ];
  }
  const database = databaseFile(config);
  const files = [database, `${database}-wal`, `${database}-shm`, ...snapshotsIn(config.DATA_DIR)].filter((path) =>
    existsSync(path),
  );
  const found = [...folders, ...files].flatMap((path) => examinePath(path, path.startsWith(config.DATA_DIR)));
  const count = folders.length + files.length;
  return found.length > 0 ? found : [fine("permissions", `${count} files and folders are this user's alone`)];
}

function examinePath(path: string, isNeeded: boolean): Finding[] {
  const stats = statSync(path);
  const found: Finding[] = [];
  if (!canWrite(path)) {
    const remedy = `Give the user of the server the right to: chown -R USER ${path}`;
    found.push((isNeeded ? failure : warning)("permissions", `${path} cannot be written by this user`, remedy));
  }
  const mode = stats.mode & 0o777;
  if ((mode & OTHERS) !== 0) {
    const closed = mode & ~OTHERS;
    const remedy = `Only the server's user needs it: chmod ${closed.toString(8)} ${path}`;
    const fix = { done: `closed ${path} to other users`, mend: () => chmodSync(path, closed) };
    found.push({
      ...warning("permissions", `${path} is open to other users of this machine (${mode.toString(8)})`, remedy),
      fix,
    });
  }
  return found;
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false; // The answer, whatever the reason is.
  }
}

/** What crashes have left, and a rollback that was killed before it did anything. */
export function examineLeftovers({ config, clock }: Patient): Finding {
  const oldest = toMilliseconds(clock()) - LEFTOVER_AGE_SECONDS * 1000;
  const leftovers = [
    ...listFolder(config.DATA_DIR, (name) => LEFTOVER.test(name)),
    ...[mediaFolder, variantsFolder].flatMap((folderOf) =>
      listFolder(folderOf(config), (name) => UNFINISHED_NAME.test(name)),
    ),
  ].filter((path) => lstatSync(path).mtimeMs < oldest);
  const twins = listFolder(config.DATA_DIR, (name) => ASIDE.test(name)).filter((folder) => isTwin(config, folder));
  const paths = [...leftovers, ...twins];
  if (paths.length === 0) return fine("leftovers", "none");
  return {
    ...warning(
      "leftovers",
      `${paths.length}: ${namesOf(paths)}`,
      "Use --fix to remove them: nothing reads them any more.",
    ),
    fix: {
      done: `removed ${namesOf(paths)}`,
      mend: () => {
        for (const path of paths) rmSync(path, { recursive: true, force: true });
      },
    },
  };
}

/** Whether the database in it is the very file that is in use, under a second name. */
function isTwin(config: Patient["config"], folder: string): boolean {
  const [live, kept] = [databaseFile(config), join(folder, "starpunk.db")].map((path) =>
    statSync(path, { throwIfNoEntry: false }),
  );
  return live !== undefined && kept !== undefined && live.ino === kept.ino && live.dev === kept.dev;
}

/** What upgrades, rollbacks and restores have kept, and for how long. */
export function examineKept({ config, clock }: Patient): Finding {
  const kept = [...snapshotsIn(config.DATA_DIR), ...listFolder(config.DATA_DIR, (name) => ASIDE.test(name))];
  if (kept.length === 0) return fine("kept_copies", "none");
  const oldest = toMilliseconds(clock()) - SNAPSHOT_AGE_SECONDS * 1000;
  const old = kept.filter((path) => statSync(path).mtimeMs < oldest);
  if (old.length === 0) return fine("kept_copies", `${kept.length}, none older than 90 days`);
  const size = formatBytes(old.reduce((sum, path) => sum + statSync(path).size, 0));
  return warning(
    "kept_copies",
    `${old.length} older than 90 days (${size}): ${namesOf(old)}`,
    "Delete them when you need neither the old version nor the replaced site any more.",
  );
}

/** How old the newest backup is that lies with the site; those that are made elsewhere are not seen. */
export function examineBackups({ config, clock }: Patient): Finding {
  const files = listFolder(join(config.DATA_DIR, "backups"), (name) => !name.startsWith("."));
  const newest = Math.max(0, ...files.map((path) => statSync(path).mtimeMs));
  const remedy = "Make one with starpunk backup FILE, and keep it on another machine.";
  if (newest === 0) return warning("backup", `none in ${join(config.DATA_DIR, "backups")}`, remedy);
  const seconds = (toMilliseconds(clock()) - newest) / 1000;
  const figure = `${files.length}, the newest ${Math.max(0, seconds / 86_400).toFixed(1)} days old`;
  return seconds > BACKUP_AGE_SECONDS ? warning("backup", figure, remedy) : fine("backup", figure);
}

function snapshotsIn(folder: string): string[] {
  return listFolder(folder, (name) => SNAPSHOT_NAME.test(name));
}

/** Paths of what is in a folder; none where there is no such folder, or it cannot be read. */
export function listFolder(folder: string, isWanted: (name: string) => boolean): string[] {
  try {
    return readdirSync(folder)
      .filter(isWanted)
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return []; // The check of permissions says why.
  }
}

/** The first few names, for one line. */
export function namesOf(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).map((path) => basename(path));
  return paths.length > shown.length ? `${shown.join(", ")} and ${paths.length - shown.length} more` : shown.join(", ");
}
