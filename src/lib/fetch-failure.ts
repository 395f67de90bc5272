import type { Failure } from "./outcome.ts";
import { giveUp, retry } from "./outcome.ts";
import { PrivateAddressError } from "./public-address.ts";

/** What ends an exchange that takes longer than it may. */
export const TOO_SLOW = Object.assign(new Error("The exchange took too long."), { code: "EXCHANGE_TIMEOUT" });

const FAILURES: Readonly<Record<string, Failure>> = {
  EXCHANGE_TIMEOUT: retry("The server took too long for its whole answer."),
  UND_ERR_CONNECT_TIMEOUT: retry("The server did not accept a connection in time."),
  ETIMEDOUT: retry("The server did not accept a connection in time."),
  UND_ERR_HEADERS_TIMEOUT: retry("The server did not begin to answer in time."),
  ENOTFOUND: retry("The name of the server has no address."),
  EAI_AGAIN: retry("The name of the server could not be looked up."),
  ECONNREFUSED: retry("The server refused the connection."),
  UND_ERR_HEADERS_OVERFLOW: giveUp("The head of the server's answer is too large."),
  UND_ERR_INVALID_ARG: giveUp("The address cannot be asked for over HTTP."),
};

/** Why an exchange failed, in a sentence, and whether it may pass. Of an unknown failure one may hope so. */
export function failureOf(error: unknown): Failure {
  if (error instanceof PrivateAddressError) return giveUp("The address is not on the public internet.");
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === "HTTPParserError") return giveUp("The server does not answer in HTTP.");
  const known = typeof code === "string" ? FAILURES[code] : undefined;
  return known ?? retry(`The connection failed${typeof code === "string" ? ` (${code})` : ""}.`);
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
  const reason = `The server answered ${status}.`;
  if (status < 500 && ![408, 425, 429].includes(status)) return giveUp(reason);
  return retry(reason, retryAfterSeconds(headers.get("retry-after")));
}

/** Only the form in seconds: a date would need the other server's clock to be right. */
function retryAfterSeconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/u.test(header) ? Number(header) : undefined;
}
