import { closeSync, openSync, readSync, statSync } from "node:fs";

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;

/** What the committed part of a write-ahead log holds. */
export type WalContent = {
  /** Pages that the database has after the last commit. */
  readonly pageCount: number;
  /** The numbers of the pages that stand in the log. */
  readonly pages: ReadonlySet<number>;
};

/**
 * Reads which pages a write-ahead log holds, without SQLite, so without touching a file. Undefined when there is no
 * log, or nothing committed in it.
 * @see https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
export function readWal(databaseFile: string): WalContent | undefined {
  const file = `${databaseFile}-wal`;
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= HEADER_BYTES) return undefined;
  const descriptor = openSync(file, "r");
  try {
    return committedPages((bytes, offset) => readAt(descriptor, bytes, offset));
  } finally {
    closeSync(descriptor);
  }
}

type ReadAt = (bytes: number, offset: number) => Buffer | undefined;

function committedPages(read: ReadAt): WalContent | undefined {
  const header = read(HEADER_BYTES, 0);
  // The lowest bit says in which byte order the checksums are.
  if (header === undefined || (header.readUInt32BE(0) & ~1) >>> 0 !== MAGIC) return undefined;
  const frameBytes = FRAME_HEADER_BYTES + header.readUInt32BE(8);
  const salt = header.subarray(16, 24);

  let committed: WalContent | undefined;
  const pages = new Set<number>();
  for (let offset = HEADER_BYTES; ; offset += frameBytes) {
    const frame = read(FRAME_HEADER_BYTES, offset);
    // Another salt: what an older round of the log has left behind.
    if (frame === undefined || !frame.subarray(8, 16).equals(salt)) return committed;
    pages.add(frame.readUInt32BE(0));
    const pageCount = frame.readUInt32BE(4);
    if (pageCount > 0) committed = { pageCount, pages: new Set(pages) };
  }
}

function readAt(descriptor: number, bytes: number, offset: number): Buffer | undefined {
  const buffer = Buffer.alloc(bytes);
  return readSync(descriptor, buffer, 0, bytes, offset) === bytes ? buffer : undefined;
}
