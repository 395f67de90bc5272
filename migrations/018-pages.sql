-- Pages: notes of the kind `page` have an address at the top of the site and stand in no list, feed, archive or tag. They
-- have a key of their own in public_changes, `pages` (sitemap, llms.txt), and not `list` and `tag:NAME`.
DROP TRIGGER notes_inserted_tags;
CREATE TRIGGER notes_inserted_tags AFTER INSERT ON notes BEGIN
  INSERT INTO note_tags (note_id, tag, label, listed_at)
  SELECT new.id, value ->> 'name', value ->> 'label',
         CASE WHEN new.status = 'published' AND new.visibility = 'public' AND new.kind <> 'page' THEN new.published_at END
    FROM json_each(new.tags);
END;

DROP TRIGGER notes_updated_tags;
CREATE TRIGGER notes_updated_tags AFTER UPDATE ON notes
WHEN old.tags <> new.tags OR old.status <> new.status OR old.visibility <> new.visibility
  OR old.published_at IS NOT new.published_at OR (old.kind = 'page') <> (new.kind = 'page') BEGIN
  DELETE FROM note_tags WHERE note_id = new.id;
  INSERT INTO note_tags (note_id, tag, label, listed_at)
  SELECT new.id, value ->> 'name', value ->> 'label',
         CASE WHEN new.status = 'published' AND new.visibility = 'public' AND new.kind <> 'page' THEN new.published_at END
    FROM json_each(new.tags);
END;

UPDATE note_tags SET listed_at = NULL WHERE note_id IN (SELECT id FROM notes WHERE kind = 'page');

DROP TRIGGER notes_inserted_public;
CREATE TRIGGER notes_inserted_public AFTER INSERT ON notes
WHEN new.status = 'published' AND new.visibility <> 'private' BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('note:' || new.id, new.changed_at);
  INSERT INTO public_changes (key, changed_at)
  SELECT iif(new.kind = 'page', 'pages', 'list'), new.changed_at WHERE new.visibility = 'public';
  INSERT INTO public_changes (key, changed_at)
  SELECT 'tag:' || (value ->> 'name'), new.changed_at FROM json_each(new.tags)
   WHERE new.visibility = 'public' AND new.kind <> 'page';
END;

DROP TRIGGER notes_updated_public;
CREATE TRIGGER notes_updated_public AFTER UPDATE ON notes
WHEN (old.status = 'published' AND old.visibility <> 'private')
  OR (new.status = 'published' AND new.visibility <> 'private') BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('note:' || new.id, new.changed_at);
  INSERT INTO public_changes (key, changed_at)
  SELECT iif(old.kind = 'page', 'pages', 'list'), new.changed_at
   WHERE old.status = 'published' AND old.visibility = 'public'
  UNION
  SELECT iif(new.kind = 'page', 'pages', 'list'), new.changed_at
   WHERE new.status = 'published' AND new.visibility = 'public';
  INSERT INTO public_changes (key, changed_at)
  SELECT 'tag:' || (value ->> 'name'), new.changed_at FROM json_each(old.tags)
   WHERE old.status = 'published' AND old.visibility = 'public' AND old.kind <> 'page'
  UNION
  SELECT 'tag:' || (value ->> 'name'), new.changed_at FROM json_each(new.tags)
   WHERE new.status = 'published' AND new.visibility = 'public' AND new.kind <> 'page';
END;

-- No note stands beside a page.
DROP TRIGGER notes_inserted_link;
CREATE TRIGGER notes_inserted_link AFTER INSERT ON notes
WHEN new.status = 'published' AND new.visibility = 'public' AND new.kind <> 'page' BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('link:' || new.id, new.changed_at);
END;

DROP TRIGGER notes_updated_link;
CREATE TRIGGER notes_updated_link AFTER UPDATE ON notes
WHEN ((old.status = 'published' AND old.visibility = 'public' AND old.kind <> 'page')
   OR (new.status = 'published' AND new.visibility = 'public' AND new.kind <> 'page'))
 AND (old.status <> new.status OR old.visibility <> new.visibility OR old.published_at IS NOT new.published_at
   OR old.slug <> new.slug OR old.title IS NOT new.title OR (old.kind = 'page') <> (new.kind = 'page')
   OR (new.title IS NULL AND old.content_text <> new.content_text)) BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('link:' || new.id, new.changed_at);
END;

-- The pages of a site are few; without this the sitemap would look for them among all notes.
CREATE INDEX notes_pages ON notes (slug) WHERE kind = 'page';
