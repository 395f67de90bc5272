import type { Database } from "../db/database.ts";

/** A cache in front of the site, and how far it was told of changes. */
export type Edge = {
  readonly address: string;
  /** What besides `public_changes` makes the pages. */
  readonly madeBy: string;
  /** Everything up to this revision of `public_changes` was purged; -1: nothing was. */
  readonly revision: number;
};

type EdgeRow = { address: string; made_by: string; revision: number };

/** All edges. */
export function listEdges(db: Database): Edge[] {
  return db.all<EdgeRow>("SELECT address, made_by, revision FROM edges ORDER BY address").map(toEdge);
}

/** The edge at an address. */
export function findEdge(db: Database, address: string): Edge | undefined {
  const row = db.get<EdgeRow>("SELECT address, made_by, revision FROM edges WHERE address = :address", { address });
  return row && toEdge(row);
}

/** Inserts an edge, in place of one at its address. */
export function putEdge(db: Database, edge: Edge): void {
  db.run("INSERT OR REPLACE INTO edges (address, made_by, revision) VALUES (:address, :madeBy, :revision)", {
    ...edge,
  });
}

/** Removes an edge. A purge that waits for it finds nothing to do. */
export function removeEdge(db: Database, address: string): void {
  db.run("DELETE FROM edges WHERE address = :address", { address });
}

/**
 * Notes that everything up to a revision was purged, unless that is known of a later one, or the pages are made by
 * something else by now.
 */
export function advanceEdge(db: Database, { address, madeBy, revision }: Edge): void {
  db.run(
    `UPDATE edges
        SET revision = :revision
      WHERE address = :address AND made_by = :madeBy AND revision < :revision`,
    { address, madeBy, revision },
  );
}

function toEdge({ address, made_by, revision }: EdgeRow): Edge {
  return { address, madeBy: made_by, revision };
}
