import { existsSync } from "node:fs";
import { databaseFile } from "../config/data-files.ts";
import type { Connection, Reader } from "../db/connection.ts";
import { findDatabaseFaults } from "../db/copy-database.ts";
import { Database } from "../db/database.ts";
import { DatabaseError } from "../db/database-error.ts";
import { holdFolder, isFolderInUse } from "../db/folder-lock.ts";
import { requireWhole } from "../db/inspect-file.ts";
import { lookAnyway } from "../db/look-anyway.ts";
import { MIGRATIONS_FOLDER, readMigrations } from "../db/migration-files.ts";
import { readHistory } from "../db/migration-history.ts";
import { isSafeSqlite, OLDEST_SQLITE } from "../db/open-existing.ts";
import { toDatabaseError } from "../db/start-error.ts";
import { recoverJobs } from "../jobs/recover-jobs.ts";
import { LEASE_SECONDS } from "../jobs/runner.ts";
import { addSeconds } from "../lib/clock.ts";
import { rebuildSearchIndex } from "../search/search-index.ts";
import { findIndexPlace, isIndexMarked } from "../search/search-index-store.ts";
import {
  compareSearchIndex,
  countNotes,
  countTroubledJobs,
  findNewestListed,
  findNewestStamp,
  readSqliteVersion,
} from "./doctor-store.ts";
import { examineMedia, examineVariants } from "./examine-media.ts";
import type { Finding, Patient } from "./finding.ts";
import { failure, fine, warning } from "./finding.ts";
import { JOB_AGE_WARNING_SECONDS } from "./health-checks.ts";

/** What the doctor learned from the database, for what is looked at besides. */
export type ExaminedDatabase = {
  readonly findings: readonly Finding[];
  /** The newest time that anything in it was written with. */
  readonly newestStamp?: string | undefined;
  /** Permanent id of the note that stands first in the feed. */
  readonly newestListed?: string | undefined;
};

const DAMAGE_REMEDY =
  "Stop the server and copy DATA_DIR before anything else. Then restore the last backup; starpunk export on the copy may save what is newer.";

/** Looks at the database as it lies there: nothing is made, brought up to date or changed. Never throws for what it finds. */
export async function examineDatabase(patient: Patient): Promise<ExaminedDatabase> {
  const file = databaseFile(patient.config);
  if (!existsSync(file)) return { findings: [explainMissing(file)] };
  try {
    await requireWhole(file);
    return await lookAnyway(file, (connection) => examineAll(connection, patient, file));
  } catch (error) {
    return { findings: [explainUnreadable(error, file)] };
  }
}

function explainMissing(file: string): Finding {
  if (existsSync(`${file}-wal`)) {
    return failure("integrity", `${file} is gone, but its log is there`, "Put the database back, or restore a backup.");
  }
  return warning(
    "integrity",
    `there is no database at ${file}`,
    "The first start makes one. If there was one: look at DATA_DIR.",
  );
}

function explainUnreadable(error: unknown, file: string): Finding {
  const told = toDatabaseError(error, file);
  const isDamaged = told instanceof DatabaseError && told.code === "damaged";
  return failure("integrity", messageOf(told), isDamaged ? DAMAGE_REMEDY : "See docs/operations/troubleshooting.md.");
}

function examineAll(connection: Connection, patient: Patient, file: string): ExaminedDatabase {
  const schema = guard("schema", () => examineSchema(connection, file));
  const head = [...guard("sqlite", () => [examineSqlite(connection)]), ...schema];
  // A database of another program, or of another version, has nothing of what is asked for next.
  if (schema.some(({ status }) => status === "error")) return { findings: head };
  const findings = [
    ...head,
    ...guard("integrity", () => examineContent(connection, patient)),
    ...guard("jobs", () => [examineJobs(connection, patient)]),
    ...guard("media", () => examineMedia(patient, connection)),
    ...guard("variants", () => [examineVariants(patient, connection)]),
  ];
  return { findings, ...stampsOf(connection) };
}

/** One damaged page must not hide what the others say. */
function guard(check: string, look: () => readonly Finding[]): readonly Finding[] {
  try {
    return look();
  } catch (error) {
    return [failure(check, messageOf(error), DAMAGE_REMEDY)];
  }
}

function stampsOf(connection: Reader): Pick<ExaminedDatabase, "newestStamp" | "newestListed"> {
  try {
    return { newestStamp: findNewestStamp(connection), newestListed: findNewestListed(connection) };
  } catch {
    return {}; // The check of its integrity says why.
  }
}

function examineSqlite(connection: Reader): Finding {
  const { version, hasFts5 } = readSqliteVersion(connection);
  const figure = `SQLite ${version}, ${hasFts5 ? "with" : "without"} FTS5`;
  if (isSafeSqlite(version) && hasFts5) return fine("sqlite", figure);
  return failure("sqlite", figure, `Run npm ci: it brings SQLite ${OLDEST_SQLITE} or newer, with full-text search.`);
}

function examineSchema(connection: Connection, file: string): Finding[] {
  const migrations = readMigrations(MIGRATIONS_FOLDER);
  try {
    const { applied, pending } = readHistory(connection, migrations, file);
    if (pending.length === 0) return [fine("schema", `${applied} migrations, none is missing`)];
    const remedy = "The next start of the server applies them, or starpunk migrate.";
    return [warning("schema", `${applied} migrations of ${migrations.length}`, remedy)];
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return [
      failure("schema", messageOf(error), "See docs/operations/upgrade.md: a server of this version cannot use it."),
    ];
  }
}

function examineContent(connection: Reader, patient: Patient): Finding[] {
  const faults = findDatabaseFaults(connection);
  const ofSearch = faults.filter((line) => /fts5|note_search/iu.test(line));
  const dangling = faults.filter((line) => line.includes(" points at no row of "));
  const damage = faults.filter((line) => !ofSearch.includes(line) && !dangling.includes(line));
  return [
    damage.length === 0
      ? fine("integrity", `${countNotes(connection)} notes, every page is sound`)
      : failure("integrity", toLines(damage), DAMAGE_REMEDY),
    dangling.length === 0
      ? fine("foreign_keys", "every row points at one that is there")
      : warning(
          "foreign_keys",
          toLines(dangling),
          "Nobody is served worse by it. Report it with this line: no version of ours does that.",
        ),
    examineSearch(connection, patient, { faults: ofSearch, isSound: damage.length === 0 }),
  ];
}

function examineSearch(
  connection: Reader,
  patient: Patient,
  { faults, isSound }: { faults: readonly string[]; isSound: boolean },
): Finding {
  // The index of an older schema has every note, and no mark.
  const place = unlessOlder(() => findIndexPlace(connection), Number.MAX_SAFE_INTEGER);
  const { missing, surplus } = compareSearchIndex(connection, place);
  const isMarked = unlessOlder(() => isIndexMarked(connection), false);
  if (faults.length === 0 && missing.length === 0 && surplus.length === 0 && !isMarked)
    return fine("search_index", "agrees with the notes");
  const figure =
    faults.length > 0
      ? `damaged: ${toLines(faults)}`
      : `lacks ${missing.length} notes, and has ${surplus.length} that are gone${isMarked ? "; a write has found it damaged" : ""}`;
  const found = warning("search_index", figure, "Use --fix to make it anew from the notes.");
  // Into a damaged file nothing is written.
  if (!isSound) return { ...found, remedy: "Mend the damage of the database first." };
  const mend = () => withDatabase(patient, async (db) => void (await rebuildSearchIndex(db)));
  return { ...found, fix: { done: "made the search index anew", mend } };
}

/** What is read; or `instead` of an older schema, which the next start brings up to date, and which has no such thing. */
function unlessOlder<T>(read: () => T, instead: T): T {
  try {
    return read();
  } catch {
    return instead;
  }
}

function examineJobs(connection: Reader, patient: Patient): Finding {
  const now = patient.clock();
  const { lost, late, failed } = countTroubledJobs(connection, {
    now,
    dueBefore: addSeconds(now, -JOB_AGE_WARNING_SECONDS),
  });
  const isServed = isFolderInUse(patient.config.DATA_DIR);
  const isStuck = lost > 0 || (isServed && late > 0);
  const figure = `${lost} whose process ended, ${late} late, ${failed} failed; ${isServed ? "a server runs" : "no server runs"}`;
  if (isStuck) {
    const mend = () => withDatabase(patient, (db) => recoverJobs(db, patient.clock, LEASE_SECONDS));
    const fix = { done: "put the jobs of ended processes back into the queue", mend };
    return {
      ...warning("jobs", figure, "Use --fix, or restart the server: it takes up what was left."),
      ...(lost > 0 ? { fix } : {}),
    };
  }
  if (failed > 0)
    return warning("jobs", figure, "See /admin/jobs: each failed job has its reason, and a button to try it again.");
  return fine("jobs", figure);
}

/** Opens the database for a mend, as every command does: never while a restore is under way. */
async function withDatabase(patient: Patient, use: (db: Database) => Promise<void>): Promise<void> {
  const hold = holdFolder(patient.config.DATA_DIR);
  try {
    const db = Database.open({ file: databaseFile(patient.config), readers: 1 });
    try {
      await use(db);
    } finally {
      db.close();
    }
  } finally {
    hold.release();
  }
}

function toLines(faults: readonly string[]): string {
  const [first = "", ...rest] = faults;
  return rest.length === 0 ? first : `${first}, and ${rest.length} more`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
