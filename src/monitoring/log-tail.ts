import type { FileHandle } from "node:fs/promises";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of the log that are looked through, over all its files, from the end. */
export const MAX_LOG_BYTES = 8 * 1024 * 1024;

/** Bytes that are read at once; other work goes on in between. */
export const LOG_CHUNK_BYTES = 256 * 1024;

/** Longest line that is looked at, in bytes: ours are far shorter. */
export const MAX_LOG_LINE_BYTES = 64 * 1024;

const FILE_NAME = /^app\.\d+\.log$/;
const NEWLINE = 10;

/** What was looked through. */
export type LogTail = {
  /** Files of the log in the folder. */
  readonly files: number;
  readonly bytesRead: number;
  /** Whether there is more before what was read. */
  readonly isCut: boolean;
};

/**
 * Hands the lines of the log to `take`, those of the newest file first and of each file from its end, until `take` returns
 * false or `MAX_LOG_BYTES` were read. A line may be half written, or not ours at all. A folder that cannot be read has no
 * files; one that goes meanwhile is passed over.
 */
export async function readLogTail(dir: string, take: (line: string) => boolean): Promise<LogTail> {
  const files = await listFiles(dir);
  let bytesRead = 0;
  for (const [at, file] of files.entries()) {
    const room = MAX_LOG_BYTES - bytesRead;
    if (room <= 0) return { files: files.length, bytesRead, isCut: true };
    const read = await readBackwards(file.path, { room, take });
    bytesRead += read.bytes;
    if (read.isStopped) return { files: files.length, bytesRead, isCut: read.hasMore || at < files.length - 1 };
  }
  return { files: files.length, bytesRead, isCut: false };
}

/** Files of the log, the one written last first. */
async function listFiles(dir: string): Promise<{ path: string; changedMs: number }[]> {
  const names = await readdir(dir).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => FILE_NAME.test(name))
      .map(async (name) => {
        const path = join(dir, name);
        const found = await stat(path).catch(() => undefined);
        return found === undefined ? [] : [{ path, changedMs: found.mtimeMs }];
      }),
  );
  return files.flat().sort((a, b) => b.changedMs - a.changedMs);
}

type Reading = { readonly room: number; readonly take: (line: string) => boolean };
type Read = { readonly bytes: number; readonly isStopped: boolean; readonly hasMore: boolean };

async function readBackwards(path: string, reading: Reading): Promise<Read> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return { bytes: 0, isStopped: false, hasMore: false };
  try {
    return await readChunks(file, reading);
  } finally {
    await file.close();
  }
}

async function readChunks(file: FileHandle, { room, take }: Reading): Promise<Read> {
  const { size } = await file.stat();
  const first = Math.max(0, size - room);
  let end = size;
  let rest: Buffer = Buffer.alloc(0);
  while (end > first) {
    const start = Math.max(first, end - LOG_CHUNK_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const bytes = Buffer.concat([buffer.subarray(0, bytesRead), rest]);
    const lineStart = start === 0 ? 0 : startOfLine(bytes);
    if (!takeLines(bytes.subarray(lineStart), take))
      return { bytes: size - start, isStopped: true, hasMore: start > 0 };
    // The rest of a line whose beginning comes with the next chunk; of one that is too long nothing is kept.
    rest = bytes.subarray(0, lineStart);
    if (rest.length > MAX_LOG_LINE_BYTES) rest = Buffer.alloc(0);
    end = start;
  }
  return { bytes: size - first, isStopped: first > 0, hasMore: first > 0 };
}

/** Where the first line begins that is whole; its end when none does. */
function startOfLine(bytes: Buffer): number {
  const newline = bytes.indexOf(NEWLINE);
  return newline === -1 ? bytes.length : newline + 1;
}

/** The last line first. Returns whether to go on. */
function takeLines(bytes: Buffer, take: (line: string) => boolean): boolean {
  const lines = bytes.toString("utf8").split("\n");
  return lines.reverse().every((line) => line === "" || line.length > MAX_LOG_LINE_BYTES || take(line));
}
