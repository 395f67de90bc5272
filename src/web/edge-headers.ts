import type { Config } from "../config/config.ts";
import { answerKeys, MISSING_KEY } from "../edge/edge-keys.ts";

/** How long edges keep a page where purges reach them, in seconds: so old is at most what a purge missed. */
export const EDGE_SECONDS = 3_600;

/** The same where no purge reaches anybody, in seconds: enough to take a rush of readers, and soon over. */
export const UNPURGED_SECONDS = 5;

/** How long an edge may go on with a page while it asks for the next one, in seconds. Some browsers follow it too. */
export const REVALIDATE_SECONDS = 5;

/** How long an edge may go on with a page while we do not answer, in seconds. */
export const STALE_SECONDS = 86_400;

/** Headers that say who may keep an answer, how long, and what makes it stale. */
export type CachingHeaders = Readonly<Record<string, string>>;

/** For a page that others may read and no list names: each browser for itself, asking again each time. */
export const UNLISTED: CachingHeaders = { "Cache-Control": "private, no-cache" };

/** For what has its content's hash in its name, and so never changes: a year. */
export const IMMUTABLE: CachingHeaders = { "Cache-Control": "public, max-age=31536000, immutable" };

const PURGED_PAGE = cacheControl(0, EDGE_SECONDS);
const PASSING_PAGE = cacheControl(0, UNPURGED_SECONDS);

type CachingConfig = Pick<Config, "CDN_TAGS" | "CACHE_PURGE_URLS">;

/** For a page that these keys of `public_changes` make stale: browsers ask again each time, edges keep it. */
export function pageHeaders(config: CachingConfig, keys: readonly string[]): CachingHeaders {
  const isPurged = config.CACHE_PURGE_URLS.length > 0;
  return { "Cache-Control": isPurged ? PURGED_PAGE : PASSING_PAGE, ...tagHeaders(config, keys) };
}

/** The same for what anybody can ask for in any number, and for pages that do not exist: edges keep it for seconds. */
export function passingHeaders(config: CachingConfig, keys: readonly string[]): CachingHeaders {
  return { "Cache-Control": PASSING_PAGE, ...tagHeaders(config, keys) };
}

/** For 404 and 410: every change is purged with this key, since it may be the one that makes the page. */
export function missingHeaders(config: CachingConfig): CachingHeaders {
  return passingHeaders(config, [MISSING_KEY]);
}

/**
 * For a feed: its readers and edges keep it equally long. A long one may be on its way to an edge before a change, and
 * arrive there after the purge; so no purge makes it last longer.
 */
export function feedHeaders(
  config: CachingConfig & Pick<Config, "FEED_CACHE_SECONDS">,
  keys: readonly string[],
): CachingHeaders {
  const seconds = config.FEED_CACHE_SECONDS;
  return { "Cache-Control": cacheControl(seconds, seconds), ...tagHeaders(config, keys) };
}

function cacheControl(browserSeconds: number, edgeSeconds: number): string {
  const fresh = `public, max-age=${browserSeconds}, s-maxage=${edgeSeconds}`;
  return `${fresh}, stale-while-revalidate=${REVALIDATE_SECONDS}, stale-if-error=${STALE_SECONDS}`;
}

/** Whoever is purged must know what is meant, so addresses to purge turn the tags on. */
function tagHeaders({ CDN_TAGS, CACHE_PURGE_URLS }: CachingConfig, keys: readonly string[]): CachingHeaders {
  if (!CDN_TAGS && CACHE_PURGE_URLS.length === 0) return {};
  const tags = answerKeys(keys);
  return { "Surrogate-Key": tags.join(" "), "Cache-Tag": tags.join(",") };
}
