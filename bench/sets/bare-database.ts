import { renameSync, rmSync } from "node:fs";
import SQLite from "better-sqlite3";

/** The same notes as plain servers keep them: text, a finished feed item, tags, and a search index with its own rows. */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  CREATE TABLE notes (
    id           INTEGER PRIMARY KEY,
    slug         TEXT NOT NULL UNIQUE,
    title        TEXT,
    content      TEXT NOT NULL,
    text         TEXT NOT NULL,
    published_at TEXT NOT NULL,
    item         TEXT NOT NULL
  );
  CREATE INDEX notes_by_time ON notes (published_at DESC, id DESC);
  CREATE TABLE tags (note_id INTEGER NOT NULL REFERENCES notes (id), name TEXT NOT NULL, label TEXT NOT NULL,
                     PRIMARY KEY (note_id, name)) WITHOUT ROWID;
  CREATE VIRTUAL TABLE search USING fts5 (title, text, content = 'notes', content_rowid = 'id',
                                          tokenize = 'unicode61 remove_diacritics 2');
`;

type ProductNote = {
  slug: string;
  title: string | null;
  content: string;
  text: string;
  published_at: string;
  tags: string;
};

/**
 * Writes the listed notes of the product's database, with their feed items (newest first), into a database for the
 * plain servers. Throws when there is not one item for each note.
 */
export function writeBareDatabase(
  file: string,
  { productFile, items }: { productFile: string; items: string[] },
): void {
  const unfinished = `${file}.new`;
  for (const suffix of ["", "-wal", "-shm"]) rmSync(unfinished + suffix, { force: true });
  const product = new SQLite(productFile, { readonly: true, fileMustExist: true });
  const bare = new SQLite(unfinished);
  try {
    bare.exec(SCHEMA);
    bare.transaction(() => copyNotes(product, bare, items))();
  } finally {
    bare.close();
    product.close();
  }
  renameSync(unfinished, file);
}

function copyNotes(product: SQLite.Database, bare: SQLite.Database, items: string[]): void {
  const notes = product.prepare(
    `SELECT slug, title, content, content_text AS text, published_at, tags
       FROM notes
      WHERE status = 'published' AND visibility = 'public'
      ORDER BY published_at, id`,
  );
  const insertNote = bare.prepare(
    `INSERT INTO notes (slug, title, content, text, published_at, item)
     VALUES (:slug, :title, :content, :text, :published_at, :item)`,
  );
  const insertTag = bare.prepare("INSERT INTO tags (note_id, name, label) VALUES (:id, :name, :label)");
  let left = items.length;
  for (const note of notes.iterate() as IterableIterator<ProductNote>) {
    left -= 1;
    const item = items[left];
    if (item === undefined) throw new Error("The feed has fewer items than there are listed notes.");
    const { lastInsertRowid: id } = insertNote.run({ ...note, item });
    const tags = JSON.parse(note.tags) as { name: string; label: string }[];
    for (const { name, label } of tags) insertTag.run({ id, name, label });
  }
  if (left !== 0) throw new Error("The feed has more items than there are listed notes.");
  bare.exec("INSERT INTO search (search) VALUES ('rebuild')");
}

/** Slugs of the notes, oldest first, and whether `newest` is still the item of the newest one. */
export function readBareDatabase(file: string): { slugs: string[]; newestItems: string[] } {
  const bare = new SQLite(file, { readonly: true, fileMustExist: true });
  try {
    const slugs = bare.prepare("SELECT slug FROM notes ORDER BY id").pluck().all() as string[];
    const newestItems = bare.prepare("SELECT item FROM notes ORDER BY id DESC LIMIT 5").pluck().all() as string[];
    return { slugs, newestItems };
  } finally {
    bare.close();
  }
}
