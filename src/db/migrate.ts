import { resolve } from "node:path";
import type { Clock } from "../lib/clock.ts";
import { applyNext } from "./apply-migration.ts";
import { Connection } from "./connection.ts";
import { createDatabaseFile } from "./create-file.ts";
import { lookInto, requireWhole } from "./inspect-file.ts";
import type { Migration } from "./migration-files.ts";
import { MIGRATIONS_FOLDER, readMigrations } from "./migration-files.ts";
import { readHistory } from "./migration-history.ts";
import type { PatienceLimits } from "./patience.ts";
import { Patience } from "./patience.ts";
import { toDatabaseError } from "./start-error.ts";

/** How often a start tries for a lock before it gives up. */
export const MIGRATION_ATTEMPTS = 10;

/** How long a start waits for locks in all. */
export const MIGRATION_WAIT_MS = 120_000;

/** How long one try may hold up this thread, which has nothing else to do yet. */
export const MIGRATION_TRY_MS = 500;

/** Limits that a test makes smaller. */
export type MigrationLimits = PatienceLimits & { readonly tryMs: number };

/** What is migrated, and with which migrations. */
export type MigrateOptions = {
  readonly file: string;
  /** Where the migrations are; those of this version by default. */
  readonly folder?: string;
  readonly clock: Clock;
  readonly limits?: Partial<MigrationLimits>;
};

const DEFAULT_LIMITS: MigrationLimits = {
  attempts: MIGRATION_ATTEMPTS,
  waitMs: MIGRATION_WAIT_MS,
  tryMs: MIGRATION_TRY_MS,
};

/**
 * Brings the schema of a database up to date; makes folder and file where there are none, and copies an older
 * database first. Safe when several processes do it at once: exactly one applies each migration, the others wait.
 * Resolves with the names of those that this process applied. Throws DatabaseError, which leaves the file as it was.
 */
export async function migrate(options: MigrateOptions): Promise<{ applied: string[] }> {
  const file = resolve(options.file);
  try {
    const migrations = readMigrations(options.folder ?? MIGRATIONS_FOLDER);
    createDatabaseFile(file);
    await requireWhole(file);
    return { applied: await applyAll({ ...options, file }, migrations) };
  } catch (error) {
    throw toDatabaseError(error, file);
  }
}

async function applyAll({ file, clock, ...options }: MigrateOptions, migrations: Migration[]): Promise<string[]> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const patience = new Patience(file, limits);
  // Whatever is to be refused is refused before anything is written; and most starts have nothing to write.
  const isDone = await patience.run(() => lookInto(file, (connection) => isUpToDate(connection, migrations, file)));
  if (isDone) return [];

  const connection = new Connection({ file, readonly: false, busyTimeoutMs: limits.tryMs });
  const applied: string[] = [];
  try {
    await patience.run(() => connection.exec("PRAGMA journal_mode = WAL"));
    for (;;) {
      const step = await patience.run(() => applyNext({ connection, migrations, file, now: clock() }));
      if (step === "done") return applied;
      if (step !== "lost") applied.push(step);
    }
  } finally {
    connection.close();
  }
}

function isUpToDate(connection: Connection, migrations: readonly Migration[], file: string): boolean {
  const { pending } = readHistory(connection, migrations, file);
  const mode = connection.get<{ journal_mode: string }>("PRAGMA journal_mode")?.journal_mode;
  return pending.length === 0 && mode === "wal";
}
