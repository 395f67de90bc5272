import type { Connection } from "./connection.ts";

/** Rows from which on what SQLite gathers of a table says something about it. */
export const LEAST_COUNTED_ROWS = 1000;

/** As a start does it: whether something was forgotten. A lock or a full disk must not stand in the way of opening. */
export function forgetSmallTablesIfPossible(connection: Connection): boolean {
  try {
    return forgetSmallTables(connection);
  } catch {
    return false;
  }
}

/** Has SQLite count what it plans statements by. Throws what SQLite throws. */
export function gatherStatistics(connection: Connection): void {
  connection.exec("PRAGMA optimize");
  forgetSmallTables(connection);
}

/**
 * Forgets what was counted of small tables: of one with a row or two SQLite says that no index pays, and it would read all
 * of it for each look-up as long as the process lives, however many rows come. Returns whether there was something to
 * forget: connections that were open before still know it. Throws what SQLite throws.
 */
function forgetSmallTables(connection: Connection): boolean {
  const hasCounts = connection.get("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'") !== undefined;
  const least = LEAST_COUNTED_ROWS;
  if (!hasCounts) return false;
  const small = connection.get(
    "SELECT tbl FROM sqlite_stat1 GROUP BY tbl HAVING max(CAST(stat AS INTEGER)) < :least LIMIT 1",
    { least },
  );
  if (small === undefined) return false;
  connection.run(
    `DELETE FROM sqlite_stat1
      WHERE tbl IN (SELECT tbl FROM sqlite_stat1 GROUP BY tbl HAVING max(CAST(stat AS INTEGER)) < :least)`,
    { least },
  );
  connection.exec("ANALYZE sqlite_schema"); // Which reads again what is left.
  return true;
}
