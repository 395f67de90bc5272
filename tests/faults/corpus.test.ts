import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { generateCorpus, realCorpus } from "../support/corpus.ts";
import type { CrawledPage, Link } from "../support/crawl.ts";
import { crawl } from "../support/crawl.ts";
import { query, tamper } from "../support/database-files.ts";
import { query as findElement, queryAll, textOf } from "../support/dom.ts";
import type { SourceFile } from "../support/front-matter.ts";
import { readSources } from "../support/front-matter.ts";
import { fetchRaw } from "../support/raw-fetch.ts";
import { runProgram, startServing } from "../support/server-process.ts";

/** How long a crawl of the whole site may take, in milliseconds. */
const CRAWL_MS = 60_000;
/** What the home page and its style may weigh together, in bytes as they are sent. */
const HOME_BYTES = 14 * 1024;
const TIMEOUT_MS = 180_000;

const CORPORA = realCorpus() === undefined ? ["generated"] : ["generated", "real"];

type Imported = { readonly dataDir: string; readonly sources: SourceFile[]; readonly reports: string[] };

const parent = mkdtempSync(join(tmpdir(), "starpunk-corpus-"));
const imported = new Map<string, Promise<Imported>>();
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** Sets a site up and imports a corpus into it twice, by the real program; once for all tests. */
function importCorpus(name: string): Promise<Imported> {
  const known = imported.get(name) ?? setUpAndImport(name);
  imported.set(name, known);
  return known;
}

async function setUpAndImport(name: string): Promise<Imported> {
  const folder = (name === "real" ? realCorpus() : undefined) ?? generateCorpus(join(parent, name));
  const env = { DATA_DIR: join(parent, `${name}-data`) };
  const words = ["setup", "--name", "Ada", "--title", "Ada writes", "--time-zone", "Europe/Berlin", "--password-stdin"];
  await runProgram({ words, env, stdin: "a quiet walk at dusk\n" });
  // No job may try to fetch the pictures that the notes show from elsewhere.
  const now = new Date().toISOString();
  tamper(join(env.DATA_DIR, "starpunk.db"), `INSERT INTO settings VALUES ('remoteImages', '"link"', '${now}')`);

  const reports: string[] = [];
  for (let time = 0; time < 2; time += 1) {
    const { code, stdout, stderr } = await runProgram({ words: ["import", folder], env });
    reports.push(`${code} ${stdout}${stderr}`);
  }
  return { dataDir: env.DATA_DIR, sources: readSources(folder), reports };
}

test.each(CORPORA)(
  "the %s corpus is imported in full, and the second time nothing changes",
  async (name) => {
    const { dataDir, sources, reports } = await importCorpus(name);

    expect(sources.length).toBe(name === "real" ? 577 : 120);
    expect(reports).toEqual([
      `0 ${sources.length} created, 0 changed, 0 unchanged, 0 skipped\n`,
      `0 0 created, 0 changed, ${sources.length} unchanged, 0 skipped\n`,
    ]);
    expect(query(join(dataDir, "starpunk.db"), "SELECT count(*) AS jobs FROM jobs")).toEqual([{ jobs: 0 }]);
  },
  TIMEOUT_MS,
);

test.each(CORPORA)(
  "titles, tags, dates and offsets of the %s corpus are those of its files",
  async (name) => {
    const { dataDir, sources } = await importCorpus(name);

    const stored = query(
      join(dataDir, "starpunk.db"),
      `SELECT import_path AS path, title, published_at, published_offset, updated_at, status, version,
            (SELECT json_group_array(value ->> 'label') FROM json_each(tags)) AS tags
       FROM notes ORDER BY import_path COLLATE BINARY`,
    ) as { tags: string }[];

    expect(stored.map(({ tags, ...note }) => ({ ...note, tags: withoutHashtags(tags) }))).toEqual(
      sources.map(toStored),
    );
  },
  TIMEOUT_MS,
);

/** Tags of front matter come first; hashtags in the text follow. */
function withoutHashtags(tags: string): string[] {
  return (JSON.parse(tags) as string[]).filter((label) => label !== "hashtag");
}

function toStored({ path, title, date, updated, tags }: SourceFile) {
  const isDated = !Number.isNaN(Date.parse(date));
  const published = isDated ? date : (updated ?? "");
  const updatedAt = updated === undefined ? "" : new Date(updated).toISOString();
  return {
    path,
    title,
    published_at: new Date(published).toISOString(),
    published_offset: offsetOf(published),
    updated_at: updatedAt > new Date(published).toISOString() ? updatedAt : null,
    status: "published",
    version: 1,
    tags,
  };
}

function offsetOf(date: string): number {
  const [, sign, hours, minutes] = date.match(/([+-])(\d\d):(\d\d)$/u) ?? [];
  if (sign === undefined) return 0;
  return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
}

test.each(CORPORA)(
  "every link of the site with the %s corpus leads somewhere, at once and without a loop",
  async (name) => {
    const { dataDir, sources } = await importCorpus(name);
    const { port } = await startServing(dataDir);
    const started = performance.now();

    const pages = await crawl({ port, siteUrl: `http://localhost:${port}` }, ["/", "/robots.txt"]);

    expect(performance.now() - started).toBeLessThan(CRAWL_MS);
    expectAllKinds(pages, sources);
    const links = [...pages.values()].flatMap((page) => page.links);
    // Chance leads on to a note, by a redirect that nobody keeps.
    const failing = links.filter(({ to }) => pages.get(to)?.status !== (to === "/random" ? 302 : 200));
    expect(failing.filter(({ isAuthors }) => !isAuthors)).toEqual([]);
    // What the author wrote may be broken, but not by us: then it stands so in a file.
    const texts = sources.map(({ text }) => text).join("\n");
    expect(failing.filter(({ to }) => !texts.includes(`](${to})`))).toEqual([]);
    expect(failing.filter(({ to }) => (pages.get(to)?.status ?? 500) >= 500)).toEqual([]);
    expect(links.filter((link) => isDead(link, pages))).toEqual([]);
    expectSources(pages, sources);
  },
  TIMEOUT_MS,
);

/** All pages that a site has are among those that were found. */
function expectAllKinds(pages: ReadonlyMap<string, CrawledPage>, sources: readonly SourceFile[]): void {
  const count = (pattern: RegExp) => [...pages.keys()].filter((path) => pattern.test(path)).length;
  const tags = new Set(sources.flatMap((source) => source.tags));
  expect(count(/^\/notes\/[^/]+$/u)).toBe(sources.length);
  expect(count(/^\/tags\/[^/?]+$/u)).toBeGreaterThanOrEqual(tags.size);
  expect(count(/^\/\?before=/u)).toBeGreaterThanOrEqual(Math.ceil(sources.length / 20) - 1);
  for (const format of ["xml", "atom", "json"]) {
    expect(count(new RegExp(`^/feed\\.${format}\\?before=`, "u"))).toBe(Math.ceil(sources.length / 50) - 1);
    expect(count(new RegExp(`^/tags/[^/]+/feed\\.${format}$`, "u"))).toBeGreaterThanOrEqual(tags.size);
  }
  const others = ["/", "/archive", "/search", "/feed.xml", "/feed.atom", "/feed.json", "/sitemap.xml", "/robots.txt"];
  expect(others.filter((path) => pages.get(path)?.status !== 200)).toEqual([]);
  expect(count(/^\/archive\/\d{4}\/\d\d$/u)).toBeGreaterThan(3);
  expect(count(/^\/static\//u)).toBeGreaterThan(1);
  if (sources.length === 120) expect(count(/^\/media\//u)).toBe(3);
}

/** Whether a link leads into a page that has no such place. */
function isDead({ to, fragment }: Link, pages: ReadonlyMap<string, CrawledPage>): boolean {
  const page = pages.get(to);
  return fragment !== "" && page?.status === 200 && page.type === "text/html" && !page.ids.has(fragment);
}

/** Every file has a permalink that says what the file says. */
function expectSources(pages: ReadonlyMap<string, CrawledPage>, sources: readonly SourceFile[]): void {
  const shown = [...pages.values()].filter(({ path }) => path.startsWith("/notes/")).map(readPermalink);
  const wanted = sources.map(({ title, date, updated = "", tags }) => {
    const published = Number.isNaN(Date.parse(date)) ? updated : date;
    return { title: title ?? "", published: published.replace(/Z$/u, "+00:00"), tags };
  });
  expect(sorted(shown)).toEqual(sorted(wanted));
}

function readPermalink({ body }: CrawledPage) {
  const entry = findElement(body, ".h-entry");
  if (entry === undefined) throw new Error("A permalink without an entry");
  return {
    title: textOf(findElement(entry, "h1.p-name")),
    published: findElement(entry, ".dt-published")?.attributes.datetime ?? "",
    tags: queryAll(entry, ".tags .p-category")
      .map(textOf)
      .filter((tag) => tag !== "hashtag"),
  };
}

function sorted(entries: readonly object[]): string[] {
  return entries.map((entry) => JSON.stringify(entry)).sort();
}

test.each(CORPORA)(
  "home and style of the %s corpus are sent in at most 14 KB of brotli",
  async (name) => {
    const { dataDir } = await importCorpus(name);
    const { port } = await startServing(dataDir);
    const home = await fetchRaw(port, "/", { "Accept-Encoding": "br" });
    const html = brotliDecompressSync(home.body).toString();
    const styles = queryAll(html, "link[rel=stylesheet]").map(({ attributes }) => attributes.href ?? "");

    const sent = await Promise.all(styles.map((path) => fetchRaw(port, path, { "Accept-Encoding": "br" })));

    const coded = [home, ...sent];
    const best = coded.map(({ body }) => compress(brotliDecompressSync(body)));
    expect(coded.map(({ headers }) => headers["content-encoding"])).toEqual(coded.map(() => "br"));
    expect(queryAll(html, ".h-entry")).toHaveLength(20);
    expect(queryAll(html, "script")).toEqual([]);
    expect(total(coded.map(({ body }) => body.length))).toBeLessThanOrEqual(HOME_BYTES);
    expect(total(best)).toBeLessThanOrEqual(HOME_BYTES);
  },
  TIMEOUT_MS,
);

function compress(bytes: Buffer): number {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
