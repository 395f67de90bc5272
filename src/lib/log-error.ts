import { toSourceStack } from "./source-stack.ts";

/** How deep a chain of causes is followed. */
const MAX_CAUSES = 5;

/** An error as it is logged. */
export type LoggedError = { name: string; message: string; code?: string; stack?: string; cause?: LoggedError };

/**
 * An error without the properties that libraries hang on it (requests, headers, bodies): name, message, code, stack
 * and causes. What looks like a credential in the text, and the query of a URL, is left out.
 */
export function toLoggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error, message: withoutSecrets(String(error)) };

  const { code, cause } = error as Error & { code?: unknown };
  return {
    name: error.name,
    message: withoutSecrets(error.message),
    ...(code === undefined ? {} : { code: String(code) }),
    ...(error.stack === undefined ? {} : { stack: withoutSecrets(toSourceStack(error.stack)) }),
    ...(cause === undefined || depth >= MAX_CAUSES ? {} : { cause: toLoggedError(cause, depth + 1) }),
  };
}

function withoutSecrets(text: string): string {
  return text
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, "$1 …")
    .replace(/(https?:\/\/)[^\s/@]+@/gi, "$1…@")
    .replace(/(https?:\/\/[^\s?#"')]+)[?#][^\s"')]*/gi, "$1?…");
}
