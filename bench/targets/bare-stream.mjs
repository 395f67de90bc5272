// Rows from SQLite, straight to node:http: the feed of all notes from finished items, and full-text search as FTS5 gives it.
import { createServer } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import SQLite from "better-sqlite3";
import { listen, options } from "./listen.mjs";

const PAGE = 200;
const CHUNK_LENGTH = 64 * 1024;

const db = new SQLite(options.file, { readonly: true });
const page = db.prepare("SELECT id, item FROM notes WHERE id < ? ORDER BY id DESC LIMIT ?");
const search = db.prepare(
  `SELECT notes.slug, notes.title, notes.published_at AS publishedAt, snippet(search, 1, '<mark>', '</mark>', '…', 32) AS excerpt
     FROM search JOIN notes ON notes.id = search.rowid
    WHERE search MATCH ?
    ORDER BY search.rowid DESC
    LIMIT ?`,
);

listen(
  createServer(async (req, res) => {
    const { pathname, searchParams } = new URL(req.url, "http://127.0.0.1");
    if (pathname === "/search") return sendHits(res, searchParams.get("q"));
    if (pathname !== "/feed.xml") return res.writeHead(404).end();
    res.writeHead(200, { "Content-Type": "application/rss+xml; charset=utf-8" });
    await sendFeed(res);
  }),
);

async function sendFeed(res) {
  let chunk = options.head;
  let before = Number.MAX_SAFE_INTEGER;
  let rows = page.all(before, PAGE);
  while (rows.length > 0 && !res.destroyed) {
    for (const row of rows) chunk += row.item;
    before = rows.at(-1).id;
    if (chunk.length >= CHUNK_LENGTH) {
      if (!res.write(chunk)) await drained(res);
      chunk = "";
      await nextTurn();
    }
    rows = page.all(before, PAGE);
  }
  res.end(chunk + options.tail);
}

/** Resolves when there is room again, or nobody who reads. */
function drained(res) {
  return new Promise((resolve) => {
    const done = () => {
      res.off("drain", done).off("close", done);
      resolve();
    };
    res.on("drain", done).on("close", done);
  });
}

function sendHits(res, word) {
  const hits = search.all(`"${word}" *`, options.hits);
  const list = hits.map(
    (hit) =>
      `<li><a href="/notes/${hit.slug}">${hit.title ?? hit.publishedAt}</a> <time>${hit.publishedAt}</time> ${hit.excerpt}</li>`,
  );
  const body = `<!doctype html><title>Search</title><ul>${list.join("")}</ul>`;
  res
    .writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Length": Buffer.byteLength(body) })
    .end(body);
}
