import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Entry, ZipFile } from "yauzl";
import { openPromise } from "yauzl";
import { PRIVATE_FILE_MODE } from "../db/create-file.ts";
import type { ArchivedFile, Manifest } from "./manifest.ts";
import {
  badArchive,
  isArchiveName,
  MANIFEST_NAME,
  MAX_ARCHIVE_FILES,
  MAX_MANIFEST_BYTES,
  MAX_UNPACKED_BYTES,
  parseManifest,
} from "./manifest.ts";

/** Limits that a test makes smaller. */
export type ArchiveLimits = {
  readonly filesMax: number;
  readonly manifestBytesMax: number;
  readonly unpackedBytesMax: number;
};

/** An archive whose list of files is sound: nothing foreign, nothing twice, nothing that the manifest does not name. */
export type OpenArchive = {
  readonly manifest: Manifest;
  /**
   * Writes a file of the manifest to the new file `path` (0600). Throws AppError `invalid` when its size or checksum is
   * another than the manifest says.
   */
  readonly extract: (file: ArchivedFile, path: string) => Promise<void>;
};

const DEFAULT_LIMITS: ArchiveLimits = {
  filesMax: MAX_ARCHIVE_FILES,
  manifestBytesMax: MAX_MANIFEST_BYTES,
  unpackedBytesMax: MAX_UNPACKED_BYTES,
};

/** Lets `use` read an archive. Throws AppError `invalid` when it is none, or breaks a rule; before anything is unpacked. */
export async function withArchive<T>(
  file: string,
  use: (archive: OpenArchive) => Promise<T>,
  limits: Partial<ArchiveLimits> = {},
): Promise<T> {
  const zip = await openZip(file);
  try {
    const all = { ...DEFAULT_LIMITS, ...limits };
    const entries = await listEntries(zip, all);
    const manifest = await readManifest(zip, entries, all);
    requireSame(entries, manifest);
    return await use({ manifest, extract: (wanted, path) => extract(zip, entries.get(wanted.name), { wanted, path }) });
  } finally {
    zip.close();
  }
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, {
      lazyEntries: true,
      decodeStrings: true,
      validateEntrySizes: true,
      autoClose: false,
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined) throw badArchive(`the file ${file} cannot be read (${code})`, error);
    throw badArchive(`${file} is no zip archive, or is cut short`, error);
  }
}

async function listEntries(zip: ZipFile, limits: ArchiveLimits): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName } = entry;
      if (entries.size >= limits.filesMax) throw badArchive(`it has more than ${limits.filesMax} files`);
      if (!isArchiveName(fileName)) throw badArchive(`it has a file of a foreign name: ${shown(fileName)}`);
      if (entries.has(fileName)) throw badArchive(`it has ${fileName} twice`);
      bytes += entry.uncompressedSize;
      if (bytes > limits.unpackedBytesMax)
        throw badArchive(`it would unpack to more than ${limits.unpackedBytesMax} bytes`);
      entries.set(fileName, entry);
    }
  } catch (error) {
    throw toArchiveError(error, "its list of files is damaged");
  }
  return entries;
}

async function readManifest(zip: ZipFile, entries: Map<string, Entry>, limits: ArchiveLimits): Promise<Manifest> {
  const entry = entries.get(MANIFEST_NAME);
  if (entry === undefined) throw badArchive(`it has no ${MANIFEST_NAME}: StarPunk did not make it`);
  if (entry.uncompressedSize > limits.manifestBytesMax) {
    throw badArchive(`its ${MANIFEST_NAME} is larger than ${limits.manifestBytesMax} bytes`);
  }
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of await openEntry(zip, entry)) chunks.push(chunk as Buffer);
  } catch (error) {
    throw toArchiveError(error, `its ${MANIFEST_NAME} is damaged`);
  }
  return parseManifest(Buffer.concat(chunks).toString());
}

/** The list of the archive and that of the manifest must be the same, and their sizes. */
function requireSame(entries: ReadonlyMap<string, Entry>, { files }: Manifest): void {
  for (const { name, sizeBytes } of files) {
    const entry = entries.get(name);
    if (entry === undefined) throw badArchive(`${name} is missing in it`);
    if (entry.uncompressedSize !== sizeBytes) throw badArchive(`${name} has another size than its manifest says`);
  }
  const known = new Set(files.map(({ name }) => name));
  if (known.size !== files.length) throw badArchive("its manifest names a file twice");
  const foreign = [...entries.keys()].find((name) => name !== MANIFEST_NAME && !known.has(name));
  if (foreign !== undefined) throw badArchive(`its manifest does not know ${foreign}`);
}

async function extract(
  zip: ZipFile,
  entry: Entry | undefined,
  { wanted, path }: { wanted: ArchivedFile; path: string },
): Promise<void> {
  if (entry === undefined) throw badArchive(`${wanted.name} is missing in it`);
  const hash = createHash("sha256");
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const output = createWriteStream(path, { flags: "wx", mode: PRIVATE_FILE_MODE, flush: true });
  try {
    await pipeline(await openEntry(zip, entry), hashed, output);
  } catch (error) {
    throw toArchiveError(error, `${wanted.name} is damaged`);
  }
  if (hash.digest("hex") !== wanted.sha256) throw badArchive(`${wanted.name} is damaged: its checksum is wrong`);
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  if (entry.isEncrypted()) throw badArchive(`${entry.fileName} is encrypted`);
  return zip.openReadStreamPromise(entry);
}

/** What the system says (a full disk) stays; what the reader of zip files says, which has no code, means damage. */
function toArchiveError(error: unknown, reason: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const isSystem = error instanceof Error && "syscall" in error;
  if (isSystem || (code !== "" && !code.startsWith("Z_"))) return error;
  return badArchive(reason, error);
}

/** A name as one line that no terminal takes for more than text. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 200)).replace(/[\p{Cc}\p{Cf}]/gu, "\u{fffd}");
}
