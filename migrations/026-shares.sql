-- What was shared to the site from another app, by the random key that the device gave it: a share that is delivered
-- twice, because an answer got lost, makes one draft.
CREATE TABLE shares (
  share_key   TEXT NOT NULL PRIMARY KEY,
  editor_key  TEXT NOT NULL,                  -- of the autosave that it became
  received_at TEXT NOT NULL
) STRICT;
