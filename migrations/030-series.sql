-- Series: notes that belong together, in an order. Follows the properties `series` and `series-position` of a note; written
-- with each save, since the name in its address is made by the program.
CREATE TABLE note_series (
  note_id  INTEGER PRIMARY KEY REFERENCES notes (id),
  series   TEXT NOT NULL,                      -- its place in URLs: learning-rust
  label    TEXT NOT NULL,                      -- as the author wrote it: Learning Rust
  position REAL                                -- NULL: by time, after those that have one
) STRICT;

CREATE INDEX note_series_by_name ON note_series (series, position);

-- The key series:NAME stands for what the notes of a series show of each other: which they are, their order, names and
-- addresses. A text that changes below its title drops none of the others.
CREATE TRIGGER note_series_inserted AFTER INSERT ON note_series BEGIN
  INSERT INTO public_changes (key, changed_at)
  SELECT 'series:' || new.series, changed_at FROM notes
   WHERE id = new.note_id AND status = 'published' AND visibility = 'public';
END;

CREATE TRIGGER note_series_updated AFTER UPDATE ON note_series BEGIN
  INSERT INTO public_changes (key, changed_at)
  SELECT 'series:' || old.series, changed_at FROM notes
   WHERE id = new.note_id AND status = 'published' AND visibility = 'public'
  UNION
  SELECT 'series:' || new.series, changed_at FROM notes
   WHERE id = new.note_id AND status = 'published' AND visibility = 'public';
END;

CREATE TRIGGER note_series_deleted AFTER DELETE ON note_series BEGIN
  INSERT INTO public_changes (key, changed_at)
  SELECT 'series:' || old.series, changed_at FROM notes
   WHERE id = old.note_id AND status = 'published' AND visibility = 'public';
END;

CREATE TRIGGER notes_updated_series AFTER UPDATE ON notes
WHEN ((old.status = 'published' AND old.visibility = 'public') OR (new.status = 'published' AND new.visibility = 'public'))
 AND (old.status <> new.status OR old.visibility <> new.visibility OR old.published_at IS NOT new.published_at
   OR old.published_offset IS NOT new.published_offset OR old.language IS NOT new.language OR old.slug <> new.slug
   OR old.title IS NOT new.title OR old.kind <> new.kind OR (new.title IS NULL AND old.content_text <> new.content_text))
BEGIN
  INSERT INTO public_changes (key, changed_at)
  SELECT 'series:' || series, new.changed_at FROM note_series WHERE note_id = new.id;
END;

-- Pinned notes: the setting `pinnedNotes` is shown on home alone, so it has a key of its own, `pins`.
DROP TRIGGER settings_inserted;
CREATE TRIGGER settings_inserted AFTER INSERT ON settings BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES (iif(new.name = 'pinnedNotes', 'pins', 'site'), new.changed_at);
END;

DROP TRIGGER settings_updated;
CREATE TRIGGER settings_updated AFTER UPDATE ON settings WHEN old.value <> new.value BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES (iif(new.name = 'pinnedNotes', 'pins', 'site'), new.changed_at);
END;
