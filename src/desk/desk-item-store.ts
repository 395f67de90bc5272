import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { DeskItem, DeskKind } from "./desk-item.ts";

type ItemRow = { id: number; kind: DeskKind; name: string; fields: string };

/** All things of a kind, by name. */
export function listDeskItems<Kind extends DeskKind>(db: Reader, kind: Kind): DeskItem<Kind>[] {
  return db
    .all<ItemRow>("SELECT id, kind, name, fields FROM desk_items WHERE kind = :kind ORDER BY name", { kind })
    .map((row) => toItem<Kind>(row));
}

/** One thing of a kind; undefined where there is none. */
export function findDeskItem<Kind extends DeskKind>(db: Reader, kind: Kind, id: number): DeskItem<Kind> | undefined {
  const row = db.get<ItemRow>("SELECT id, kind, name, fields FROM desk_items WHERE kind = :kind AND id = :id", {
    kind,
    id,
  });
  return row && toItem<Kind>(row);
}

/** The thing of a kind with a name, whatever its capitals. */
export function findDeskItemId(db: Reader, kind: DeskKind, name: string): number | undefined {
  return db.get<{ id: number }>("SELECT id FROM desk_items WHERE kind = :kind AND name = :name", { kind, name })?.id;
}

/** Stores a new thing. Only inside a write. */
export function insertDeskItem(
  db: Database,
  item: { kind: DeskKind; name: string; fields: Readonly<Record<string, string>>; now: Timestamp },
): void {
  db.run("INSERT INTO desk_items (kind, name, fields, changed_at) VALUES (:kind, :name, :fields, :now)", {
    ...item,
    fields: JSON.stringify(item.fields),
  });
}

/** Changes a thing. Only inside a write. */
export function updateDeskItem(
  db: Database,
  item: { id: number; name: string; fields: Readonly<Record<string, string>>; now: Timestamp },
): void {
  db.run("UPDATE desk_items SET name = :name, fields = :fields, changed_at = :now WHERE id = :id", {
    ...item,
    fields: JSON.stringify(item.fields),
  });
}

/** Forgets a thing. */
export function removeDeskItem(db: Database, kind: DeskKind, id: number): void {
  db.run("DELETE FROM desk_items WHERE kind = :kind AND id = :id", { kind, id });
}

function toItem<Kind extends DeskKind>({ id, name, fields }: ItemRow): DeskItem<Kind> {
  return { id, name, fields: JSON.parse(fields) as DeskItem<Kind>["fields"] };
}
