import { randomBytes } from "node:crypto";

/** Makes a name for one request, 72 random bits: it stands in the log, on the answer and on error pages. */
export function createRequestId(): string {
  return randomBytes(9).toString("base64url");
}
