// A process that runs jobs until it is killed: node --import tsx run-jobs.ts DATA_DIR JOURNAL.
// Writes the note id of each job to JOURNAL as it begins; the job with note id 0 never ends.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Database } from "../../src/db/database.ts";
import { startRunner } from "../../src/jobs/runner.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { MetricsBuffer } from "../../src/lib/metrics-buffer.ts";
import { DONE } from "../../src/lib/outcome.ts";
import { testHandlers } from "../support/jobs.ts";

const [dir = "", journal = ""] = process.argv.slice(2);
const handlers = testHandlers({
  "notes.render": async ({ noteId }) => {
    appendFileSync(journal, `${noteId}\n`);
    await (noteId === 0 ? new Promise(() => {}) : sleep(5));
    return DONE;
  },
});
const db = Database.open({ file: join(dir, "starpunk.db"), readers: 1 });
const metrics = new MetricsBuffer({ clock: systemClock });
const world = { db, clock: systemClock, log: silentLogger(), metrics };
startRunner({ ...world, handlers, leaseSeconds: 1, recoveryMs: 200, pollMs: 50 });
