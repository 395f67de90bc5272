-- Translations: notes that say the same in several languages. Follows the property `translation-key` of a note, which all of
-- a group have in common; written with each save.
CREATE TABLE note_translations (
  note_id         INTEGER PRIMARY KEY REFERENCES notes (id),
  translation_key TEXT NOT NULL
) STRICT;

CREATE INDEX note_translations_by_key ON note_translations (translation_key);

-- The key translations:KEY stands for what notes show of their translations: which they are, their languages and addresses.
CREATE TRIGGER note_translations_inserted AFTER INSERT ON note_translations BEGIN
  INSERT INTO public_changes (key, changed_at)
  SELECT 'translations:' || new.translation_key, changed_at FROM notes
   WHERE id = new.note_id AND status = 'published' AND visibility = 'public';
END;

CREATE TRIGGER note_translations_updated AFTER UPDATE ON note_translations BEGIN
  INSERT INTO public_changes (key, changed_at)
  SELECT 'translations:' || old.translation_key, changed_at FROM notes
   WHERE id = new.note_id AND status = 'published' AND visibility = 'public'
  UNION
  SELECT 'translations:' || new.translation_key, changed_at FROM notes
   WHERE id = new.note_id AND status = 'published' AND visibility = 'public';
END;

CREATE TRIGGER note_translations_deleted AFTER DELETE ON note_translations BEGIN
  INSERT INTO public_changes (key, changed_at)
  SELECT 'translations:' || old.translation_key, changed_at FROM notes
   WHERE id = old.note_id AND status = 'published' AND visibility = 'public';
END;

CREATE TRIGGER notes_updated_translations AFTER UPDATE ON notes
WHEN ((old.status = 'published' AND old.visibility = 'public') OR (new.status = 'published' AND new.visibility = 'public'))
 AND (old.status <> new.status OR old.visibility <> new.visibility OR old.language IS NOT new.language
   OR old.slug <> new.slug OR (old.kind = 'page') <> (new.kind = 'page'))
BEGIN
  INSERT INTO public_changes (key, changed_at)
  SELECT 'translations:' || translation_key, new.changed_at FROM note_translations WHERE note_id = new.id;
END;
