import { randomBytes } from "node:crypto";

/**
 * Creates a source of names for requests, which stand in the log, on answers and on error pages: unguessable as a whole,
 * since nobody knows the part that the process chose, and cheaper than random bytes for each.
 */
export function createRequestIds(): () => string {
  const prefix = randomBytes(6).toString("base64url");
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}${count.toString(36)}`;
  };
}
