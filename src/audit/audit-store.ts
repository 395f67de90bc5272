import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { AuditEvent, Doer } from "./audit-event.ts";

/** Which events are looked for; what is undefined says nothing. */
export type AuditFilter = {
  readonly kinds?: readonly string[] | undefined;
  readonly sort?: Doer["sort"] | undefined;
  readonly name?: string | undefined;
  /** Not before this moment. */
  readonly since?: Timestamp | undefined;
};

/** A part of the list: events before this id, so many. */
export type AuditSlice = { readonly before: number; readonly limit: number };

/** Before every event there is. */
export const NEWEST = Number.MAX_SAFE_INTEGER;

type AuditRow = {
  id: number;
  happened_at: Timestamp;
  kind: string;
  doer: Doer["sort"];
  name: string;
  network: string;
  user_agent: string;
  request_id: string;
  note_id: number | null;
  detail: string;
};

/** Adds an event. Only inside a write. */
export function insertAuditEvent(db: Database, event: Omit<AuditEvent, "id"> & { readonly isFrequent: boolean }): void {
  const { doer, happenedAt, kind, noteId, detail } = event;
  const { sort, name, network, userAgent, requestId } = doer;
  db.run(
    `INSERT INTO audit_events
            (happened_at, kind, doer, name, network, user_agent, request_id, note_id, detail, is_frequent)
     VALUES (:happenedAt, :kind, :sort, :name, :network, :userAgent, :requestId, :noteId, :detail, :isFrequent)`,
    {
      happenedAt,
      kind,
      sort,
      name,
      network,
      userAgent,
      requestId,
      detail,
      noteId: noteId ?? null,
      isFrequent: event.isFrequent ? 1 : 0,
    },
  );
}

/** Events that fit, the newest first. */
export function listAuditEvents(db: Reader, filter: AuditFilter, { before, limit }: AuditSlice): AuditEvent[] {
  const { kinds, sort = null, name = null, since = null } = filter;
  return db
    .all<AuditRow>(
      `SELECT id, happened_at, kind, doer, name, network, user_agent, request_id, note_id, detail
         FROM audit_events
        WHERE id < :before
          AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
          AND (:sort IS NULL OR doer = :sort)
          AND (:name IS NULL OR name = :name)
          AND (:since IS NULL OR happened_at >= :since)
        ORDER BY id DESC
        LIMIT :limit`,
      { before, limit, sort, name, since, kinds: kinds === undefined ? null : JSON.stringify(kinds) },
    )
    .map(toEvent);
}

/** When the newest event happened; undefined: there is none. */
export function findNewestEventTime(db: Reader): Timestamp | undefined {
  return db.get<{ happened_at: Timestamp }>("SELECT happened_at FROM audit_events ORDER BY id DESC LIMIT 1")
    ?.happened_at;
}

/** Removes up to `limit` frequent events behind the newest `kept` of all; returns how many. Only inside a write. */
export function removeOldFrequent(db: Database, { kept, limit }: { kept: number; limit: number }): number {
  return db.run(
    `DELETE FROM audit_events
      WHERE id IN (SELECT id
                     FROM audit_events
                    WHERE is_frequent = 1 AND id <= (SELECT max(id) FROM audit_events) - :kept
                    ORDER BY id
                    LIMIT :limit)`,
    { kept, limit },
  ).changes;
}

/** Removes up to `limit` events from before a moment, the oldest first. Only inside a write. */
export function removeEventsBefore(db: Database, { before, limit }: { before: Timestamp; limit: number }): number {
  return db.run(
    `DELETE FROM audit_events
      WHERE id IN (SELECT id FROM audit_events WHERE happened_at < :before ORDER BY id LIMIT :limit)`,
    { before, limit },
  ).changes;
}

function toEvent(row: AuditRow): AuditEvent {
  return {
    id: row.id,
    happenedAt: row.happened_at,
    kind: row.kind,
    doer: {
      sort: row.doer,
      name: row.name,
      network: row.network,
      userAgent: row.user_agent,
      requestId: row.request_id,
    },
    noteId: row.note_id ?? undefined,
    detail: row.detail,
  };
}
