import { Agent, request } from "node:http";
import type { DefaultTreeAdapterTypes as Parse5 } from "parse5";
import { parse } from "parse5";
import { isUrl } from "../../src/lib/is-url.ts";
import type { FeedFormat } from "../../src/lib/urls.ts";
import { readFeed } from "./read-feed.ts";

/** How many answers are waited for at once. */
const CONNECTIONS = 4;
/** More pages than any site of a test has. */
const MAX_PAGES = 10_000;

/** A link of the site to itself. */
export type Link = {
  /** Path and query of the page that has it. */
  readonly from: string;
  /** Path and query of where it leads. */
  readonly to: string;
  readonly fragment: string;
  /** Whether it stands in the text of a note: the author wrote it, not we. */
  readonly isAuthors: boolean;
};

/** What one address of the site answered. */
export type CrawledPage = {
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly location: string;
  readonly links: readonly Link[];
  /** What fragments may lead to. */
  readonly ids: ReadonlySet<string>;
};

/** Where the site is, and the origin that its pages name. */
export type Site = { readonly port: number; readonly siteUrl: string };

/** Asks for every address of the site that can be reached by links, and for nothing of any other site. */
export async function crawl(site: Site, starts: readonly string[]): Promise<Map<string, CrawledPage>> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const pages = new Map<string, CrawledPage>();
  const seen = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path) || seen.size >= MAX_PAGES) return;
    seen.add(path);
    const page = await readPage(site, agent, path);
    pages.set(path, page);
    await Promise.all(page.links.map(({ to }) => visit(to)));
  };
  await Promise.all(starts.map(visit)).finally(() => agent.destroy());
  return pages;
}

async function readPage(site: Site, agent: Agent, path: string): Promise<CrawledPage> {
  const { status, headers, body } = await get(site, agent, path);
  const type = (headers["content-type"] ?? "").split(";")[0] ?? "";
  const location = headers.location ?? "";
  const found = status === 200 ? findAddresses(type, body) : { addresses: [], ids: new Set<string>() };
  const addresses = location === "" ? found.addresses : [{ address: location, isAuthors: false }];
  return { path, status, type, body, location, links: toLinks(site, path, addresses), ids: found.ids };
}

type Answer = { status: number; headers: Record<string, string | undefined>; body: string };

function get({ port }: Site, agent: Agent, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const headers = answer.headers as Answer["headers"];
        resolve({ status: answer.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString() });
      });
    });
    sent.setTimeout(20_000, () => sent.destroy(new Error(`${path} does not answer`)));
    sent.on("error", reject);
    sent.end();
  });
}

type Address = { readonly address: string; readonly isAuthors: boolean };
type Found = { readonly addresses: Address[]; readonly ids: ReadonlySet<string> };

function toLinks({ siteUrl }: Site, path: string, addresses: readonly Address[]): Link[] {
  return addresses.flatMap(({ address, isAuthors }) => {
    if (!isUrl(address, siteUrl + path)) return [];
    const url = new URL(address, siteUrl + path);
    if (url.origin !== siteUrl) return [];
    return [{ from: path, to: url.pathname + url.search, fragment: decodeURIComponent(url.hash.slice(1)), isAuthors }];
  });
}

const FEEDS: Readonly<Record<string, FeedFormat>> = {
  "application/rss+xml": "xml",
  "application/atom+xml": "atom",
  "application/feed+json": "json",
};

function findAddresses(type: string, body: string): Found {
  const plain = (found: Iterable<RegExpMatchArray>): Found => ({
    addresses: [...found].map(([, address = ""]) => ({ address, isAuthors: false })),
    ids: new Set(),
  });
  const format = FEEDS[type];
  if (format !== undefined) return findInFeed(format, body);
  if (type === "text/html") return findInHtml(parse(body), false);
  if (type === "application/xml") return plain(body.matchAll(/<loc>([^<]+)<\/loc>/gu));
  if (type === "text/css") return plain(body.matchAll(/url\(["']?([^"')]+)/gu));
  return type === "text/plain" ? plain(body.matchAll(/^Sitemap: (\S+)$/gmu)) : plain([]);
}

function findInFeed(format: FeedFormat, body: string): Found {
  const { links, items } = readFeed(format, body);
  const own = [...Object.values(links), ...items.map(({ url }) => url)];
  const written = items.flatMap(({ html }) => findInHtml(parse(html), true).addresses);
  return { addresses: [...own.map((address) => ({ address, isAuthors: false })), ...written], ids: new Set() };
}

function findInHtml(root: Parse5.Node, isAuthors: boolean): Found {
  const addresses: Address[] = [];
  const ids = new Set<string>();
  const waiting: [Parse5.Node, boolean][] = [[root, isAuthors]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, isInText] = next;
    const attributes = "attrs" in node ? Object.fromEntries(node.attrs.map(({ name, value }) => [name, value])) : {};
    if (attributes.id !== undefined) ids.add(attributes.id);
    addresses.push(...addressesIn(node.nodeName, attributes).map((address) => ({ address, isAuthors: isInText })));
    const isText = isInText || /\be-content\b/u.test(attributes.class ?? "");
    if ("childNodes" in node) waiting.push(...node.childNodes.map((child): [Parse5.Node, boolean] => [child, isText]));
  }
  return { addresses, ids };
}

/** What a page names for apps, which send something there: a visitor has nothing to look for. */
const ENDPOINTS = /^(?:micropub|authorization_endpoint|token_endpoint)$/u;

function addressesIn(name: string, attributes: Readonly<Record<string, string>>): string[] {
  if (name === "link" && ENDPOINTS.test(attributes.rel ?? "")) return [];
  const { href, src, srcset = "", poster, action, method = "get", property = "", content } = attributes;
  const found = [href, src, poster, ...srcset.split(",").map((each) => each.trim().split(/\s/u)[0])];
  if (name === "form" && method.toLowerCase() === "get") found.push(action);
  if (name === "meta" && /^og:(?:url|image)$/u.test(property)) found.push(content);
  return found.filter((address) => address !== undefined && address !== "") as string[];
}
