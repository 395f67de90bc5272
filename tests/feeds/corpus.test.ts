import type { DefaultTreeAdapterMap } from "parse5";
import { parseFragment } from "parse5";
import { expect, test } from "vitest";
import { importFolder } from "../../src/backup/import-folder.ts";
import { isUrl } from "../../src/lib/is-url.ts";
import type { FeedFormat } from "../../src/lib/urls.ts";
import { listListedNotes } from "../../src/notes/listed-notes-store.ts";
import { findNote } from "../../src/notes/note-store.ts";
import type { TestApp } from "../support/app.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { corpusFolder } from "../support/corpus.ts";
import type { ReadFeed } from "../support/read-feed.ts";
import { FORMATS, readFeed } from "../support/read-feed.ts";

/** How long the import of the whole corpus may take, in milliseconds. */
const TIMEOUT_MS = 180_000;

test("a whole site reads the same in every format, page by page, with all of its URLs absolute", {
  timeout: TIMEOUT_MS,
}, async () => {
  const app = await testApp({ config: { FEED_ITEMS: 47 } });
  const results = await importFolder(app.ctx, corpusFolder(), { overwrite: false, dryRun: false });
  const created = results.filter(({ result }) => result === "created");
  const { notes } = listListedNotes(app.ctx.db, { limit: 10_000 });

  const [rss, atom, json] = await Promise.all(FORMATS.map((format) => readAll(app, format)));

  expect(created.length).toBeGreaterThan(100);
  expect(rss?.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(
    notes.map(({ id }) => findNote(app.ctx.db, id)?.uid),
  );
  expect(rss?.length).toBe(Math.ceil(notes.length / 47));
  expect(atom?.map(({ items }) => items)).toEqual(rss?.map(({ items }) => items));
  expect(json?.map(({ items }) => items)).toEqual(rss?.map(({ items }) => items));
  const urls = rss?.flatMap(({ items }) => items.flatMap(({ html }) => listUrls(parseFragment(html)))) ?? [];
  expect(urls.length).toBeGreaterThan(100);
  expect(urls.filter((url) => !isUrl(url))).toEqual([]);
});

/** All pages of a feed, from the first one on. */
async function readAll({ http }: Pick<TestApp, "http">, format: FeedFormat): Promise<ReadFeed[]> {
  const pages: ReadFeed[] = [];
  let url: string | undefined = `${SITE_URL}/feed.${format}`;
  while (url !== undefined) {
    const answer = await http
      .get(url.slice(SITE_URL.length))
      .buffer(true)
      .parse((res, done) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("end", () => done(null, Buffer.concat(chunks).toString()));
      });
    const feed = readFeed(format, answer.body);
    pages.push(feed);
    url = feed.links.next;
  }
  return pages;
}

function listUrls(node: DefaultTreeAdapterMap["node"]): string[] {
  const own = "attrs" in node ? node.attrs.filter(({ name }) => name === "href" || name === "src") : [];
  const below = "childNodes" in node ? node.childNodes.flatMap(listUrls) : [];
  return [...own.map(({ value }) => value), ...below];
}
