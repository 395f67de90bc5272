import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { enterFolder } from "../../src/backup/enter-folder.ts";
import { decideRestore, UNPACKED } from "../../src/backup/finish-restore.ts";
import { claimFolder, holdFolder } from "../../src/db/folder-lock.ts";
import { saveImage } from "../../src/media/save-image.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { backUp, restore } from "../support/archives.ts";
import { testContext, testFolder } from "../support/context.ts";
import { fingerprint, query } from "../support/database-files.ts";
import { picture } from "../support/images.ts";

async function backedUpSite(content = "hello") {
  const site = await testContext();
  const image = await saveImage(site.ctx, { bytes: await picture(20, 10).png().toBuffer() });
  await publishNote(site.ctx, { content }, { madeBy: "admin" });
  return { ...site, image: image.name, backup: await backUp(site.dir) };
}

function notesIn(dataDir: string): unknown {
  return query(join(dataDir, "starpunk.db"), "SELECT content FROM notes").map(
    (row) => (row as { content: string }).content,
  );
}

/** A folder with another site in it, whose processes have all ended. */
function folderWithSite(): string {
  const folder = testFolder();
  mkdirSync(join(folder, "media"));
  mkdirSync(join(folder, "logs"));
  const old = {
    "starpunk.db": "old db",
    "starpunk.db-wal": "old log",
    "starpunk-before-007.db": "old copy",
    "notes.txt": "mine",
  };
  for (const [name, text] of Object.entries(old)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "media", "old.png"), "old");
  return folder;
}

test("an empty folder becomes the site that was backed up: notes and media, readable by their owner only", async () => {
  const { dir, image, backup } = await backedUpSite();
  const target = join(testFolder(), "new");

  const restored = await restore(backup.file, { dataDir: target });

  expect(restored).toMatchObject({ manifest: backup.manifest, applied: [], keptAside: undefined });
  expect(notesIn(target)).toEqual(["hello"]);
  expect(fingerprint(join(target, "media"))).toEqual(fingerprint(join(dir, "media")));
  expect(Object.keys(fingerprint(join(target, "media")))).toEqual([image]);
  expect(readdirSync(target).sort()).toEqual(["media", "starpunk.db", "starpunk.lock"]);
});

test("a folder with a site is refused by name and stays as it is, unless forced: then its files are kept aside", async () => {
  const { backup } = await backedUpSite();
  const target = folderWithSite();
  const before = fingerprint(join(target, "media"));

  const refused = restore(backup.file, { dataDir: target });
  await expect(refused).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/starpunk\.db.*--force/),
  });
  const untouched = [readFileSync(join(target, "starpunk.db"), "utf8"), fingerprint(join(target, "media"))];
  const { keptAside = "" } = await restore(backup.file, { dataDir: target, isForced: true });

  expect(untouched).toEqual(["old db", before]);
  expect(notesIn(target)).toEqual(["hello"]);
  expect(keptAside).toBe(join(target, "replaced-2026-03-01T093000Z"));
  expect(readdirSync(keptAside).sort()).toEqual(["media", "starpunk-before-007.db", "starpunk.db", "starpunk.db-wal"]);
  expect(fingerprint(join(keptAside, "media"))).toEqual(before);
  expect(readFileSync(join(target, "notes.txt"), "utf8")).toBe("mine");
});

test("what is kept aside is never replaced, also by a restore in the same second", async () => {
  const { backup } = await backedUpSite();
  const target = folderWithSite();

  const first = await restore(backup.file, { dataDir: target, isForced: true });
  const second = await restore(backup.file, { dataDir: target, isForced: true });

  expect([first.keptAside, second.keptAside]).toEqual(
    ["replaced-2026-03-01T093000Z", "replaced-2026-03-01T093001Z"].map((name) => join(target, name)),
  );
});

test("nothing is restored while anyone works with the folder", async () => {
  const { backup } = await backedUpSite();
  const target = testFolder();
  const hold = holdFolder(target);

  await expect(restore(backup.file, { dataDir: target })).rejects.toThrow(
    /A StarPunk works with the folder .*: stop the server/,
  );
  hold.release();

  await expect(restore(backup.file, { dataDir: target })).resolves.toBeDefined();
});

test("a restore that was killed before it was decided leaves the old site; what it unpacked goes with the next", async () => {
  const { backup } = await backedUpSite();
  const target = testFolder();
  mkdirSync(join(target, UNPACKED, "media"), { recursive: true });
  writeFileSync(join(target, UNPACKED, "starpunk.db"), "half");

  enterFolder(target).release();
  const afterStart = readdirSync(target);
  await restore(backup.file, { dataDir: target });

  expect(afterStart).not.toContain("starpunk.db");
  expect(existsSync(join(target, UNPACKED))).toBe(false);
  expect(notesIn(target)).toEqual(["hello"]);
});

/** A folder as a restore leaves it that is killed after `moved` of its renamings. */
function killedAfter(moved: number): string {
  const target = folderWithSite();
  mkdirSync(join(target, UNPACKED, "media"), { recursive: true });
  writeFileSync(join(target, UNPACKED, "starpunk.db"), "new db");
  writeFileSync(join(target, UNPACKED, "media", "new.png"), "new");
  decideRestore(target, "2026-03-01T093000Z");
  const old = ["starpunk.db-wal", "media", "starpunk.db", "starpunk-before-007.db"].slice(0, moved);
  const aside = join(target, "replaced-2026-03-01T093000Z");
  if (old.length > 0) mkdirSync(aside);
  for (const name of old) renameInto(target, aside, name);
  if (moved < 5) return target;
  renameInto(target, target, "restored-2026-03-01T093000Z", "placing-2026-03-01T093000Z");
  if (moved > 5) renameInto(join(target, "placing-2026-03-01T093000Z"), target, "media");
  if (moved > 6) renameInto(join(target, "placing-2026-03-01T093000Z"), target, "starpunk.db");
  return target;
}

function renameInto(from: string, to: string, name: string, newName = name): void {
  renameSync(join(from, name), join(to, newName));
}

test.each([0, 1, 2, 3, 4, 5, 6, 7])(
  "one that was killed after %i of its renamings is finished by whoever opens the folder next",
  (moved) => {
    const target = killedAfter(moved);

    enterFolder(target).release();

    const aside = join(target, "replaced-2026-03-01T093000Z");
    expect(readdirSync(target).sort()).toEqual(
      ["logs", "media", "notes.txt", "replaced-2026-03-01T093000Z", "starpunk.db", "starpunk.lock"].sort(),
    );
    expect(readFileSync(join(target, "starpunk.db"), "utf8")).toBe("new db");
    expect(readdirSync(join(target, "media"))).toEqual(["new.png"]);
    expect(readFileSync(join(aside, "starpunk.db-wal"), "utf8")).toBe("old log");
    expect(readdirSync(join(aside, "media"))).toEqual(["old.png"]);
  },
);

test("a folder whose restore another process is finishing is not entered meanwhile", () => {
  const target = killedAfter(2);
  const other = claimFolder(target);

  expect(() => enterFolder(target)).toThrow(/A restore into the folder .* is under way/);
  other?.release();
});
