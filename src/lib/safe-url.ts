import { isUrl } from "./is-url.ts";

/** What an address in foreign content points at. `relative` means: to a place next to the page, wherever that is. */
export type UrlKind = "web" | "mail" | "root" | "fragment" | "relative";

const CONTROL = /\p{Cc}/u;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Tells what kind of address this is, or undefined where it must not be used: another scheme than http, https and
 * mailto, control characters or white space around, a user or password, another host without a scheme (`//host`),
 * nothing at all. Such an address is dropped, never repaired.
 */
export function urlKind(url: string): UrlKind | undefined {
  if (url === "" || url !== url.trim() || CONTROL.test(url)) return undefined;
  if (SCHEME.test(url)) return schemeKind(url);
  if (url.startsWith("#")) return "fragment";
  if (/^(?:[\\?]|\/[/\\])/.test(url)) return undefined;
  return url.startsWith("/") ? "root" : "relative";
}

function schemeKind(url: string): UrlKind | undefined {
  if (/^mailto:[^/]/i.test(url)) return "mail";
  // `https:host` and `https:/host` are read differently from page to page.
  if (!/^https?:\/\/[^/\\]/i.test(url) || !isUrl(url)) return undefined;
  const { username, password, hostname } = new URL(url);
  return username === "" && password === "" && hostname !== "" ? "web" : undefined;
}
