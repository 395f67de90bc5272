// A blog as one writes it in an afternoon: Express, better-sqlite3, Nunjucks and marked, and no cache of anything.
import { createServer } from "node:http";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import express from "express";
import { marked } from "marked";
import nunjucks from "nunjucks";
import { listen, options } from "./listen.mjs";

const HOME_NOTES = 20;
const FEED_NOTES = 50;

const db = new SQLite(options.file, { readonly: true });
const newest = db.prepare("SELECT * FROM notes ORDER BY published_at DESC, id DESC LIMIT ?");
const bySlug = db.prepare("SELECT * FROM notes WHERE slug = ?");
const tagsOf = db.prepare("SELECT name, label FROM tags WHERE note_id = ?");
const found = db.prepare(
  `SELECT notes.*, snippet(search, 1, '<mark>', '</mark>', '…', 32) AS excerpt
     FROM search JOIN notes ON notes.id = search.rowid
    WHERE search MATCH ?
    ORDER BY rank
    LIMIT ?`,
);

const app = express();
nunjucks.configure(join(import.meta.dirname, "views"), { autoescape: true, express: app });

app.get("/", (_req, res) => res.render("list.njk", { notes: newest.all(HOME_NOTES).map(toView) }));

app.get("/notes/:slug", (req, res) => {
  const note = bySlug.get(req.params.slug);
  if (note === undefined) return res.sendStatus(404);
  return res.render("note.njk", { note: toView(note) });
});

app.get("/feed.xml", (_req, res) => {
  res.type("application/rss+xml").render("feed.njk", { notes: newest.all(FEED_NOTES).map(toView) });
});

app.get("/search", (req, res) => {
  res.render("found.njk", { notes: found.all(`"${req.query.q}" *`, options.hits) });
});

listen(createServer(app));

function toView(note) {
  return { ...note, html: marked.parse(note.content), tags: tagsOf.all(note.id) };
}
