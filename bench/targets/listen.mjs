// What the plain servers share: they listen on a free port of this machine, say which, and end when told to.
import { readFileSync } from "node:fs";

/** What this server was started with: paths of files, and numbers. */
export const options = JSON.parse(process.argv[2] ?? "{}");

/** Listens and says the port. */
export function listen(server) {
  server.keepAliveTimeout = 5_000;
  server.listen(0, "127.0.0.1", 1_024, () => process.stdout.write(`${server.address().port}\n`));
  process.once("SIGTERM", () => process.exit(0));
}

/** The answers of a snapshot by path: body, headers as a flat list, and their validators. */
export function readAnswers(file) {
  const { entries } = JSON.parse(readFileSync(`${file}.json`, "utf8"));
  const bodies = readFileSync(`${file}.bin`);
  return new Map(entries.map((entry) => [entry.path, { ...entry, body: bodies.subarray(entry.start, entry.end) }]));
}

/** Whether the client has this answer already. */
export function isKnown(entry, headers) {
  const tag = headers["if-none-match"];
  if (tag !== undefined) return tag === entry.etag;
  return entry.lastModified !== undefined && headers["if-modified-since"] === entry.lastModified;
}

/** The headers that an answer cannot do without, as an object and as a flat list. */
export function plainHeaders({ mediaType, etag, lastModified, body }) {
  return {
    "Content-Type": mediaType,
    "Content-Length": body.length,
    ...(etag === undefined ? {} : { ETag: etag }),
    ...(lastModified === undefined ? {} : { "Last-Modified": lastModified }),
  };
}
