import type { IncomingMessage } from "node:http";
import { bodyType, readBytes } from "./body.ts";
import { HttpError } from "./http-error.ts";

/** Deepest nesting of lists and objects in a JSON body. */
export const MAX_JSON_DEPTH = 20;

/** Whether the body says that it is JSON. */
export function isJson(req: IncomingMessage): boolean {
  return /^application\/(?:[\w.-]+\+)?json$/.test(bodyType(req));
}

/**
 * Reads a JSON body. The value is as sent: names such as `__proto__` are own properties, so it must be read through a
 * schema or `Object.hasOwn`. Throws HttpError 415 for another media type, 400 for what is not JSON in UTF-8 or nests
 * too deep, and what `readBytes` throws.
 */
export async function readJson(req: IncomingMessage): Promise<unknown> {
  if (!isJson(req)) throw new HttpError(415, "This address takes application/json here.");
  const bytes = await readBytes(req);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    refuseDeep(text);
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof HttpError) throw cause;
    throw new HttpError(400, "The body is not valid JSON in UTF-8.", { cause });
  }
}

/** Counts brackets outside of strings, before anything is built. */
function refuseDeep(text: string): void {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (depth > MAX_JSON_DEPTH) {
      throw new HttpError(400, `The JSON is nested deeper than ${MAX_JSON_DEPTH} levels. Send a flatter one.`);
    }
  }
}
