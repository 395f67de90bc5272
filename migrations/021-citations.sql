-- Citations: what a page elsewhere says of itself that a note answers, likes, shares or marks. Fetched by a job and shown with
-- the note. A row is here as long as a note is about the page; it is no author's word, and is fetched again where it is lost.
CREATE TABLE citations (
  url          TEXT PRIMARY KEY,              -- as the note has it
  title        TEXT,                          -- NULL: the page has none; so for all that it may say
  author_name  TEXT,
  author_url   TEXT,
  author_photo TEXT,                          -- media.name of our own copy, made small
  excerpt      TEXT,                          -- plain text
  image        TEXT,                          -- media.name of our own copy, made small
  language     TEXT,                          -- BCP 47; NULL: not known
  fetched_at   TEXT,                          -- when the page last answered; NULL: never yet
  reason       TEXT,                          -- why the last try gave nothing; NULL: it did, or none was made yet
  changed_at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which notes are about a page.
CREATE TABLE note_citations (
  url     TEXT NOT NULL REFERENCES citations (url),
  note_id INTEGER NOT NULL REFERENCES notes (id),
  PRIMARY KEY (url, note_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_citations_by_note ON note_citations (note_id);

-- What readers see of a citation stands on the pages of its notes, on their lists, and in links to them.
CREATE TRIGGER citations_updated_public AFTER UPDATE ON citations
WHEN old.title IS NOT new.title OR old.author_name IS NOT new.author_name OR old.author_url IS NOT new.author_url
  OR old.author_photo IS NOT new.author_photo OR old.excerpt IS NOT new.excerpt OR old.image IS NOT new.image
  OR old.language IS NOT new.language OR (old.fetched_at IS NULL) <> (new.fetched_at IS NULL) BEGIN
  DELETE FROM feed_items WHERE note_id IN (SELECT note_id FROM note_citations WHERE url = new.url);
  INSERT INTO public_changes (key, changed_at)
  SELECT 'note:' || notes.id, new.changed_at
    FROM note_citations JOIN notes ON notes.id = note_citations.note_id
   WHERE note_citations.url = new.url AND status = 'published' AND visibility <> 'private';
  INSERT INTO public_changes (key, changed_at)
  SELECT 'link:' || notes.id, new.changed_at
    FROM note_citations JOIN notes ON notes.id = note_citations.note_id
   WHERE note_citations.url = new.url AND status = 'published' AND visibility = 'public' AND kind <> 'page';
  INSERT INTO public_changes (key, changed_at)
  SELECT DISTINCT 'tag:' || note_tags.tag, new.changed_at
    FROM note_citations JOIN note_tags ON note_tags.note_id = note_citations.note_id
   WHERE note_citations.url = new.url AND note_tags.listed_at IS NOT NULL;
  INSERT INTO public_changes (key, changed_at)
  SELECT 'list', new.changed_at
   WHERE EXISTS (SELECT 1 FROM note_citations JOIN notes ON notes.id = note_citations.note_id
                  WHERE note_citations.url = new.url AND status = 'published' AND visibility = 'public' AND kind <> 'page');
END;

-- The notes of a citation show its pictures too.
CREATE TRIGGER citations_updated_media AFTER UPDATE ON citations
WHEN old.author_photo IS NOT new.author_photo OR old.image IS NOT new.image BEGIN
  INSERT OR IGNORE INTO note_media (media_name, note_id)
  SELECT media.name, note_citations.note_id
    FROM note_citations JOIN media ON media.name IN (new.author_photo, new.image)
   WHERE note_citations.url = new.url;
END;

CREATE TRIGGER note_citations_inserted_media AFTER INSERT ON note_citations BEGIN
  INSERT OR IGNORE INTO note_media (media_name, note_id)
  SELECT media.name, new.note_id
    FROM citations JOIN media ON media.name IN (citations.author_photo, citations.image)
   WHERE citations.url = new.url;
END;

CREATE TRIGGER media_deleted_citations AFTER DELETE ON media BEGIN
  UPDATE citations SET author_photo = NULL WHERE author_photo = old.name;
  UPDATE citations SET image = NULL WHERE image = old.name;
END;

-- A note without title and text is called by its kind, and what it is about.
DROP TRIGGER notes_updated_link;
CREATE TRIGGER notes_updated_link AFTER UPDATE ON notes
WHEN ((old.status = 'published' AND old.visibility = 'public' AND old.kind <> 'page')
   OR (new.status = 'published' AND new.visibility = 'public' AND new.kind <> 'page'))
 AND (old.status <> new.status OR old.visibility <> new.visibility OR old.published_at IS NOT new.published_at
   OR old.slug <> new.slug OR old.title IS NOT new.title OR (old.kind = 'page') <> (new.kind = 'page')
   OR (new.title IS NULL AND old.content_text <> new.content_text)
   OR (new.title IS NULL AND new.content_text = '' AND (old.kind <> new.kind OR old.properties <> new.properties))) BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('link:' || new.id, new.changed_at);
END;

-- What was finished before says nothing of kinds.
DELETE FROM feed_items;
