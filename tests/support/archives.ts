import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { openPromise } from "yauzl";
import { ZipFile } from "yazl";
import type { MadeBackup } from "../../src/backup/make-backup.ts";
import { makeBackup } from "../../src/backup/make-backup.ts";
import type { Manifest } from "../../src/backup/manifest.ts";
import { MANIFEST_NAME } from "../../src/backup/manifest.ts";
import type { RestoredFolder } from "../../src/backup/restore-backup.ts";
import { restoreBackup } from "../../src/backup/restore-backup.ts";
import { NOW, testFolder } from "./context.ts";

/** Files of an archive, by their names. */
export type Files = Map<string, Buffer>;

/** Backs a data folder up into a folder that goes away with the running test. */
export function backUp(dataDir: string, file = join(testFolder(), "backup.zip")): Promise<MadeBackup> {
  return makeBackup({ dataDir, file, isForced: false, clock: () => NOW });
}

/** Restores an archive into a folder, a new one unless it is given. */
export function restore(file: string, options: { dataDir?: string; isForced?: boolean } = {}): Promise<RestoredFolder> {
  return restoreBackup({ file, dataDir: testFolder(), isForced: false, clock: () => NOW, ...options });
}

/** Everything that an archive holds, whether or not it is sound. */
export async function readFiles(archive: string): Promise<Files> {
  const zip = await openPromise(archive, { lazyEntries: true });
  const files: Files = new Map();
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    files.set(entry.fileName, Buffer.concat(chunks));
  }
  return files;
}

/** The manifest of an archive. */
export async function readManifest(archive: string): Promise<Manifest> {
  return JSON.parse(String((await readFiles(archive)).get(MANIFEST_NAME))) as Manifest;
}

/** Writes an archive of whatever files, and returns where it is. */
export async function writeFiles(files: Iterable<readonly [string, Buffer]>): Promise<string> {
  const archive = join(testFolder(), "made-up.zip");
  const zip = new ZipFile();
  for (const [name, bytes] of files) zip.addBuffer(bytes, name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(archive));
  return archive;
}

/** The archive with some of its files changed: another manifest, bytes, files more or less. */
export async function changeArchive(archive: string, change: (files: Files) => void): Promise<string> {
  const files = await readFiles(archive);
  change(files);
  return writeFiles(files);
}

/** The archive with its manifest changed. */
export function changeManifest(archive: string, change: (manifest: Manifest) => object): Promise<string> {
  return changeArchive(archive, (files) => {
    const manifest = JSON.parse(String(files.get(MANIFEST_NAME))) as Manifest;
    files.set(MANIFEST_NAME, Buffer.from(JSON.stringify({ ...manifest, ...change(manifest) })));
  });
}

/** Replaces bytes of a file by as many others, wherever they stand: what no library for zip files would write. */
export function patchBytes(file: string, from: string, to: string): void {
  const bytes = readFileSync(file).toString("latin1");
  writeFileSync(file, Buffer.from(bytes.replaceAll(from, to), "latin1"));
}
