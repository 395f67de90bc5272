import { isIP } from "node:net";
import { invalid } from "../../lib/errors.ts";
import { isUrl } from "../../lib/is-url.ts";
import { said } from "../../lib/words.ts";
import { isLoopbackHost } from "../identifiers.ts";

/** Characters of an address by which somebody signs in. */
export const MAX_PROFILE_URL_LENGTH = 500;

/** A dot segment, in every spelling that a URL parser takes for one. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i;
/** Hosts whose address may go without a scheme and is then http. */
const LOCAL = /^(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/?]|$)/i;

/**
 * Reads the address of a person, as typed, in its canonical form: with a scheme (https where none is typed, http on this
 * machine), host in lower case, `/` as the path where there is none. Throws `invalid` for what cannot be one: no domain
 * name, a port, a fragment, a user or password, dot segments as typed. Only this machine may have a port, an IP address
 * and plain http: there nobody stands in between.
 * @see https://indieauth.spec.indieweb.org/#user-profile-url
 */
export function parseProfileUrl(typed: string): string {
  const text = withScheme(typed.trim());
  if (text.length > MAX_PROFILE_URL_LENGTH) {
    throw invalid("me", said`This address is longer than ${MAX_PROFILE_URL_LENGTH} characters; use a shorter one.`);
  }
  if (!isProfile(text)) {
    throw invalid("me", said`This is no address of a person. Write it as example.com or https://example.com/ada.`);
  }
  const url = new URL(text);
  if (isLoopbackHost(url.href)) return url.href;
  if (url.protocol === "http:") {
    throw invalid("me", said`Over http anybody on the way could sign in as you. Use an address with https.`);
  }
  if (url.port !== "" || isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0 || !url.hostname.includes(".")) {
    throw invalid("me", said`The address of a person has a domain name and no port, such as https://example.com/.`);
  }
  return url.href;
}

/** Whether two profile URLs are on one site, with or without `www.`: then the one may lead to the other. */
export function isSameSite(one: string, other: string): boolean {
  return siteOf(one) === siteOf(other);
}

/** Whether nobody can come in between there who could not with `me`: no plain http behind an https address. */
export function isAsSafeAs(me: string, url: string): boolean {
  return url.startsWith("https:") || me.startsWith("http:");
}

function withScheme(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  return `${LOCAL.test(text) ? "http" : "https"}://${text}`;
}

function isProfile(text: string): boolean {
  if (!/^https?:\/\/[^/\\]/i.test(text) || /[\s\\#]/.test(text) || DOT_SEGMENT.test(text)) return false;
  if (!isUrl(text)) return false;
  const { username, password } = new URL(text);
  return username === "" && password === "" && !/^https?:\/\/[^/?]*@/i.test(text);
}

function siteOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname.replace(/^www\./, "")}:${port}`;
}
