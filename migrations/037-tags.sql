-- Sections: what the page and the feeds of a tag say besides its notes, and which notes stand first there. A tag needs none.
CREATE TABLE sections (
  tag              TEXT PRIMARY KEY,
  title            TEXT NOT NULL,             -- empty: the tag as its newest note has it
  description      TEXT NOT NULL,             -- Markdown, as written
  description_html TEXT NOT NULL,             -- rendered, sanitised, URLs of this site root-relative
  description_text TEXT NOT NULL,             -- plain, for feeds and the head of the page
  pinned_notes     TEXT NOT NULL CHECK (json_valid(pinned_notes)), -- ["urn:uuid:…"], in their order
  changed_at       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- They are a part of the page of the tag, and go stale with it.
CREATE TRIGGER sections_inserted AFTER INSERT ON sections BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('tag:' || new.tag, new.changed_at);
END;

CREATE TRIGGER sections_updated AFTER UPDATE ON sections BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('tag:' || new.tag, new.changed_at);
END;

-- What removes a section says first when: it writes changed_at.
CREATE TRIGGER sections_deleted AFTER DELETE ON sections BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('tag:' || old.tag, old.changed_at);
END;

-- Tags of notes that stand in no list: few, and the author's list of tags counts them apart.
CREATE INDEX note_tags_not_listed ON note_tags (tag, note_id, label) WHERE listed_at IS NULL;

-- A tag renamed, merged or deleted is a bulk act (rename_tag, merge_tags, delete_tag), done by a job where it has many notes.
CREATE TABLE tag_acts (
  act_key TEXT PRIMARY KEY REFERENCES bulk_acts (act_key) ON DELETE CASCADE,
  sources TEXT NOT NULL CHECK (json_valid(sources)), -- names of the tags that go
  target  TEXT,                                      -- what the notes have instead, as the author wrote it; NULL: nothing
  device  TEXT,                                      -- the browser that it was asked from
  before  TEXT NOT NULL CHECK (json_valid(before))   -- redirects, sections and menu that it changed, as they were
) STRICT, WITHOUT ROWID;

-- Undoing an act goes on where it was stopped.
ALTER TABLE bulk_act_notes ADD COLUMN put_back INTEGER NOT NULL DEFAULT 0 CHECK (put_back IN (0, 1));
