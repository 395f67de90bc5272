import type { Failure } from "./outcome.ts";
import { giveUp, retry } from "./outcome.ts";
import { PrivateAddressError } from "./public-address.ts";
import { said } from "./words.ts";

/** What ends an exchange that takes longer than it may. */
export const TOO_SLOW = Object.assign(new Error("The exchange took too long."), { code: "EXCHANGE_TIMEOUT" });

const FAILURES: Readonly<Record<string, Failure>> = {
  EXCHANGE_TIMEOUT: retry(said`The server took too long for its whole answer.`),
  UND_ERR_CONNECT_TIMEOUT: retry(said`The server did not accept a connection in time.`),
  ETIMEDOUT: retry(said`The server did not accept a connection in time.`),
  UND_ERR_HEADERS_TIMEOUT: retry(said`The server did not begin to answer in time.`),
  ENOTFOUND: retry(said`The name of the server has no address.`),
  EAI_AGAIN: retry(said`The name of the server could not be looked up.`),
  ECONNREFUSED: retry(said`The server refused the connection.`),
  UND_ERR_HEADERS_OVERFLOW: giveUp(said`The head of the server's answer is too large.`),
  UND_ERR_INVALID_ARG: giveUp(said`The address cannot be asked for over HTTP.`),
};

/** Why an exchange failed, in a sentence, and whether it may pass. Of an unknown failure one may hope so. */
export function failureOf(error: unknown): Failure {
  if (error instanceof PrivateAddressError) return giveUp(said`The address is not on the public internet.`);
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === "HTTPParserError") return giveUp(said`The server does not answer in HTTP.`);
  const known = typeof code === "string" ? FAILURES[code] : undefined;
  return (
    known ?? retry(typeof code === "string" ? said`The connection failed (${code}).` : said`The connection failed.`)
  );
}

/**
 * What a status that is no success means to a job: 404, 410 and other refusals stay, while 408, 425, 429 and faults of
 * the server pass. Undefined for 2xx.
 */
export function failureOfStatus(response: {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}): Failure | undefined {
  const { status, headers } = response;
  if (status >= 200 && status < 300) return undefined;
  const reason = said`The server answered ${status}.`;
  if (status < 500 && ![408, 425, 429].includes(status)) return giveUp(reason);
  return retry(reason, retryAfterSeconds(headers.get("retry-after")));
}

/** Only the form in seconds: a date would need the other server's clock to be right. */
function retryAfterSeconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/u.test(header) ? Number(header) : undefined;
}
