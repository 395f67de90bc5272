import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBackup } from "../../src/backup/make-backup.ts";
import type { Manifest } from "../../src/backup/manifest.ts";
import { restoreBackup } from "../../src/backup/restore-backup.ts";
import { hashSecret } from "../../src/lib/secrets.ts";
import { saveImage } from "../../src/media/save-image.ts";
import { changeArchive, changeManifest, patchBytes, readFiles, restore, writeFiles } from "../support/archives.ts";
import type { TestContext } from "../support/context.ts";
import { NOW, openTestContext, testFolder } from "../support/context.ts";
import { tamper } from "../support/database-files.ts";
import { picture } from "../support/images.ts";

let site: TestContext;
let sound: string;
let media: string;

beforeAll(async () => {
  site = await openTestContext();
  media = `media/${(await saveImage(site.ctx, { bytes: await picture(20, 10).png().toBuffer() })).name}`;
  sound = join(site.dir, "sound.zip");
  await makeBackup({ dataDir: site.dir, file: sound, isForced: false, clock: () => NOW });
});

afterAll(() => site.close());

async function reasonOf(archive: string, limits = {}): Promise<string> {
  const dataDir = testFolder();
  const restored = restoreBackup({ file: archive, dataDir, isForced: false, clock: () => NOW, limits });
  const error = await restored.then(
    () => new Error("it was restored"),
    (error: Error) => error,
  );
  expect(readdirSync(dataDir)).toEqual(["starpunk.lock"]);
  return error.message;
}

/** The archive with another database, which its manifest knows. */
function withDatabase(change: (bytes: Buffer) => Buffer, manifestChange: object = {}): Promise<string> {
  return changeArchive(sound, (files) => {
    const bytes = change(files.get("starpunk.db") ?? Buffer.alloc(0));
    const manifest = JSON.parse(String(files.get("manifest.json"))) as Manifest;
    const described = { name: "starpunk.db", sizeBytes: bytes.length, sha256: hashSecret(bytes) };
    const others = manifest.files.filter(({ name }) => name !== "starpunk.db");
    files.set("starpunk.db", bytes);
    files.set(
      "manifest.json",
      Buffer.from(JSON.stringify({ ...manifest, ...manifestChange, files: [described, ...others] })),
    );
  });
}

function changedBySql(script: string): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const file = join(testFolder(), "x.db");
    writeFileSync(file, bytes);
    tamper(file, script);
    return readFileSync(file);
  };
}

const FLIPPED = (bytes: Buffer) => {
  const other = Buffer.from(bytes);
  other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
  return other;
};

const CASES: [what: string, make: () => Promise<string>, reason: RegExp][] = [
  ["a file that is no archive", async () => fileOf("hello"), /is no zip archive, or is cut short/],
  [
    "one that is cut short",
    async () => fileOf(readFileSync(sound).subarray(0, -200)),
    /no zip archive, or is cut short/,
  ],
  ["an archive of something else", () => writeFiles([["media/x.txt", Buffer.from("x")]]), /a file of a foreign name/],
  [
    "one without a manifest",
    () => changeArchive(sound, (files) => files.delete("manifest.json")),
    /has no manifest\.json/,
  ],
  [
    "a manifest that is no JSON",
    () => changeArchive(sound, (files) => files.set("manifest.json", Buffer.from("{"))),
    /its manifest\.json is damaged/,
  ],
  [
    "a manifest without its parts",
    () => changeManifest(sound, () => ({ files: undefined })),
    /is not one that StarPunk writes/,
  ],
  ["a later format", () => changeManifest(sound, () => ({ format: 3 })), /format 3.*install a newer StarPunk/],
  [
    "a manifest with a name outside",
    () => changeManifest(sound, ({ files }) => ({ files: [{ ...files[0], name: "media/../../x" }] })),
    /is not one that StarPunk writes/,
  ],
  ["a file less", () => changeArchive(sound, (files) => files.delete(media)), /media\/.* is missing in it/],
  [
    "a file more",
    () => changeArchive(sound, (files) => files.set("media/AAAAAAAAAAAAAAAAAAAAAA.png", Buffer.from("x"))),
    /its manifest does not know media\/AAAA/,
  ],
  [
    "a file twice in the manifest",
    () => changeManifest(sound, ({ files }) => ({ files: [...files, ...files] })),
    /names a file twice/,
  ],
  [
    "a media file of another length",
    () => changeArchive(sound, (files) => files.set(media, Buffer.from("x"))),
    /another size/,
  ],
  [
    "a media file with one bit changed",
    () => changeArchive(sound, (files) => files.set(media, FLIPPED(files.get(media) ?? Buffer.alloc(0)))),
    /is damaged: its checksum is wrong/,
  ],
  ["a database that is none", () => withDatabase(() => Buffer.alloc(5000, 1)), /its database is damaged/],
  [
    "a damaged page",
    () => withDatabase((bytes) => Buffer.from(bytes).fill(0xff, 4096 * 3, 4096 * 4)),
    /its database is damaged/,
  ],
  [
    "rows that point at nothing",
    () =>
      withDatabase(
        changedBySql(
          "PRAGMA foreign_keys = OFF; INSERT INTO note_aliases (path, note_id, created_at) VALUES ('/x', 99, '')",
        ),
      ),
    /database is damaged: row .* points at no row of notes/,
  ],
  [
    "another number of notes",
    () => changeManifest(sound, () => ({ notes: 7 })),
    /has 0 notes, and its manifest says 7/,
  ],
  [
    "another schema than it says",
    () => changeManifest(sound, () => ({ migrations: [] })),
    /another schema than its manifest/,
  ],
  ["a database that names more media", () => changeMissing(), /media\/.* which its database names, is missing/],
];

async function fileOf(bytes: string | Buffer): Promise<string> {
  const file = join(testFolder(), "x.zip");
  writeFileSync(file, bytes);
  return file;
}

async function changeMissing(): Promise<string> {
  const files = await readFiles(sound);
  const manifest = JSON.parse(String(files.get("manifest.json"))) as Manifest;
  files.delete(media);
  const left = { ...manifest, files: manifest.files.filter(({ name }) => name !== media) };
  return writeFiles(files.set("manifest.json", Buffer.from(JSON.stringify(left))));
}

test.each(CASES)("%s is refused with its reason, and nothing is left of it", async (_what, make, reason) => {
  const message = await reasonOf(await make());

  expect(message).toMatch(reason);
  expect(message).toMatch(/^The backup cannot be restored, because .*\. Nothing was changed\.$/);
});

test("the archive that those were made of is sound", async () => {
  await expect(restore(sound)).resolves.toMatchObject({ manifest: { notes: 0 } });
});

test("a database of a newer program is refused with the advice to install that", async () => {
  const row = { name: "999-later.sql", checksum: "x" };
  const later = withDatabase(
    changedBySql(`INSERT INTO schema_migrations SELECT 999, '999-later.sql', 'x', '${NOW}', 999`),
    { migrations: [...(await manifestOf(sound)).migrations, row] },
  );

  expect(await reasonOf(await later)).toContain("because a newer StarPunk made it: install that version");
});

async function manifestOf(archive: string): Promise<Manifest> {
  return JSON.parse(String((await readFiles(archive)).get("manifest.json"))) as Manifest;
}

test.each(["../../../evil.sh", "/tmp/zip/evil.sh", "media\\..\\evil.sh", "C:/windows/evil"])(
  "a name that leads outside, %s, is refused before anything is written",
  async (name) => {
    const plain = "x".repeat(name.length);
    const archive = await writeFiles([...(await readFiles(sound)), [plain, Buffer.from("x")]]);
    patchBytes(archive, plain, name);

    expect(await reasonOf(archive)).toMatch(/its list of files is damaged|a file of a foreign name/);
  },
);

test("a file that claims to be smaller than it is ends as soon as it is larger", async () => {
  const archive = await changeArchive(sound, (files) => files.set(media, Buffer.alloc(50_000)));
  const small = await changeManifest(archive, ({ files }) => ({
    files: files.map((file) => (file.name === media ? { ...file, sizeBytes: 10 } : file)),
  }));
  const size = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes.toString("latin1");
  };
  patchBytes(small, size(50_000), size(10));

  expect(await reasonOf(small)).toMatch(/media\/.* is damaged/);
});

test("limits on files, on the manifest and on all bytes hold at one past them, and not at them", async () => {
  const files = await readFiles(sound);
  const bytes = [...files.values()].reduce((sum, file) => sum + file.length, 0);
  const manifestBytes = files.get("manifest.json")?.length ?? 0;
  const at = { filesMax: files.size, unpackedBytesMax: bytes, manifestBytesMax: manifestBytes };

  const reasons = [
    await reasonOf(sound, { ...at, filesMax: files.size - 1 }),
    await reasonOf(sound, { ...at, unpackedBytesMax: bytes - 1 }),
    await reasonOf(sound, { ...at, manifestBytesMax: manifestBytes - 1 }),
  ];
  const restored = restoreBackup({ file: sound, dataDir: testFolder(), isForced: false, clock: () => NOW, limits: at });

  await expect(restored).resolves.toBeDefined();
  expect(reasons.map((reason) => /more than (\d+)|larger than (\d+)/.exec(reason)?.slice(1).join(""))).toEqual(
    [files.size - 1, bytes - 1, manifestBytes - 1].map(String),
  );
});
