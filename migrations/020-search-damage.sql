-- A write that meets a damaged search index marks it here, and from then on notes are written without it: a text that is
-- saved is worth more than one that is found. While it is marked, searches read the notes themselves. "starpunk reindex"
-- takes the mark away with the first of what it does.
CREATE TABLE search_index_damage (
  found_at TEXT NOT NULL
) STRICT;

DROP TRIGGER notes_inserted_search;
CREATE TRIGGER notes_inserted_search AFTER INSERT ON notes
WHEN new.status <> 'erased' AND NOT EXISTS (SELECT 1 FROM search_index_damage) BEGIN
  INSERT INTO note_search (rowid, title, text, tags, characters)
  VALUES (new.id, coalesce(new.title, ''), new.content_text,
          (SELECT coalesce(group_concat(value ->> 'label', ' '), '') FROM json_each(new.tags)),
          coalesce(new.unspaced_text, ''));
END;

DROP TRIGGER notes_updated_search;
CREATE TRIGGER notes_updated_search AFTER UPDATE ON notes
WHEN (old.title IS NOT new.title OR old.content_text <> new.content_text OR old.tags <> new.tags
   OR old.unspaced_text IS NOT new.unspaced_text OR (old.status = 'erased') <> (new.status = 'erased'))
 AND NOT EXISTS (SELECT 1 FROM search_index_damage) BEGIN
  DELETE FROM note_search WHERE rowid = old.id;
  INSERT INTO note_search (rowid, title, text, tags, characters)
  SELECT new.id, coalesce(new.title, ''), new.content_text,
         (SELECT coalesce(group_concat(value ->> 'label', ' '), '') FROM json_each(new.tags)),
         coalesce(new.unspaced_text, '')
   WHERE new.status <> 'erased';
END;
