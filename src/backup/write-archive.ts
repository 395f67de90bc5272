import { createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { PRIVATE_FILE_MODE } from "../db/create-file.ts";
import { toMilliseconds } from "../lib/clock.ts";
import type { Manifest } from "./manifest.ts";
import { DATABASE_NAME, MANIFEST_NAME } from "./manifest.ts";

/** How hard the database is compressed, 1 to 9: text shrinks to a third at 1, and hardly more for three times the work. */
export const COMPRESSION_LEVEL = 1;

/** What an archive is made of. */
export type ArchiveParts = {
  readonly manifest: Manifest;
  /** Where a file of the manifest is on the disk. */
  readonly pathOf: (name: string) => string;
  readonly onBytes?: (bytes: number) => void;
};

/**
 * Writes the zip archive into the new file `file` (0600), safe on the disk when this resolves: the manifest first, the
 * database deflated, media as they are, for they are compressed already. Reads in pieces, whatever the sizes. Rejects
 * with the system's error; the caller removes the file then.
 */
export async function writeArchive(file: string, { manifest, pathOf, onBytes }: ArchiveParts): Promise<void> {
  const zip = new ZipFile();
  const output = zip.outputStream as NodeJS.ReadableStream & { destroy(error: Error): void };
  zip.on("error", (error: Error) => output.destroy(error));
  const entry = { mtime: new Date(toMilliseconds(manifest.createdAt)), mode: 0o100600 };
  zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`), MANIFEST_NAME, entry);
  for (const { name } of manifest.files) {
    const compressionLevel = name === DATABASE_NAME ? COMPRESSION_LEVEL : 0;
    zip.addFile(pathOf(name), name, { ...entry, compressionLevel } as object);
  }
  zip.end();
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
  await pipeline(output, counted, createWriteStream(file, { flags: "wx", mode: PRIVATE_FILE_MODE, flush: true }));
}
