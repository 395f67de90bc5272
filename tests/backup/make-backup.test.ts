import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BACKUP_LOCK, makeBackup } from "../../src/backup/make-backup.ts";
import { tryLock } from "../../src/db/folder-lock.ts";
import { MIGRATIONS_FOLDER, readMigrations } from "../../src/db/migration-files.ts";
import { hashSecret } from "../../src/lib/secrets.ts";
import { VERSION } from "../../src/lib/version.ts";
import { saveImage } from "../../src/media/save-image.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { backUp, readFiles, readManifest } from "../support/archives.ts";
import { NOW, testContext, testFolder } from "../support/context.ts";
import { picture } from "../support/images.ts";

async function siteWithImage() {
  const site = await testContext();
  const image = await saveImage(site.ctx, { bytes: await picture(20, 10).png().toBuffer() });
  await publishNote(site.ctx, { content: "hello" }, { madeBy: "admin" });
  return { ...site, image: image.name };
}

test("an archive holds the database, the media files, and a manifest that says what they are", async () => {
  const { dir, image } = await siteWithImage();

  const { file, sizeBytes } = await backUp(dir);

  const files = await readFiles(file);
  const manifest = await readManifest(file);
  expect([...files.keys()]).toEqual(["manifest.json", "starpunk.db", `media/${image}`]);
  expect(files.get(`media/${image}`)).toEqual(readFileSync(join(dir, "media", image)));
  expect(manifest).toMatchObject({
    format: 2,
    starpunk: VERSION,
    node: process.version,
    sqlite: expect.stringMatching(/^3\.\d+\.\d+$/),
    createdAt: NOW,
    notes: 1,
    migrations: readMigrations(MIGRATIONS_FOLDER).map(({ name, checksum }) => ({ name, checksum })),
    missing: [],
    damaged: [],
  });
  expect(manifest.files).toEqual(
    ["starpunk.db", `media/${image}`].map((name) => {
      const bytes = files.get(name) ?? Buffer.alloc(0);
      return { name, sizeBytes: bytes.length, sha256: hashSecret(bytes) };
    }),
  );
  expect(sizeBytes).toBe(statSync(file).size);
});

test("only its owner reads an archive, and nothing else is left beside it", async () => {
  const { dir } = await siteWithImage();
  const folder = testFolder();

  await backUp(dir, join(folder, "a.zip"));

  expect(readdirSync(folder)).toEqual(["a.zip"]);
  expect(statSync(join(folder, "a.zip")).mode & 0o777).toBe(0o600);
});

test("a media file that is missing, a link, or not what its name says is told by its name, and the rest is backed up", async () => {
  const { ctx, dir, image } = await siteWithImage();
  const more = await Promise.all(
    [30, 40].map(async (width) => saveImage(ctx, { bytes: await picture(width, 10).png().toBuffer() })),
  );
  const [gone = "", linked = ""] = more.map(({ name }) => name);
  rmSync(join(dir, "media", gone));
  rmSync(join(dir, "media", linked));
  symlinkSync("/etc/hostname", join(dir, "media", linked));
  writeFileSync(join(dir, "media", image), "not a picture any more");

  const { manifest } = await backUp(dir);

  expect(manifest.missing.toSorted()).toEqual([`media/${gone}`, `media/${linked}`].sort());
  expect(manifest.damaged).toEqual([`media/${image}`]);
  expect(manifest.files.map(({ name }) => name)).toEqual(["starpunk.db", `media/${image}`]);
});

test("a file that is there is replaced only when forced, and then whole", async () => {
  const { dir } = await siteWithImage();
  const file = join(testFolder(), "a.zip");
  writeFileSync(file, "older");

  await expect(backUp(dir, file)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("--force"),
  });
  const kept = readFileSync(file, "utf8");
  await makeBackup({ dataDir: dir, file, isForced: true, clock: () => NOW });

  expect(kept).toBe("older");
  expect((await readManifest(file)).notes).toBe(1);
});

test("no backup goes among the media files, over a folder, into a folder that is not there, or of no site", async () => {
  const { dir } = await siteWithImage();
  const folder = testFolder();
  mkdirSync(join(folder, "a.zip"));

  await expect(backUp(dir, join(dir, "media", "a.zip"))).rejects.toThrow(/is for media files only/);
  await expect(backUp(dir, join(folder, "a.zip"))).rejects.toThrow(/is a folder: name the file/);
  await expect(backUp(dir, join(folder, "none", "a.zip"))).rejects.toThrow(/cannot be written \(ENOENT\)/);
  await expect(backUp(folder, join(folder, "b.zip"))).rejects.toThrow(/There is no database at/);
  expect(readdirSync(join(dir, "media"))).toHaveLength(1);
});

test("one backup of a folder is made at a time, and what a killed one left goes with the next", async () => {
  const { dir } = await siteWithImage();
  const file = join(testFolder(), "a.zip");
  writeFileSync(`${file}.new`, "half");
  writeFileSync(`${file}.new.db`, "half");
  const other = tryLock(join(dir, BACKUP_LOCK), { isAlone: true, waitMs: 0 });

  await expect(backUp(dir, file)).rejects.toThrow("Another backup of this folder is being made: wait for its end.");
  other?.release();
  await backUp(dir, file);

  expect(readdirSync(join(file, ".."))).toEqual(["a.zip"]);
});

test("progress ends at all of it, and never goes back", async () => {
  const { dir } = await siteWithImage();
  const seen: number[] = [];

  const onProgress = (done: number, total: number) => seen.push(done / total);
  await makeBackup({ dataDir: dir, file: join(testFolder(), "a.zip"), isForced: false, clock: () => NOW, onProgress });

  expect(seen.length).toBeGreaterThan(2);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBeLessThanOrEqual(1);
});
