-- Bulk acts: one button pressed for many notes. What each note was stays for an hour, so that the whole act can be
-- undone at once; the revisions stay for good.
CREATE TABLE bulk_acts (
  act_key     TEXT NOT NULL PRIMARY KEY,      -- random key of the form: sent twice, it is done once
  action      TEXT NOT NULL,                  -- tag, untag, publish, unlist, trash, restore
  tags        TEXT NOT NULL CHECK (json_valid(tags)), -- labels, for tag and untag
  note_count  INTEGER NOT NULL,               -- notes that it was asked for
  made_at     TEXT NOT NULL,
  finished_at TEXT,                           -- NULL: under way, or broken off
  undone_at   TEXT
) STRICT;

CREATE INDEX bulk_acts_by_time ON bulk_acts (made_at DESC);

CREATE TABLE bulk_act_notes (
  act_key TEXT NOT NULL REFERENCES bulk_acts (act_key) ON DELETE CASCADE,
  note_id INTEGER NOT NULL REFERENCES notes (id),
  version INTEGER,                            -- that the act left; NULL: it left the note out
  before  TEXT CHECK (json_valid(before)),    -- {"status": "draft", "visibility": "public", "tags": […], …}
  reason  TEXT,                               -- why the act, or its undoing, left the note out
  PRIMARY KEY (act_key, note_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX bulk_act_notes_by_note ON bulk_act_notes (note_id);
