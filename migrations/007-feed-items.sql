-- Finished items of the RSS feed of all notes, so that a hundred thousand of them are read and not made. They are copies:
-- written when a reader of that feed comes by a note that has none, gone with every change of the note, and passed over
-- where `stamp` is not that of the running program. Empty as long as FEED_ITEMS is not `all`.
CREATE TABLE feed_items (
  note_id INTEGER PRIMARY KEY REFERENCES notes (id) ON DELETE CASCADE,
  stamp   TEXT NOT NULL,                      -- of all that an item says besides its note: version, address, settings
  item    TEXT NOT NULL                       -- as it stands in the feed
) STRICT;

CREATE TRIGGER notes_updated_feed_item AFTER UPDATE ON notes BEGIN
  DELETE FROM feed_items WHERE note_id = new.id;
END;
