import { isIP } from "node:net";
import { MAX_IDENTIFIER_LENGTH, readClientAddress } from "../auth/client-id.ts";
import { invalid } from "../lib/errors.ts";
import { isUrl } from "../lib/is-url.ts";
import { said } from "../lib/words.ts";

/** The only addresses of machines that may name an app: those of the author's own. */
const LOOPBACK_HOSTS = new Set(["127.0.0.1", "[::1]"]);

/** Schemes that run or read something instead of opening an app. */
const FORBIDDEN_SCHEMES = /^(?:javascript|data|vbscript|file|blob|filesystem|about|view-source|ftp|wss?|mailto|tel):$/i;

/**
 * Reads the address that names an app, in its canonical form: host in lower case, `/` as the path where there is none.
 * Throws `invalid` for what cannot be one: another scheme than http(s), dot segments (as sent: URL parsers hide them), a
 * fragment, a user or password, an IP address other than 127.0.0.1 and [::1].
 * @see https://indieauth.spec.indieweb.org/#client-identifier
 */
export function parseClientId(value: string): string {
  const url = readClientAddress(value);
  if (url !== undefined && isNamedHost(url, value)) return url.href;
  throw invalid(
    "client_id",
    said`client_id must be the http or https address of the app: with a domain name, without a fragment, a password, “..” or “.” in its path, and of at most ${String(MAX_IDENTIFIER_LENGTH)} characters. Report this to the app's maker.`,
  );
}

/**
 * Reads the address to which an app wants the author sent back, as sent: what the app compares must not change. Throws
 * `invalid` for what is no absolute address, has a fragment or a password, or a scheme that a browser runs or reads.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2
 */
export function parseRedirectUri(value: string): string {
  const url = parse(value);
  const isAllowed = url !== undefined && !FORBIDDEN_SCHEMES.test(url.protocol) && !value.includes("#");
  const isPlain = isAllowed && url.username === "" && url.password === "";
  if (isPlain && /^[\x21-\x7e]+$/.test(value)) return value;
  throw invalid(
    "redirect_uri",
    said`redirect_uri must be an absolute address without a fragment or password, of at most ${String(MAX_IDENTIFIER_LENGTH)} characters. Report this to the app's maker.`,
  );
}

/** Whether a page of the app itself is meant: the same scheme, host and port (section 5.2). */
export function isSameOrigin(redirectUri: string, clientId: string): boolean {
  const { protocol, host } = new URL(redirectUri);
  const client = new URL(clientId);
  return protocol === client.protocol && host === client.host;
}

/** Whether an app is named by the author's own machine, and so must never be fetched (section 4.2). */
export function isLoopbackHost(clientId: string): boolean {
  const { hostname } = new URL(clientId);
  return LOOPBACK_HOSTS.has(hostname) || /(?:^|\.)localhost\.?$/.test(hostname);
}

/** The author's profile URL, in its one spelling (sections 3.2 and 3.4). */
export function profileUrl(siteUrl: string): string {
  return `${siteUrl}/`;
}

function parse(value: string): URL | undefined {
  return value.length <= MAX_IDENTIFIER_LENGTH && isUrl(value) ? new URL(value) : undefined;
}

/** A host that is a name; or the machine's own address, written out. */
function isNamedHost({ hostname }: URL, sent: string): boolean {
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
  return !isAddress || (LOOPBACK_HOSTS.has(hostname) && sent.includes(hostname));
}
