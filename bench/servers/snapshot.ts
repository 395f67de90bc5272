import { readFileSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import type { Answer } from "../load/ask.ts";
import { askFor } from "../load/ask.ts";

/** One answer of the product, as the plain servers repeat it. */
export type SnapshotEntry = {
  readonly path: string;
  readonly mediaType: string;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** Every header that belongs to the page, as a flat list; those of the moment and of the connection are left out. */
  readonly headers: readonly string[];
  /** Where its body lies in the file of bodies, in bytes. */
  readonly start: number;
  readonly end: number;
};

/** Answers of the product on disk: `FILE.json` has the entries, `FILE.bin` the bodies. */
export type Snapshot = { readonly file: string; readonly entries: ReadonlyMap<string, SnapshotEntry> };

const OF_THE_MOMENT = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
  "x-request-id",
]);

/** Asks a server for each path, uncompressed, and keeps what it says. Throws for an answer that is not 200. */
export async function takeSnapshot(origin: string, paths: readonly string[], file: string): Promise<Snapshot> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const entries: SnapshotEntry[] = [];
  const bodies: Buffer[] = [];
  let start = 0;
  try {
    for (const path of paths) {
      const answer = await askFor(200, origin + path, { agent });
      const end = start + answer.body.length;
      entries.push(toEntry(path, answer, { start, end }));
      bodies.push(answer.body);
      start = end;
    }
  } finally {
    agent.destroy();
  }
  writeFileSync(`${file}.bin`, Buffer.concat(bodies));
  writeFileSync(`${file}.json`, JSON.stringify({ entries }));
  return { file, entries: new Map(entries.map((entry) => [entry.path, entry])) };
}

/** A snapshot of one page of another, for a server that shall have no more to read when it starts. */
export function narrowSnapshot({ file, entries }: Snapshot, path: string): Snapshot {
  const entry = entries.get(path);
  if (entry === undefined) throw new Error(`There is no ${path} in the snapshot.`);
  const body = readFileSync(`${file}.bin`).subarray(entry.start, entry.end);
  const only = { ...entry, start: 0, end: body.length };
  writeFileSync(`${file}-one.bin`, body);
  writeFileSync(`${file}-one.json`, JSON.stringify({ entries: [only] }));
  return { file: `${file}-one`, entries: new Map([[path, only]]) };
}

function toEntry(path: string, { rawHeaders, headers }: Answer, place: { start: number; end: number }): SnapshotEntry {
  const pairs = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && !OF_THE_MOMENT.has(name.toLowerCase()) ? [name, rawHeaders[index + 1] ?? ""] : [],
  );
  return {
    path,
    mediaType: headers["content-type"] ?? "application/octet-stream",
    etag: headers.etag,
    lastModified: headers["last-modified"],
    headers: pairs,
    ...place,
  };
}
