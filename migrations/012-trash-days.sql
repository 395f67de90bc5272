-- On how many days the program has seen a note in the trash. Notes are erased after 30 days there, and a clock alone must
-- not decide that: one that was behind as the note was trashed, or runs ahead now, would erase it early.
CREATE TABLE trash_days (
  note_id INTEGER PRIMARY KEY REFERENCES notes (id),
  seen_on TEXT NOT NULL,                      -- day of the newest look, UTC: 2026-03-01
  days    INTEGER NOT NULL                    -- days with a look
) STRICT;

CREATE TRIGGER notes_left_trash AFTER UPDATE ON notes WHEN old.status = 'trashed' AND new.status <> 'trashed' BEGIN
  DELETE FROM trash_days WHERE note_id = new.id;
END;
