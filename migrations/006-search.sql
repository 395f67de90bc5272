-- Full-text search over all notes but erased ones; who may see a hit is asked of `notes`. Follows it by trigger.
-- Marks belong to words (M*): Devanagari, Tamil and others would fall apart at each vowel sign.
-- `characters` are those of scripts without spaces, each a word, so that a phrase of them finds what stands inside a sentence.
CREATE VIRTUAL TABLE note_search USING fts5 (
  title, text, tags, characters,
  content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
);

CREATE TRIGGER notes_inserted_search AFTER INSERT ON notes WHEN new.status <> 'erased' BEGIN
  INSERT INTO note_search (rowid, title, text, tags, characters)
  VALUES (new.id, coalesce(new.title, ''), new.content_text,
          (SELECT coalesce(group_concat(value ->> 'label', ' '), '') FROM json_each(new.tags)),
          coalesce(new.unspaced_text, ''));
END;

CREATE TRIGGER notes_updated_search AFTER UPDATE ON notes
WHEN old.title IS NOT new.title OR old.content_text <> new.content_text OR old.tags <> new.tags
  OR old.unspaced_text IS NOT new.unspaced_text OR (old.status = 'erased') <> (new.status = 'erased') BEGIN
  DELETE FROM note_search WHERE rowid = old.id;
  INSERT INTO note_search (rowid, title, text, tags, characters)
  SELECT new.id, coalesce(new.title, ''), new.content_text,
         (SELECT coalesce(group_concat(value ->> 'label', ' '), '') FROM json_each(new.tags)),
         coalesce(new.unspaced_text, '')
   WHERE new.status <> 'erased';
END;
