-- New notes come into the search index after their author has the answer, many at once: most of what it costs to publish a
-- note is what is written in its commit, and the index is a fifth of that. A note that is new has the largest id, so one
-- number says how far the index has come. Searches bring it up first, so that a note is found as soon as it is published.
CREATE TABLE search_index_place (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  note_id INTEGER NOT NULL                    -- the last note that the index has, if it has to; later ones wait
) STRICT;
INSERT INTO search_index_place (id, note_id) SELECT 1, coalesce(max(id), 0) FROM notes;

DROP TRIGGER notes_inserted_search;

-- As migration 020 has it, but for notes that wait: they come as they are then.
DROP TRIGGER notes_updated_search;
CREATE TRIGGER notes_updated_search AFTER UPDATE ON notes
WHEN (old.title IS NOT new.title OR old.content_text <> new.content_text OR old.tags <> new.tags
   OR old.unspaced_text IS NOT new.unspaced_text OR (old.status = 'erased') <> (new.status = 'erased'))
 AND new.id <= (SELECT note_id FROM search_index_place)
 AND NOT EXISTS (SELECT 1 FROM search_index_damage) BEGIN
  DELETE FROM note_search WHERE rowid = old.id;
  INSERT INTO note_search (rowid, title, text, tags, characters)
  SELECT new.id, coalesce(new.title, ''), new.content_text,
         (SELECT coalesce(group_concat(value ->> 'label', ' '), '') FROM json_each(new.tags)),
         coalesce(new.unspaced_text, '')
   WHERE new.status <> 'erased';
END;
