-- Notes: what the author writes. A trashed or erased note keeps its row, so that its address answers
-- 410 Gone (webmention senders and feed readers act on that). Erasing keeps slug and times only.
--
-- The long columns stand last: a look at status or time then never reads through the texts before it.
CREATE TABLE notes (
  id               INTEGER PRIMARY KEY,
  uid              TEXT NOT NULL UNIQUE,      -- guid of the feeds: a URN that no rename changes
  anchor           TEXT NOT NULL,             -- random prefix of the ids inside content_html
  slug             TEXT NOT NULL UNIQUE,
  kind             TEXT NOT NULL DEFAULT 'note' CHECK (kind IN ('note', 'article', 'photo', 'video', 'audio', 'reply',
                     'like', 'repost', 'bookmark', 'rsvp', 'event', 'checkin', 'page')),
  status           TEXT NOT NULL CHECK (status IN ('draft', 'scheduled', 'published', 'trashed', 'erased')),
  restore_status   TEXT CHECK (restore_status IN ('draft', 'scheduled', 'published')), -- what trash took it from; else NULL
  visibility       TEXT NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'unlisted', 'private')),
  published_at     TEXT,                      -- NULL while a draft that has no time; in the future while scheduled
  published_offset INTEGER,                   -- minutes east of UTC that it was published with; NULL: the author's zone says
  updated_at       TEXT,                      -- last change of what readers see after publication; NULL: none
  first_public_at  TEXT,                      -- when others could first read it; NULL: never, so nobody knows its address
  created_at       TEXT NOT NULL,
  changed_at       TEXT NOT NULL,             -- last write of any kind
  trashed_at       TEXT,                      -- NULL unless trashed, or erased from the trash
  version          INTEGER NOT NULL,          -- 1 at first, one more with every save
  made_by          TEXT NOT NULL,             -- 'admin', 'import', 'cli', or the client_id of an app
  import_path      TEXT UNIQUE,               -- path below the imported folder; NULL: not imported
  import_hash      TEXT,                      -- SHA-256 of what was imported
  import_version   INTEGER,                   -- version that the import made; a later one was edited here
  content_format   TEXT NOT NULL CHECK (content_format IN ('markdown', 'text', 'html')),
  renderer_version INTEGER NOT NULL,
  language         TEXT,                      -- BCP 47; NULL: the site's
  title            TEXT,                      -- NULL: the note has none, and none is invented
  -- [{"name": "web-dev", "label": "Web Dev"}]; with "inText": true it is a hashtag of the text, and goes with it.
  tags             TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
  properties       TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(properties)), -- mf2 properties without a column
  unspaced_text    TEXT,                      -- what title, text and tags have of scripts without spaces; NULL: nothing
  content_text     TEXT NOT NULL,             -- plain, for search and excerpts
  content          TEXT NOT NULL,             -- as written
  content_html     TEXT NOT NULL,             -- rendered, sanitised, URLs of this site root-relative
  CHECK (published_at IS NOT NULL OR status NOT IN ('scheduled', 'published')),
  CHECK ((status = 'trashed') = (restore_status IS NOT NULL))
) STRICT;

-- No index may begin with `status`: SQLite would take it for the public lists, and sort them whole for each page.
CREATE INDEX notes_listed ON notes (published_at DESC, id DESC) WHERE status = 'published' AND visibility = 'public';
CREATE INDEX notes_by_change ON notes (changed_at DESC, id DESC, status);

-- Every save, whole. `version` is the version of the note that the save made.
CREATE TABLE note_revisions (
  id               INTEGER PRIMARY KEY,
  note_id          INTEGER NOT NULL REFERENCES notes (id),
  version          INTEGER NOT NULL,
  saved_at         TEXT NOT NULL,
  made_by          TEXT NOT NULL,
  action           TEXT NOT NULL,             -- publish, save_draft, revise, retract, trash, restore, …
  slug             TEXT NOT NULL,
  kind             TEXT NOT NULL,
  status           TEXT NOT NULL,
  visibility       TEXT NOT NULL,
  title            TEXT,
  content          TEXT NOT NULL,
  content_format   TEXT NOT NULL,
  tags             TEXT NOT NULL CHECK (json_valid(tags)),
  language         TEXT,
  published_at     TEXT,
  published_offset INTEGER,
  properties       TEXT NOT NULL CHECK (json_valid(properties)),
  UNIQUE (note_id, version)
) STRICT;

-- Old paths that lead to a note for ever: of a rename (/notes/old-slug) or of the site it was imported from.
CREATE TABLE note_aliases (
  path       TEXT PRIMARY KEY,                -- decoded, begins with a slash
  note_id    INTEGER NOT NULL REFERENCES notes (id),
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX note_aliases_by_note ON note_aliases (note_id);

-- Images elsewhere that a note shows, so that it is rendered again when a copy arrives or the author's choice changes.
CREATE TABLE note_remote_images (
  url     TEXT NOT NULL,
  note_id INTEGER NOT NULL REFERENCES notes (id),
  PRIMARY KEY (url, note_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_remote_images_by_note ON note_remote_images (note_id);

-- What a form sent under its random key: the same again is the same note, not a second one.
CREATE TABLE note_submissions (
  form_key     TEXT NOT NULL,
  content_hash TEXT NOT NULL,                 -- SHA-256 of all that was sent
  note_id      INTEGER NOT NULL REFERENCES notes (id),
  created_at   TEXT NOT NULL,
  PRIMARY KEY (form_key, content_hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_submissions_by_note ON note_submissions (note_id);

-- Tags, spread out for look-ups; follows notes.tags by trigger. listed_at is the time of publication
-- while the note is in public lists, else NULL.
CREATE TABLE note_tags (
  note_id   INTEGER NOT NULL REFERENCES notes (id),
  tag       TEXT NOT NULL,
  label     TEXT NOT NULL,
  listed_at TEXT,
  PRIMARY KEY (note_id, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_tags_by_tag ON note_tags (tag, listed_at DESC, note_id DESC, label);

CREATE TRIGGER notes_inserted_tags AFTER INSERT ON notes BEGIN
  INSERT INTO note_tags (note_id, tag, label, listed_at)
  SELECT new.id, value ->> 'name', value ->> 'label',
         CASE WHEN new.status = 'published' AND new.visibility = 'public' THEN new.published_at END
    FROM json_each(new.tags);
END;

CREATE TRIGGER notes_updated_tags AFTER UPDATE ON notes
WHEN old.tags <> new.tags OR old.status <> new.status OR old.visibility <> new.visibility
  OR old.published_at IS NOT new.published_at BEGIN
  DELETE FROM note_tags WHERE note_id = new.id;
  INSERT INTO note_tags (note_id, tag, label, listed_at)
  SELECT new.id, value ->> 'name', value ->> 'label',
         CASE WHEN new.status = 'published' AND new.visibility = 'public' THEN new.published_at END
    FROM json_each(new.tags);
END;

-- Public changes. A permalink shows published notes that are public or unlisted; lists and tag pages show
-- public ones. A note that leaves counts as much as one that comes.
CREATE TRIGGER notes_inserted_public AFTER INSERT ON notes
WHEN new.status = 'published' AND new.visibility <> 'private' BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('note:' || new.id, new.changed_at);
  INSERT INTO public_changes (key, changed_at) SELECT 'list', new.changed_at WHERE new.visibility = 'public';
  INSERT INTO public_changes (key, changed_at)
  SELECT 'tag:' || (value ->> 'name'), new.changed_at FROM json_each(new.tags) WHERE new.visibility = 'public';
END;

CREATE TRIGGER notes_updated_public AFTER UPDATE ON notes
WHEN (old.status = 'published' AND old.visibility <> 'private')
  OR (new.status = 'published' AND new.visibility <> 'private') BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('note:' || new.id, new.changed_at);
  INSERT INTO public_changes (key, changed_at)
  SELECT 'list', new.changed_at
   WHERE (old.status = 'published' AND old.visibility = 'public') OR (new.status = 'published' AND new.visibility = 'public');
  INSERT INTO public_changes (key, changed_at)
  SELECT 'tag:' || (value ->> 'name'), new.changed_at FROM json_each(old.tags)
   WHERE old.status = 'published' AND old.visibility = 'public'
  UNION
  SELECT 'tag:' || (value ->> 'name'), new.changed_at FROM json_each(new.tags)
   WHERE new.status = 'published' AND new.visibility = 'public';
END;

-- Links. The permalinks of the notes beside one in the lists lead to it by its title, or the beginning of its text:
-- what they show changes only when it comes, goes, moves, or is called otherwise.
CREATE TRIGGER notes_inserted_link AFTER INSERT ON notes
WHEN new.status = 'published' AND new.visibility = 'public' BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('link:' || new.id, new.changed_at);
END;

CREATE TRIGGER notes_updated_link AFTER UPDATE ON notes
WHEN ((old.status = 'published' AND old.visibility = 'public') OR (new.status = 'published' AND new.visibility = 'public'))
 AND (old.status <> new.status OR old.visibility <> new.visibility OR old.published_at IS NOT new.published_at
   OR old.slug <> new.slug OR old.title IS NOT new.title
   OR (new.title IS NULL AND old.content_text <> new.content_text)) BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('link:' || new.id, new.changed_at);
END;
