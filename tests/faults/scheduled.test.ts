import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { Database } from "../../src/db/database.ts";
import { addSeconds, systemClock } from "../../src/lib/clock.ts";
import { MetricsBuffer } from "../../src/lib/metrics-buffer.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { createFolder, runProgram, startServing } from "../support/server-process.ts";
import { until } from "../support/until.ts";

// A real process on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** How long after the start a note may take to be out whose time passed while the server was off, in milliseconds. */
const SOON_MS = 5_000;

test("a note whose time passed while the server was off is out within five seconds of the start", async () => {
  const folder = createFolder();
  const setUp = ["setup", "--name", "Ada", "--password-stdin"];
  await runProgram({ words: setUp, env: { DATA_DIR: folder }, stdin: "a quiet walk at dusk\n" });
  await scheduleAnHourAgo(folder, { slug: "missed", secondsAgo: 600 });
  await scheduleAnHourAgo(folder, { slug: "to-come", secondsAgo: -3600 });

  const { url } = await startServing(folder);
  const startedAt = performance.now();
  await until(async () => expect((await fetch(`${url}/notes/missed`)).status).toBe(200));
  const tookMs = performance.now() - startedAt;
  const toCome = await fetch(`${url}/notes/to-come`);

  expect(tookMs).toBeLessThan(SOON_MS); // It takes 50 ms.
  expect(toCome.status).toBe(404);
});

/** Schedules a note as it was done an hour ago, when its time was still to come. */
async function scheduleAnHourAgo(folder: string, note: { slug: string; secondsAgo: number }): Promise<void> {
  const now = systemClock();
  const clock = () => addSeconds(now, -3600);
  const db = Database.open({ file: join(folder, "starpunk.db"), readers: 1 });
  try {
    const ctx = { db, clock, config: loadConfig({ DATA_DIR: folder }), metrics: new MetricsBuffer({ clock }) };
    const publishedAt = addSeconds(now, -note.secondsAgo);
    const made = await publishNote(ctx, { content: "Words", slug: note.slug, publishedAt }, { madeBy: "admin" });
    expect(made.status).toBe("scheduled");
  } finally {
    db.close();
  }
}
