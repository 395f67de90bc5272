import type { AuditEvent } from "../audit/audit-event.ts";
import { exportAudit } from "../audit/export-audit.ts";
import { AppError } from "../lib/errors.ts";
import { readTime } from "../lib/read-time.ts";
import { readSettings } from "../site/settings-store.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./command.ts";
import { withContext } from "./open-context.ts";

/** `starpunk audit`: who did what, for a terminal or for other programs. */
export const auditCommand: Command = {
  name: "audit",
  about: "Lists who did what, the newest first: tab-separated, or as JSON Lines.",
  options: {
    since: { type: "text", value: "TIME", about: "Not before this moment, such as 2026-03-01 or 2026-03-01T09:30Z." },
    json: { type: "flag", about: "One JSON object a line, with everything that is known." },
  },
  async run({ env, values, flags, stdout }) {
    await withContext(env, async ({ db }) => {
      const since = values.since === undefined ? undefined : readSince(values.since, readSettings(db).timeZone);
      for (const chunk of exportAudit(db, { since }, flags.has("json") ? "jsonl" : toRow)) stdout.write(chunk);
    });
  },
};

function readSince(text: string, timeZone: string) {
  try {
    return readTime(text, "--since", timeZone).moment;
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid") throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** Time, kind, who, network, request, note, detail: with tabs between, and no control character that a terminal obeys. */
function toRow({ happenedAt, kind, doer, noteId, detail }: AuditEvent): string {
  const who = doer.name === "" ? doer.sort : `${doer.sort} ${doer.name}`;
  const cells = [
    happenedAt,
    kind,
    who,
    doer.network,
    doer.requestId,
    noteId === undefined ? "" : String(noteId),
    detail,
  ];
  return `${cells.map((cell) => cell.replace(/\p{Cc}/gu, " ")).join("\t")}\n`;
}
