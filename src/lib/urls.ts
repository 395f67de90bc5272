/** Feed formats, by the ending of their address. */
export type FeedFormat = "xml" | "atom" | "json";

/** Root-relative paths of everything that has an address. Notes are stored and pages are written with these. */
export const paths = {
  home: () => "/",
  /** A page stands at the top of the site. What can be no page need not say its kind. */
  note: (note: { slug: string; kind?: string }) =>
    `${note.kind === "page" ? "" : "/notes"}/${encodeURIComponent(note.slug)}`,
  /** The same as its author wrote it, where that is offered. */
  noteMarkdown: (note: { slug: string; kind?: string }) =>
    `${note.kind === "page" ? "" : "/notes"}/${encodeURIComponent(note.slug)}.md`,
  tag: (tag: { name: string }) => `/tags/${encodeURIComponent(tag.name)}`,
  series: (series: { name: string }) => `/series/${encodeURIComponent(series.name)}`,
  archive: () => "/archive",
  year: (year: string) => `/archive/${year}`,
  month: (year: string, month: string) => `/archive/${year}/${month}`,
  /** All tags, by name. */
  tags: () => "/tags",
  tagsByCount: () => "/tags/by/count",
  /** What was published on today's day of any year. */
  onThisDay: () => "/on-this-day",
  dayOfYear: (month: string, day: string) => `/on-this-day/${month}/${day}`,
  random: () => "/random",
  stats: () => "/stats",
  search: () => "/search",
  feed: (format: FeedFormat) => `/feed.${format}`,
  tagFeed: (tag: { name: string }, format: FeedFormat) => `/tags/${encodeURIComponent(tag.name)}/feed.${format}`,
  media: (name: string) => `/media/${name}`,
  sitemap: () => "/sitemap.xml",
  /** Part of a sitemap that is too large for one file: `pages`, or a year. */
  sitemapPart: (part: string) => `/sitemap-${part}.xml`,
  /** A note that is not out, for whoever has the secret. */
  preview: (secret: string) => `/preview/${secret}`,
  micropub: () => "/micropub",
  mediaEndpoint: () => "/micropub/media",
  /** IndieAuth: where the author consents, and what apps talk to. */
  authorization: () => "/auth",
  token: () => "/token",
  introspection: () => "/introspect",
  revocation: () => "/revoke",
  userinfo: () => "/userinfo",
  serverMetadata: () => "/.well-known/oauth-authorization-server",
  /** Signing in with another site: what this one says of itself there, where it begins, and where the answer comes. */
  clientDocument: () => "/indieauth-client.json",
  signIn: () => "/login/identity",
  signInAnswer: () => "/login/identity/answer",
  setup: () => "/setup",
  login: () => "/login",
  logout: () => "/logout",
  admin: () => "/admin",
};

type Paths = typeof paths;

/** Makes the same addresses absolute. `siteUrl` is an origin without a trailing slash. */
export type Urls = { readonly [Name in keyof Paths]: Paths[Name] };

/** Creates the absolute addresses of the site at `siteUrl`, the only ones that protocols and feeds may use. */
export function createUrls(siteUrl: string): Urls {
  const absolute = Object.entries(paths).map(([name, path]) => [
    name,
    (...parts: unknown[]) => siteUrl + (path as (...parts: unknown[]) => string)(...parts),
  ]);
  return Object.fromEntries(absolute) as Urls;
}
