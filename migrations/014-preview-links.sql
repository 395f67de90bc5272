-- Links by which others read a note that is not out, for a while. Each is known by the hash of its secret: whoever reads
-- the database or a backup of it opens nothing with that.
CREATE TABLE preview_links (
  id          INTEGER PRIMARY KEY,
  note_id     INTEGER NOT NULL REFERENCES notes (id),
  secret_hash TEXT NOT NULL UNIQUE,           -- SHA-256 of 32 random bytes
  created_at  TEXT NOT NULL,
  expires_at  TEXT NOT NULL
) STRICT;

CREATE INDEX preview_links_by_note ON preview_links (note_id, id);

-- Of an erased note there is nothing left to read.
CREATE TRIGGER notes_erased_previews AFTER UPDATE ON notes WHEN new.status = 'erased' BEGIN
  DELETE FROM preview_links WHERE note_id = new.id;
END;
