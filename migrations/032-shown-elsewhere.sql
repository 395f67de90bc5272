-- Files elsewhere that an app posted and that could not be fetched in time: notes show them from their own address until
-- the job has copied them.
ALTER TABLE remote_images ADD COLUMN is_shown INTEGER NOT NULL DEFAULT 0 CHECK (is_shown IN (0, 1));

-- As what the stored HTML of a note shows such a file: 'image' or 'media' (a film or a recording); NULL: it does not.
-- The policy of a page allows these alone.
ALTER TABLE note_remote_images ADD COLUMN shown_as TEXT CHECK (shown_as IN ('image', 'media'));

CREATE INDEX note_remote_images_shown ON note_remote_images (url, shown_as) WHERE shown_as IS NOT NULL;
