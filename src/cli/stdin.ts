import type { Readable } from "node:stream";
import { AppError } from "../lib/errors.ts";

/** Most that a command reads from its standard input, in bytes. A password is at most 1,024. */
export const MAX_STDIN_BYTES = 4096;

/** The first line of standard input, without its line break. Throws `invalid` past MAX_STDIN_BYTES. */
export async function readLine(stdin: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Buffer | string);
    chunks.push(bytes);
    sizeBytes += bytes.length;
    if (bytes.includes("\n")) break;
    if (sizeBytes > MAX_STDIN_BYTES) break;
  }

  const [line = ""] = Buffer.concat(chunks).toString("utf8").split(/\r?\n/);
  if (Buffer.byteLength(line) <= MAX_STDIN_BYTES) return line;
  throw new AppError("invalid", `Standard input has a line of more than ${MAX_STDIN_BYTES} bytes. Shorten it.`);
}
