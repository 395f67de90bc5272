import { isUrl } from "../lib/is-url.ts";

/** Longest address of an app, in characters; and of where an app has the author sent back. */
export const MAX_IDENTIFIER_LENGTH = 2_048;

/** A dot segment, in every spelling that a URL parser takes for one. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i;

/**
 * Reads the address that names an app or a script: http(s), without a fragment, a user or password, or dot segments (as
 * sent: URL parsers hide them). Undefined for anything else. Its `href` is the one spelling in which it is kept. An app
 * that asks for consent must have a domain name besides, since there the address vouches for it; the author who makes a
 * token by hand may name a script by the number of its machine.
 * @see https://indieauth.spec.indieweb.org/#client-identifier
 */
export function readClientAddress(value: string): URL | undefined {
  if (value.length > MAX_IDENTIFIER_LENGTH || !isUrl(value)) return undefined;
  const url = new URL(value);
  const isWeb = /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  return isWeb && !value.includes("#") && !DOT_SEGMENT.test(value) ? url : undefined;
}
