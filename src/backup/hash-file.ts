import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** What is known of a file once all of it was read. */
export type HashedFile = { readonly sizeBytes: number; readonly sha256: string };

/**
 * Reads a file to its end, in pieces. Rejects with the system's error; also for what is no regular file: a link is not
 * followed, since it may lead anywhere.
 */
export async function hashFile(path: string, onBytes: (bytes: number) => void = () => undefined): Promise<HashedFile> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if (!(await file.stat()).isFile()) throw new Error(`${path} is no file`);
    const hash = createHash("sha256");
    let sizeBytes = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 })) {
      const bytes = chunk as Buffer;
      hash.update(bytes);
      sizeBytes += bytes.length;
      onBytes(bytes.length);
    }
    return { sizeBytes, sha256: hash.digest("hex") };
  } finally {
    await file.close();
  }
}
