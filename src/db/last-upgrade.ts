import type { Connection } from "./connection.ts";
import { DatabaseError } from "./database-error.ts";

/** The last time that a database which was there already was brought up to date. */
export type LastUpgrade = {
  /** The first migration of it: the snapshot is from right before. */
  readonly first: { readonly number: number; readonly name: string };
  /** The newest migration before it: the schema that the snapshot has. */
  readonly before: { readonly number: number; readonly name: string };
  /** The newest migration that the database has had. */
  readonly newest: { readonly number: number; readonly name: string };
  /** Whether it broke off, so that migrations are still to come. */
  readonly isUnderWay: boolean;
};

type AppliedRow = { number: number; name: string; target: number };

/**
 * Reads from the record of a database what its last upgrade was, of this version or a newer one; undefined when it is as
 * it was made. Throws DatabaseError `foreign` for a database of another program.
 */
export function readLastUpgrade(connection: Connection, file: string): LastUpgrade | undefined {
  const rows = listApplied(connection, file);
  const start = rows.findLastIndex((_row, index) => isEndOfRun(rows[index - 1]));
  const [first, before, newest] = [rows[start], rows[start - 1], rows.at(-1)];
  if (first === undefined || before === undefined || newest === undefined) return undefined;
  return { first, before, newest, isUnderWay: newest.target > newest.number };
}

/** A run is over where the number is reached that it was to reach; the next row begins another one. */
function isEndOfRun(row: AppliedRow | undefined): boolean {
  return row === undefined || row.target <= row.number;
}

function listApplied(connection: Connection, file: string): AppliedRow[] {
  const record = connection.get("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'");
  if (record === undefined) {
    throw new DatabaseError(
      "foreign",
      `The file ${file} is no database of StarPunk: set DATA_DIR to the folder of your site.`,
    );
  }
  return connection.all<AppliedRow>("SELECT number, name, target FROM schema_migrations ORDER BY number");
}
