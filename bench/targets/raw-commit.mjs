// What publishing costs the disk alone: POST a note, and its row and its words in the search index are committed, durably
// (WAL, synchronous=FULL). The answer is how long the commit took, in milliseconds.
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import SQLite from "better-sqlite3";
import { listen, options } from "./listen.mjs";

const db = new SQLite(options.file);
db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
const insertNote = db.prepare(
  "INSERT INTO notes (slug, title, content, text, published_at, item) VALUES (:slug, NULL, :content, :content, :publishedAt, '')",
);
const insertWords = db.prepare("INSERT INTO search (rowid, title, text) VALUES (:id, '', :content)");
const commit = db.transaction((note) => {
  const { lastInsertRowid: id } = insertNote.run(note);
  insertWords.run({ id, content: note.content });
});

listen(
  createServer(async (req, res) => {
    if (req.method !== "POST") return res.end();
    const note = await json(req);
    const startedAt = performance.now();
    commit.immediate(note);
    res.end(String(performance.now() - startedAt));
  }),
);
