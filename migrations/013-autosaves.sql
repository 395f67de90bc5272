-- Autosaves: what is being typed, before its author saves it. They lie beside the notes, so that nothing that reads
-- notes (lists, feeds, search, export) can ever come upon one. Each opened editor has a row of its own: two devices at
-- one note never write over each other.
CREATE TABLE note_autosaves (
  editor_key TEXT NOT NULL PRIMARY KEY,       -- random key of the opened editor
  note_id    INTEGER REFERENCES notes (id),   -- NULL: a note that was never saved
  device     TEXT NOT NULL,                   -- "Firefox on Linux"
  saved_at   TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,                -- of the text in UTF-8
  -- {"title": "…", "content": "…", "version": "3", …}: the fields of the editor's form by name, as they were typed
  fields     TEXT NOT NULL CHECK (json_valid(fields))
) STRICT;

CREATE INDEX note_autosaves_by_note ON note_autosaves (note_id, saved_at DESC);
CREATE INDEX note_autosaves_by_time ON note_autosaves (saved_at DESC);
