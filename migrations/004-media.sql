-- Uploaded, imported and copied files. The file itself is DATA_DIR/media/NAME; NAME is made from its content.
CREATE TABLE media (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE,       -- 22 base64url characters of the SHA-256 of the stored bytes, and .ext
  source_hash   TEXT NOT NULL,              -- SHA-256 of the bytes as they came, hex: the same upload is stored once
  media_type    TEXT NOT NULL,
  size_bytes    INTEGER NOT NULL,
  width         INTEGER,                    -- pixels; NULL for what is no image
  height        INTEGER,
  original_name TEXT,                       -- as the client called it; shown to the author only
  created_at    TEXT NOT NULL
) STRICT;

CREATE INDEX media_by_source ON media (source_hash);

-- Images that notes show from elsewhere, and our copy of each once a job has made it.
CREATE TABLE remote_images (
  url        TEXT PRIMARY KEY,
  media_name TEXT REFERENCES media (name),  -- NULL until copied
  reason     TEXT,                          -- why it could not be copied; NULL while waiting or done
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
