import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { migrate } from "../../src/db/migrate.ts";
import { MIGRATIONS_FOLDER, readMigrations } from "../../src/db/migration-files.ts";
import { hashSecret } from "../../src/lib/secrets.ts";
import { saveImage } from "../../src/media/save-image.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { readManifest } from "../support/archives.ts";
import { expectSingleMoments } from "../support/backup-under-writes.ts";
import { NOW, testContext } from "../support/context.ts";
import { fillDatabase } from "../support/counted-writes.ts";
import { copyMigrations, fingerprint, query } from "../support/database-files.ts";
import type { StarPunk } from "../support/server-process.ts";
import { createFolder, runProgram, startProgram, startServing } from "../support/server-process.ts";

const FIXTURE = join(import.meta.dirname, "../fixtures/data-0.1.0.tar.gz");

/** Lets no file grow past about 1 MiB: a write beyond fails as it does on a full disk. */
const SMALL_DISK = ["/bin/sh", "-c", 'ulimit -S -f 2048; exec "$@"', "sh"];

async function siteOf(megabytes: number) {
  const site = await testContext();
  await publishNote(site.ctx, { content: "hello" }, { madeBy: "admin" });
  await fillDatabase(site.ctx, megabytes);
  return site;
}

function notesIn(dataDir: string): unknown[] {
  return query(join(dataDir, "starpunk.db"), "SELECT content FROM notes");
}

/** Waits until a file is there, or the process has ended. */
async function untilThere(file: string, { exited }: StarPunk): Promise<void> {
  const ended = { is: false };
  void exited.then(() => {
    ended.is = true;
  });
  while (!existsSync(file) && !ended.is) await sleep(1);
}

test("a backup taken while 50 writes a second go on is the site at a single moment, three times of three", async () => {
  await expectSingleMoments(3, 8);
});

test.each([".new.db", ".new"])(
  "a backup that is killed as it writes FILE%s leaves no backup or a whole one, and the next goes well",
  async (ending) => {
    const { dir } = await siteOf(10);
    const file = join(createFolder(), "a.zip");
    const killed = startProgram({ words: ["backup", file], env: { DATA_DIR: dir } });

    await untilThere(file + ending, killed);
    killed.child.kill("SIGKILL");
    await killed.exited;
    const isThere = existsSync(file);
    const next = await runProgram({ words: ["backup", file, "--force"], env: { DATA_DIR: dir } });
    const restored = await runProgram({ words: ["restore", file], env: { DATA_DIR: join(file, "..", "new") } });

    if (isThere) expect((await readManifest(file)).notes).toBe(1);
    expect([next, restored]).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(readdirSync(join(file, "..")).sort()).toEqual(["a.zip", "new"]);
  },
);

test.each(["restoring", "restoring/starpunk.db", "restoring/starpunk.db-wal", "replaced"])(
  "a restore that is killed as %s appears leaves the old site or the new one, and the next goes well",
  async (name) => {
    const { dir } = await siteOf(10);
    const folder = createFolder();
    const [file, target] = [join(folder, "a.zip"), join(folder, "site")];
    await runProgram({ words: ["backup", file], env: { DATA_DIR: dir } });
    await runProgram({ words: ["migrate"], env: { DATA_DIR: target } });
    const killed = startProgram({ words: ["restore", file, "--force"], env: { DATA_DIR: target } });

    await untilThere(join(target, name), killed);
    killed.child.kill("SIGKILL");
    await killed.exited;
    const opened = await runProgram({ words: ["migrate"], env: { DATA_DIR: target } });
    const notes = notesIn(target);
    const next = await runProgram({ words: ["restore", file, "--force"], env: { DATA_DIR: target } });

    expect([opened, next]).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect([[], [{ content: "hello" }]]).toContainEqual(notes);
    expect(notesIn(target)).toEqual([{ content: "hello" }]);
    expect(readdirSync(target).filter((entry) => /^(?:restoring|restored|placing)/.test(entry))).toEqual([]);
  },
);

test("nothing is restored under a server; once that is killed, it is, without cleaning up by hand", async () => {
  const { dir } = await siteOf(1);
  const folder = createFolder();
  const [file, target] = [join(folder, "a.zip"), join(folder, "site")];
  await runProgram({ words: ["backup", file], env: { DATA_DIR: dir } });
  const server = await startServing(target);

  const refused = await runProgram({ words: ["restore", file, "--force"], env: { DATA_DIR: target } });
  server.child.kill("SIGKILL");
  await server.exited;
  const restored = await runProgram({ words: ["restore", file, "--force"], env: { DATA_DIR: target } });
  const again = await startServing(target);

  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("stop the server and every other command on it"),
  });
  expect(restored).toMatchObject({ code: 0, stderr: expect.stringContaining("replaced-") });
  expect(await (await fetch(again.url)).text()).toContain("hello");
});

test("a disk that is full as the database is copied, or as the archive is written, is told, and nothing is left", async () => {
  const large = await siteOf(4);
  const many = await testContext();
  for (let seed = 0; seed < 4; seed += 1) {
    const pixels = Buffer.from(
      Array.from({ length: 400 * 300 * 3 }, (_, at) => (at * at * (seed + 3) * 2_654_435_761) >>> 13),
    );
    const image = (await import("sharp")).default(pixels, { raw: { width: 400, height: 300, channels: 3 } });
    await saveImage(many.ctx, { bytes: await image.png({ compressionLevel: 0 }).toBuffer() });
  }
  const folder = createFolder();

  const answers = [];
  for (const { dir } of [large, many]) {
    const env = { DATA_DIR: dir };
    answers.push(await runProgram({ words: ["backup", join(folder, "a.zip")], env, through: SMALL_DISK }));
  }

  for (const answer of answers) {
    expect(answer).toMatchObject({
      code: 1,
      stderr: `The disk of ${folder} is full, so there is no new backup: make room, then try again.\n`,
    });
  }
  expect(readdirSync(folder)).toEqual([]);
});

test("a restore onto a disk that is too full leaves the old site as it was", async () => {
  const { dir } = await siteOf(4);
  const folder = createFolder();
  const [file, target] = [join(folder, "a.zip"), join(folder, "site")];
  await runProgram({ words: ["backup", file], env: { DATA_DIR: dir } });
  await runProgram({ words: ["migrate"], env: { DATA_DIR: target } });
  const seen = () => [readdirSync(target), hashSecret(readFileSync(join(target, "starpunk.db")))];
  const before = seen();

  const refused = await runProgram({
    words: ["restore", file, "--force"],
    env: { DATA_DIR: target },
    through: SMALL_DISK,
  });

  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(`The disk of ${target} is full`) });
  expect(seen()).toEqual(before);
});

test("a backup of the first release is restored, and brought up to date", async () => {
  const folder = createFolder();
  execFileSync("tar", ["-xzf", FIXTURE, "-C", folder]);
  const [file, target] = [join(folder, "a.zip"), join(folder, "site")];

  const made = await runProgram({ words: ["backup", file], env: { DATA_DIR: join(folder, "data") } });
  const { migrations, notes } = await readManifest(file);
  const restored = await runProgram({ words: ["restore", file], env: { DATA_DIR: target } });

  expect([made, restored]).toMatchObject([{ code: 0 }, { code: 0 }]);
  expect(migrations).toHaveLength(6);
  expect(query(join(target, "starpunk.db"), "SELECT count(*) AS notes FROM notes")).toEqual([{ notes }]);
  expect(query(join(target, "starpunk.db"), "SELECT name FROM schema_migrations ORDER BY number")).toEqual(
    readMigrations(MIGRATIONS_FOLDER).map(({ name }) => ({ name })),
  );
  expect(readdirSync(join(target, "media")).sort()).toEqual(readdirSync(join(folder, "data", "media")).sort());
});

test("a backup of an older schema is made without touching the site, and brought up to date when it is restored", async () => {
  const folder = createFolder();
  const [data, file, target] = [join(folder, "data"), join(folder, "a.zip"), join(folder, "site")];
  await migrate({ file: join(data, "starpunk.db"), folder: copyMigrations(join(folder, "old"), 5), clock: () => NOW });
  const before = fingerprint(data);

  await runProgram({ words: ["backup", file], env: { DATA_DIR: data } });
  const after = fingerprint(data);
  const { stderr } = await runProgram({ words: ["restore", file], env: { DATA_DIR: target } });

  expect(after["starpunk.db"]).toBe(before["starpunk.db"]);
  expect(stderr).toContain("The backup was older, and was brought up to date: 006-search.sql");
  expect(readdirSync(target).sort()).toEqual(["media", "starpunk.db", "starpunk.lock"]);
});

test("words that are wrong are told as such", async () => {
  const folder = createFolder();
  writeFileSync(join(folder, "x.zip"), "x");

  const answers = [
    await runProgram({ words: ["backup"], env: { DATA_DIR: folder } }),
    await runProgram({ words: ["restore", join(folder, "x.zip")], env: { DATA_DIR: join(folder, "new") } }),
    await runProgram({ words: ["backup", join(folder, "y.zip")], env: { DATA_DIR: join(folder, "none") } }),
  ];

  expect(answers.map(({ code }) => code)).toEqual([2, 1, 1]);
  expect(answers.map(({ stderr }) => stderr.split("\n")[0])).toEqual([
    "FILE is missing.",
    expect.stringContaining("is no zip archive"),
    expect.stringContaining("There is no database at"),
  ]);
});
