import { isUrl } from "../lib/is-url.ts";
import { paths } from "../lib/urls.ts";

/** Longest way back that is kept, in characters: the request of an app with the longest parameters that are taken fits. */
export const MAX_WAY_BACK_LENGTH = 8_000;

/** Pages that nobody is led back to after a login. */
const NO_WAY_BACK = /^\/(?:login|logout|setup)(?:[/?#]|$)/;

/**
 * Reads where to go after a login: a path of this site. Anything else leads to the dashboard: other sites, also as
 * `//host`, `/\host` or in what dot segments leave over, and texts with control characters.
 */
export function parseWayBack(next: string): string {
  const dashboard = paths.admin();
  if (next.length > MAX_WAY_BACK_LENGTH || !/^\/[\x21-\x5b\x5d-\x7e]*$/.test(next)) return dashboard;
  if (next.startsWith("//") || !isUrl(next, "http://site.invalid")) return dashboard;

  const url = new URL(next, "http://site.invalid");
  const path = url.pathname + url.search + url.hash;
  const isOurs = url.host === "site.invalid" && !path.startsWith("//");
  return isOurs && !NO_WAY_BACK.test(path) ? path : dashboard;
}

/** The address of the login page that leads back to `path` afterwards. */
export function loginPath(path: string): string {
  const next = parseWayBack(path);
  return next === paths.admin() ? paths.login() : `${paths.login()}?next=${encodeURIComponent(next)}`;
}
