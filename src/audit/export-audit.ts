import type { Database } from "../db/database.ts";
import type { AuditEvent } from "./audit-event.ts";
import type { AuditFilter } from "./audit-store.ts";
import { listAuditEvents, NEWEST } from "./audit-store.ts";

/** Events that are read at once while the log is written out. */
export const EXPORT_BATCH = 500;

/** Formats of an export, each with its media type. */
export const AUDIT_FORMATS = { jsonl: "application/jsonl; charset=utf-8", csv: "text/csv; charset=utf-8" } as const;

/** Name of a format, as the end of a file's name. */
export type AuditFormat = keyof typeof AUDIT_FORMATS;

/** How an event is written as a line, by whoever wants another format. */
type ToLine = (event: AuditEvent) => string;

const COLUMNS = [
  ..."id happened_at kind doer name network user_agent request_id note_id detail".split(" "),
] as readonly string[];

/** What spreadsheets take for a formula, or for the way into one. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Writes the events out that fit, the newest first, as JSON Lines or as CSV (RFC 4180), piece by piece: each piece is a
 * finished look-up, so that a slow reader holds nothing up. In CSV no cell begins like a formula: such a one gets a `'`.
 */
export function* exportAudit(db: Database, filter: AuditFilter, format: AuditFormat | ToLine): Generator<string> {
  if (format === "csv") yield toCsvLine([...COLUMNS]);
  let before = NEWEST;
  for (;;) {
    const events = listAuditEvents(db, filter, { before, limit: EXPORT_BATCH });
    if (events.length > 0) yield events.map((event) => toLine(event, format)).join("");
    before = events.at(-1)?.id ?? 0;
    if (events.length < EXPORT_BATCH) return;
  }
}

function toJsonLine(event: AuditEvent): string {
  return `${JSON.stringify(Object.fromEntries(COLUMNS.map((name, at) => [name, cellsOf(event)[at]])))}\n`;
}

function toLine(event: AuditEvent, format: AuditFormat | ToLine): string {
  if (typeof format === "function") return format(event);
  return format === "csv" ? toCsvLine(cellsOf(event).map((cell) => String(cell ?? ""))) : toJsonLine(event);
}

function cellsOf({ id, happenedAt, kind, doer, noteId, detail }: AuditEvent): (string | number | null)[] {
  const { sort, name, network, userAgent, requestId } = doer;
  return [id, happenedAt, kind, sort, name, network, userAgent, requestId, noteId ?? null, detail];
}

function toCsvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${(FORMULA.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`).join(",")}\r\n`;
}
