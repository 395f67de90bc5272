import type { Database } from "../db/database.ts";

/** How many rows there are of each state. */
export type Counts = Readonly<Record<string, number>>;

/** Jobs by state: those that ended well are removed after a while, so these are few. */
export function countJobs(db: Database): Counts {
  return toCounts(
    db.all<{ name: string; count: number }>("SELECT state AS name, count(*) AS count FROM jobs GROUP BY state"),
  );
}

/** Notes by status. */
export function countNotes(db: Database): Counts {
  return toCounts(
    db.all<{ name: string; count: number }>("SELECT status AS name, count(*) AS count FROM notes GROUP BY status"),
  );
}

function toCounts(rows: readonly { name: string; count: number }[]): Counts {
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}
