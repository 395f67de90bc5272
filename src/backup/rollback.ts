import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, join } from "node:path";
import type { Config } from "../config/config.ts";
import { databaseFile } from "../config/data-files.ts";
import { Connection } from "../db/connection.ts";
import { findDatabaseFaults, flush } from "../db/copy-database.ts";
import { PRIVATE_FILE_MODE } from "../db/create-file.ts";
import { withExclusive } from "../db/exclusive.ts";
import { claimFolder } from "../db/folder-lock.ts";
import type { LastUpgrade } from "../db/last-upgrade.ts";
import { readLastUpgrade } from "../db/last-upgrade.ts";
import { MIGRATIONS_FOLDER, readMigrations } from "../db/migration-files.ts";
import { snapshotFile } from "../db/snapshot.ts";
import type { Clock, Timestamp } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { MEDIA_NAME, mediaFolder } from "../media/media-files.ts";
import { finishRestore } from "./finish-restore.ts";
import type { NoteMark } from "./rollback-store.ts";
import { findNewestMigration, listNoteMarks } from "./rollback-store.ts";

/** A note that the restored database does not have as the replaced one does. */
export type LostNote = NoteMark & {
  /** `new`: it is only in the replaced one; `changed`: the restored one has it as it was before. */
  readonly loss: "new" | "changed";
};

/** What a rollback did. */
export type Rollback = {
  /** The schema that the database has again: `006-search.sql`. */
  readonly schema: string;
  /** The newest migration that was taken back. */
  readonly from: string;
  /** Folder with the replaced database and its media files, which can be opened as a DATA_DIR of its own. */
  readonly aside: string;
  readonly lost: readonly LostNote[];
  /** Whether this version would bring the database up to date again at its next start. */
  readonly isOlderThanProgram: boolean;
};

type RollbackContext = { readonly config: Pick<Config, "DATA_DIR">; readonly clock: Clock };

/**
 * Puts the snapshot from before the last upgrade back in the place of the database. What is replaced goes into a folder of
 * its own in DATA_DIR, media files included. A kill at any moment leaves the one database or the other, whole.
 * Throws AppError or DatabaseError, nothing changed: while anything runs on the folder, where there was no upgrade, and
 * where its snapshot is gone or damaged.
 */
export function rollBack({ config, clock }: RollbackContext): Rollback {
  const file = databaseFile(config);
  if (!existsSync(file)) throw new AppError("not_found", `There is no database at ${file}: nothing to roll back.`);
  const claim = claimFolder(config.DATA_DIR);
  if (claim === undefined) {
    throw new AppError("unavailable", `A server or a command works with ${config.DATA_DIR}: stop it, then try again.`);
  }
  try {
    finishRestore(config.DATA_DIR);
    return withExclusive(file, (connection) => replace(connection, { config, file, now: clock() }));
  } finally {
    claim.release();
  }
}

type Place = { readonly config: Pick<Config, "DATA_DIR">; readonly file: string; readonly now: Timestamp };

function replace(connection: Connection, place: Place): Rollback {
  const upgrade = requireUpgrade(connection, place.file);
  const snapshot = snapshotFile(place.file, upgrade.first);
  const kept = readSnapshot(snapshot, upgrade);
  const lost = listLost(listNoteMarks(connection), kept);

  const aside = keepAside(connection, place);
  // The one step that counts: before it the site is as it was, after it as it was before the upgrade.
  renameSync(snapshot, place.file);
  flush(place.config.DATA_DIR);
  const isOlderThanProgram = upgrade.before.number < readMigrations(MIGRATIONS_FOLDER).length;
  return { schema: upgrade.before.name, from: upgrade.newest.name, aside, lost, isOlderThanProgram };
}

function requireUpgrade(connection: Connection, file: string): LastUpgrade {
  const upgrade = readLastUpgrade(connection, file);
  if (upgrade === undefined) {
    throw new AppError("not_found", `The database ${file} was never upgraded: there is nothing to roll back.`);
  }
  const [newest] = readMigrations(MIGRATIONS_FOLDER).slice(-1);
  // Or calling it twice would go back by two upgrades.
  if (newest !== undefined && upgrade.newest.number < newest.number && !upgrade.isUnderWay) {
    throw new AppError(
      "not_found",
      `The database ${file} is not upgraded to this version (it has ${upgrade.newest.name}, this version ${newest.name}): there is nothing to roll back. To go back further, use the version that it belongs to.`,
    );
  }
  return upgrade;
}

/** The notes of a snapshot that is proved to be whole, and of the schema that it should have. */
function readSnapshot(snapshot: string, { before }: LastUpgrade): NoteMark[] {
  if (!existsSync(snapshot)) {
    throw new AppError(
      "not_found",
      `The snapshot ${snapshot} is gone: restore a backup from before the upgrade instead.`,
    );
  }
  let connection: Connection | undefined;
  try {
    connection = new Connection({ file: snapshot, readonly: true, busyTimeoutMs: 0 });
    const [fault] = findDatabaseFaults(connection).filter((line) => !line.includes(" points at no row of "));
    if (fault !== undefined) throw new Error(fault);
    if (findNewestMigration(connection) !== before.number) throw new Error("it has another schema");
    return listNoteMarks(connection);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = "Nothing was changed: restore a backup from before the upgrade instead.";
    throw new AppError("unavailable", `The snapshot ${snapshot} cannot be used (${reason}). ${remedy}`, {
      cause: error,
    });
  } finally {
    connection?.close();
  }
}

function listLost(replaced: readonly NoteMark[], restored: readonly NoteMark[]): LostNote[] {
  const versions = new Map(restored.map(({ uid, version }) => [uid, version]));
  return replaced
    .filter(({ uid, version }) => versions.get(uid) !== version)
    .map((mark) => ({ ...mark, loss: versions.has(mark.uid) ? "changed" : "new" }));
}

/** Second names of the same files: that needs no room, and leaves the database in its place until the last moment. */
function keepAside(connection: Connection, { config, file, now }: Place): string {
  const aside = makeFolder(config.DATA_DIR, now);
  try {
    linkMedia(mediaFolder(config), join(aside, "media"));
    linkOr((_from, copy) => copyDatabase(connection, copy), { from: file, to: join(aside, basename(file)) });
    flush(aside);
    return aside;
  } catch (error) {
    rmSync(aside, { recursive: true, force: true }); // A full disk, for instance: then nothing happened.
    throw error;
  }
}

function linkMedia(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { mode: 0o700 });
  for (const name of readdirSync(from).filter((each) => MEDIA_NAME.test(each))) {
    linkOr(copyFileSync, { from: join(from, name), to: join(to, name) });
  }
}

/** A copy through the connection: opening the file beside it would drop its lock. */
function copyDatabase(connection: Connection, copy: string): void {
  closeSync(openSync(copy, "wx", PRIVATE_FILE_MODE));
  connection.run("VACUUM INTO :copy", { copy });
}

/** Not all file systems know links. */
function linkOr(copy: (from: string, to: string) => void, { from, to }: { from: string; to: string }): void {
  try {
    linkSync(from, to);
  } catch {
    copy(from, to);
  }
}

function makeFolder(dataDir: string, now: Timestamp): string {
  const base = join(dataDir, `rolled-back-${now.slice(0, 19).replaceAll(/[-:]/g, "")}Z`);
  for (let attempt = 1; ; attempt += 1) {
    const folder = attempt === 1 ? base : `${base}-${attempt}`;
    if (existsSync(folder)) continue;
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  }
}
