import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "./connection.ts";
import { damaged } from "./start-error.ts";
import { readWal } from "./wal-file.ts";

const HEADER_BYTES = 100;
const MAGIC = Buffer.from("SQLite format 3\0", "latin1");

// Another process may be writing between our looks at header, size and log; damage stays.
const LOOKS = 5;
const LOOK_AGAIN_MS = 100;

/**
 * Checks header and length of a database, in a time that does not grow with it, and leaves every byte as it is.
 * Throws DatabaseError `damaged`.
 * @see https://www.sqlite.org/fileformat2.html#the_database_header
 */
export async function requireWhole(file: string): Promise<void> {
  let reason = findDamage(file);
  for (let look = 1; reason !== undefined && look < LOOKS; look += 1) {
    await sleep(LOOK_AGAIN_MS);
    reason = findDamage(file);
  }
  if (reason !== undefined) throw damaged(file, reason);
}

/**
 * Runs `look` on a connection that leaves every byte as it is. A log that is there is only read: the last writer to
 * close would fold it into the database. Throws SqliteError when another process holds the lock.
 */
export function lookInto<T>(file: string, look: (connection: Connection) => T): T {
  const readonly = readWal(file) !== undefined;
  const connection = new Connection({ file, readonly, busyTimeoutMs: 0 });
  try {
    return look(connection);
  } finally {
    connection.close();
  }
}

function findDamage(file: string): string | undefined {
  const { header, size } = readHeader(file);
  if (size === 0) return "it is empty";
  if (size < HEADER_BYTES) return "it is cut short";
  return findHeaderDamage(header) ?? findCut(file, header, size);
}

function readHeader(file: string): { header: Buffer; size: number } {
  const descriptor = openSync(file, "r");
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    readSync(descriptor, header, 0, HEADER_BYTES, 0);
    return { header, size: fstatSync(descriptor).size };
  } finally {
    closeSync(descriptor);
  }
}

function findHeaderDamage(header: Buffer): string | undefined {
  const size = pageSize(header);
  const isSound =
    header.subarray(0, MAGIC.length).equals(MAGIC) &&
    size >= 512 &&
    (size & (size - 1)) === 0 &&
    // Fractions of a page that a row may fill; no SQLite has ever written others.
    header.subarray(21, 24).equals(Buffer.from([64, 32, 32])) &&
    header.readUInt32BE(56) <= 3;
  return isSound ? undefined : "its header is overwritten";
}

function findCut(file: string, header: Buffer, size: number): string | undefined {
  const wholePages = Math.floor(size / pageSize(header));
  const wal = readWal(file);
  const pageCount = wal?.pageCount ?? header.readUInt32BE(28);
  if (wal === undefined && size % pageSize(header) !== 0) return "it is cut short";
  for (let page = wholePages + 1; page <= pageCount; page += 1) {
    // After a crash the newest pages may stand in the log alone.
    if (wal?.pages.has(page) !== true) return "it is cut short";
  }
  return undefined;
}

/** Bytes of a page; 65536 does not fit its field and is written as 1. */
function pageSize(header: Buffer): number {
  const size = header.readUInt16BE(16);
  return size === 1 ? 65_536 : size;
}
