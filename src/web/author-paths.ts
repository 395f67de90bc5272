import { paths } from "../lib/urls.ts";
import { targetPath } from "./canonical-path.ts";

/** Where the author's pages lie. */
export const AUTHOR_PATHS = ["/admin", "/auth", "/login", "/logout", "/setup"];

/** Addresses that apps talk to, from their servers or from pages of theirs. */
export const APP_PATHS = [
  paths.token(),
  paths.introspection(),
  paths.revocation(),
  paths.userinfo(),
  paths.serverMetadata(),
  paths.micropub(),
];

/** What the author's browser and apps ask for besides, and whoever has a link to a note that is not out. */
const BESIDES = ["/preview", "/icons", "/manifest.webmanifest", "/worker.js", "/indieauth-client.json"];

const BEGINNINGS = [...AUTHOR_PATHS, ...APP_PATHS, ...BESIDES].map((path) => path.replaceAll(".", "\\."));

const NOT_READERS = new RegExp(`^(?:${BEGINNINGS.join("|")})(?:/|$)`);

/** Whether readers' routes know every route that a request target could be meant for: all but those of the author and of apps. */
export function isForReaders(target: string): boolean {
  return !NOT_READERS.test(targetPath(target));
}
