import { readFileSync, statSync } from "node:fs";
import { get } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { fetchRaw } from "../support/raw-fetch.ts";
import { createFolder, startServing } from "../support/server-process.ts";
import { sendNote, setUpSite } from "../support/site-author.ts";
import { storeNotes } from "../support/stored-note.ts";

const NOTES = 2_500;
const FAST = 90;
const SLOW = 10;
const SLOW_BYTES_PER_SECOND = 10 * 1024;
const PUBLISHES = 30;
const PUBLISH_EVERY_MS = 100;

/** SQLite folds the log into the database from 4 MB on; a reader that pinned it would let it grow past that for ever. */
const MAX_WAL_BYTES = 24 * 1024 * 1024;
/** What the server may take more than at rest: a hundred answers on their way, and pages, log and jobs besides. */
const MAX_GROWTH_MIB = 128;

/** Fills the site of a folder with long notes, past the operations: many in a second. */
async function fill(dataDir: string): Promise<void> {
  const db = Database.open({ file: join(dataDir, "starpunk.db"), readers: 1 });
  const contentHtml = `<p>${"words of a note ".repeat(100)}</p>`;
  const notes = Array.from({ length: NOTES }, (_, index) => ({ slug: `stored-${index}`, contentHtml }));
  await storeNotes({ db, clock: systemClock }, notes);
  db.close();
}

/** Reads the feed once, and returns how many items it had. Rejects when it breaks off. */
async function readWhole(port: number): Promise<number> {
  const { status, body } = await fetchRaw(port, "/feed.xml");
  expect(status).toBe(200);
  expect(body.toString("latin1").endsWith("</rss>\n")).toBe(true);
  return body.toString("latin1").split("<item>").length - 1;
}

/** Reads a feed slowly until the test ends, and notes when it breaks off. */
function readSlowly(port: number, breaks: string[]): void {
  const sent = get({ port, host: "127.0.0.1", path: "/feed.xml", agent: false }, (answer) => {
    answer.on("data", (bytes: Buffer) => {
      answer.pause();
      timers.add(setTimeout(() => answer.resume(), (bytes.length / SLOW_BYTES_PER_SECOND) * 1000));
    });
    answer.on("error", (error) => breaks.push(error.message));
    answer.on("end", () => breaks.push("it ended, so it was not slow"));
  });
  const timers = new Set<NodeJS.Timeout>();
  onTestFinished(() => {
    sent.removeAllListeners("error").on("error", () => {});
    for (const timer of timers) clearTimeout(timer);
    breaks.length = 0;
    sent.destroy();
  });
}

/** Asks for the feed and never reads it. */
function neverRead(port: number): void {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {}).pause();
  socket.write("GET /feed.xml HTTP/1.1\r\nHost: blog.example\r\n\r\n");
}

/** Resident memory of a process in MiB; 0 where the system does not tell. */
function residentMib(pid: number | undefined, name: "VmRSS" | "VmHWM"): number {
  if (process.platform !== "linux") return 0;
  const [, kib = "0"] = new RegExp(`${name}:\\s+(\\d+)`, "u").exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}

test(`${FAST} readers of a feed of ${NOTES} notes and ${SLOW} slow ones disturb neither each other, nor pages, nor the author`, {
  timeout: 120_000,
}, async () => {
  const dataDir = createFolder();
  const site = await setUpSite(dataDir);
  await fill(dataDir);
  const { port, child, said } = await startServing(dataDir, { ...site.env, FEED_ITEMS: "all" });
  await readWhole(port);
  const before = residentMib(child.pid, "VmRSS");
  const breaks: string[] = [];
  for (let count = 0; count < SLOW; count += 1) readSlowly(port, breaks);
  neverRead(port);

  let isOver = false;
  const counts: number[] = [];
  const readers = Array.from({ length: FAST }, async () => {
    do counts.push(await readWhole(port));
    while (!isOver);
  });
  const walBytes: number[] = [];
  const statuses: number[] = [];
  for (let count = 0; count < PUBLISHES; count += 1) {
    const dueAt = performance.now() + PUBLISH_EVERY_MS;
    const note = { content: `Published ${count}`, tags: [], way: "form" as const, formKey: "" };
    const login = { cookie: "", csrfToken: "" };
    statuses.push((await sendNote({ port, site, login }, note)).status);
    statuses.push((await fetchRaw(port, `/notes/stored-${count}`)).status);
    walBytes.push(statSync(join(dataDir, "starpunk.db-wal")).size);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueAt - performance.now())));
  }
  isOver = true;
  await Promise.all(readers);

  expect(new Set(statuses)).toEqual(new Set([201, 200]));
  expect(breaks).toEqual([]);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(NOTES);
  expect(await readWhole(port)).toBe(NOTES + PUBLISHES);
  expect(Math.max(...walBytes)).toBeLessThan(MAX_WAL_BYTES);
  expect(residentMib(child.pid, "VmHWM") - before).toBeLessThan(MAX_GROWTH_MIB);
  expect(said.stdout).not.toContain("request.failed");
});
