import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LOG_CHUNK_BYTES, MAX_LOG_BYTES, MAX_LOG_LINE_BYTES, readLogTail } from "../../src/monitoring/log-tail.ts";
import { testFolder } from "../support/context.ts";

/** A folder with these log files, the first one written longest ago. */
function folderWith(files: Record<string, string | Buffer>): string {
  const dir = testFolder();
  for (const [at, [name, text]] of Object.entries(files).entries()) {
    writeFileSync(join(dir, name), text);
    utimesSync(join(dir, name), 1_000 + at, 1_000 + at);
  }
  return dir;
}

async function linesOf(dir: string, max = Number.POSITIVE_INFINITY) {
  const lines: string[] = [];
  const tail = await readLogTail(dir, (line) => lines.push(line) < max);
  return { lines, tail };
}

test("lines come from the newest file first, and from its end", async () => {
  const dir = folderWith({
    "app.9.log": "one\ntwo\n",
    "notes.txt": "not ours\n",
    "app.1.log.gz": "not ours\n",
    "app.10.log": "three\nfour\nhalf",
  });

  const { lines, tail } = await linesOf(dir);

  expect(lines).toEqual(["half", "four", "three", "two", "one"]);
  expect(tail).toEqual({ files: 2, bytesRead: 23, isCut: false });
});

test("a line that lies across two reads is whole, in whatever script it is", async () => {
  const lines = Array.from({ length: 40 }, (_, at) => `${at} ${"é日".repeat(3_000)}`);
  const dir = folderWith({ "app.1.log": `${lines.join("\n")}\n` });

  const read = await linesOf(dir);

  expect(read.tail.bytesRead).toBeGreaterThan(2 * LOG_CHUNK_BYTES);
  expect(read.lines.toReversed()).toEqual(lines);
});

test("a line of the longest length is read, a longer one is passed over with what is around it unharmed", async () => {
  const longest = "x".repeat(MAX_LOG_LINE_BYTES);
  const endless = "y".repeat(3 * LOG_CHUNK_BYTES);
  const dir = folderWith({ "app.1.log": `first\n${longest}\n${longest}x\n${endless}\nlast\n` });

  const { lines } = await linesOf(dir);

  expect(lines.filter((line) => !line.startsWith("y"))).toEqual(["last", longest, "first"]);
});

test("whoever has enough stops, and is told that there is more", async () => {
  const dir = folderWith({ "app.1.log": "one\n", "app.2.log": "two\nthree\n" });

  expect(await linesOf(dir, 2)).toMatchObject({ lines: ["three", "two"], tail: { isCut: true } });
  expect(await linesOf(dir, 3)).toMatchObject({ lines: ["three", "two", "one"], tail: { isCut: false } });
});

test("no more is read than the limit, over all files", async () => {
  const line = `${"x".repeat(1_023)}\n`;
  const half = line.repeat(MAX_LOG_BYTES / 2 / line.length);
  const fitting = folderWith({ "app.1.log": half, "app.2.log": half });
  const more = folderWith({ "app.0.log": line, "app.1.log": half, "app.2.log": half });

  expect((await linesOf(fitting)).tail).toEqual({ files: 2, bytesRead: MAX_LOG_BYTES, isCut: false });
  expect((await linesOf(more)).tail).toEqual({ files: 3, bytesRead: MAX_LOG_BYTES, isCut: true });
});

test("a folder that is empty, or not there, has no lines", async () => {
  const none = { lines: [], tail: { files: 0, bytesRead: 0, isCut: false } };

  expect(await linesOf(testFolder())).toEqual(none);
  expect(await linesOf(join(testFolder(), "none"))).toEqual(none);
});
