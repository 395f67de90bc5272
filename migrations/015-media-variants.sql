-- Smaller and lighter versions of images, made by a job. They are derived: no backup has them, and what is lost is made
-- again. The file is DATA_DIR/variants/NAME.
CREATE TABLE media_variants (
  name       TEXT PRIMARY KEY,                -- that of the image, the width, the format: HASH-960.avif
  media_name TEXT NOT NULL REFERENCES media (name) ON DELETE CASCADE,
  media_type TEXT NOT NULL,
  width      INTEGER NOT NULL,                -- pixels
  height     INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX media_variants_by_media ON media_variants (media_name, width);

-- By which recipe the variants of a file were made. 0: not yet, or some were lost.
ALTER TABLE media ADD COLUMN variants_recipe INTEGER NOT NULL DEFAULT 0;

CREATE INDEX media_by_recipe ON media (variants_recipe, id);

-- Media files that the HTML of a note names, so that it is rendered again when variants arrive and the author sees where a
-- file is used. A name may stand here that no file has any more.
CREATE TABLE note_media (
  media_name TEXT NOT NULL,
  note_id    INTEGER NOT NULL REFERENCES notes (id),
  PRIMARY KEY (media_name, note_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_media_by_note ON note_media (note_id);

-- The notes that there are: each place in the HTML where a name may begin, one after the other.
WITH RECURSIVE place (note_id, rest) AS (
  SELECT id, content_html FROM notes WHERE instr(content_html, '="/media/') > 0
  UNION ALL
  SELECT note_id, substr(rest, instr(rest, '="/media/') + 9) FROM place WHERE instr(rest, '="/media/') > 0
)
INSERT OR IGNORE INTO note_media (media_name, note_id)
SELECT media.name, place.note_id
  FROM place JOIN media ON media.name IN (substr(place.rest, 1, 26), substr(place.rest, 1, 27));
