import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { findBulkAct } from "../notes/bulk-act-store.ts";
import type { TagAct, TagOrder, TagTrace } from "./tag-act.ts";

/** Remembers what an act on tags is about, beside its bulk act. Runs inside a write. */
export function insertTagAct(
  db: Database,
  { key, sources, target }: TagOrder,
  { device, trace }: { readonly device: string | undefined; readonly trace: TagTrace },
): void {
  db.run(
    "INSERT INTO tag_acts (act_key, sources, target, device, before) VALUES (:key, :sources, :target, :device, :before)",
    { key, sources: JSON.stringify(sources), target, device, before: JSON.stringify(trace) },
  );
}

/** An act on tags since a moment; undefined also for a bulk act of another kind. */
export function findTagAct(db: Database, key: string, since: Timestamp): TagAct | undefined {
  const act = findBulkAct(db, key, since);
  const row = db.get<{ sources: string; target: string | null; device: string | null; before: string }>(
    "SELECT sources, target, device, before FROM tag_acts WHERE act_key = :key",
    { key },
  );
  if (act === undefined || row === undefined) return undefined;
  return {
    ...act,
    sources: JSON.parse(row.sources) as string[],
    target: row.target ?? undefined,
    device: row.device ?? undefined,
    trace: JSON.parse(row.before) as TagTrace,
  };
}
