-- Full-text search over all notes but erased ones; who may see a hit is asked of `notes`. Follows it by trigger.
CREATE VIRTUAL TABLE note_search USING fts5 (
  title, text, tags,
  content = '', contentless_delete = 1,
  tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER notes_inserted_search AFTER INSERT ON notes WHEN new.status <> 'erased' BEGIN
  INSERT INTO note_search (rowid, title, text, tags)
  VALUES (new.id, coalesce(new.title, ''), new.content_text,
          (SELECT coalesce(group_concat(value ->> 'label', ' '), '') FROM json_each(new.tags)));
END;

CREATE TRIGGER notes_updated_search AFTER UPDATE ON notes
WHEN old.title IS NOT new.title OR old.content_text <> new.content_text OR old.tags <> new.tags
  OR new.status = 'erased' BEGIN
  DELETE FROM note_search WHERE rowid = old.id;
  INSERT INTO note_search (rowid, title, text, tags)
  SELECT new.id, coalesce(new.title, ''), new.content_text,
         (SELECT coalesce(group_concat(value ->> 'label', ' '), '') FROM json_each(new.tags))
   WHERE new.status <> 'erased';
END;
