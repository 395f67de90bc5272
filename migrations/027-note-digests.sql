-- What a job finds out about each listed note: how many words it has, and which notes are related to it. Derived: it is
-- found anew where it is lost.
CREATE TABLE note_digests (
  note_id  INTEGER PRIMARY KEY REFERENCES notes (id) ON DELETE CASCADE,
  words    INTEGER NOT NULL,
  related  TEXT NOT NULL CHECK (json_valid(related)), -- ids of notes, the most related first
  found_at TEXT NOT NULL
) STRICT;

-- The same the other way round: the notes under which one stands. Follows note_digests by trigger.
CREATE TABLE note_relations (
  related_id INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
  note_id    INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
  PRIMARY KEY (related_id, note_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_relations_by_note ON note_relations (note_id);

-- Readers see it: the key of a permalink's list is related:ID.
CREATE TRIGGER note_digests_inserted AFTER INSERT ON note_digests WHEN new.related <> '[]' BEGIN
  INSERT INTO note_relations (related_id, note_id) SELECT value, new.note_id FROM json_each(new.related);
  INSERT INTO public_changes (key, changed_at) VALUES ('related:' || new.note_id, new.found_at);
END;

CREATE TRIGGER note_digests_updated AFTER UPDATE ON note_digests WHEN old.related <> new.related BEGIN
  DELETE FROM note_relations WHERE note_id = new.note_id;
  INSERT INTO note_relations (related_id, note_id) SELECT value, new.note_id FROM json_each(new.related);
  INSERT INTO public_changes (key, changed_at) VALUES ('related:' || new.note_id, new.found_at);
END;

-- Notes that are to be looked at (again), by a job that the program queues when there are some. `spreads`: the notes that
-- it is related to come after it. `turn` grows with each change while it waits: what was found out about an older text is
-- not the end of it.
CREATE TABLE digests_due (
  note_id INTEGER PRIMARY KEY REFERENCES notes (id) ON DELETE CASCADE,
  spreads INTEGER NOT NULL CHECK (spreads IN (0, 1)),
  turn    INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TRIGGER notes_inserted_digest AFTER INSERT ON notes
WHEN new.status = 'published' AND new.visibility = 'public' AND new.kind <> 'page' BEGIN
  INSERT INTO digests_due (note_id, spreads) VALUES (new.id, 1);
END;

CREATE TRIGGER notes_updated_digest AFTER UPDATE ON notes
WHEN ((old.status = 'published' AND old.visibility = 'public' AND old.kind <> 'page')
   OR (new.status = 'published' AND new.visibility = 'public' AND new.kind <> 'page'))
 AND (old.status <> new.status OR old.visibility <> new.visibility OR (old.kind = 'page') <> (new.kind = 'page')
   OR old.published_at IS NOT new.published_at OR old.title IS NOT new.title OR old.tags <> new.tags
   OR old.content_text <> new.content_text) BEGIN
  INSERT INTO digests_due (note_id, spreads) VALUES (new.id, 1)
      ON CONFLICT (note_id) DO UPDATE SET spreads = 1, turn = turn + 1;
END;

-- Numbers about all listed notes, for the page of statistics: one row, made by a job. Their key is figures.
CREATE TABLE site_figures (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  figures    TEXT NOT NULL CHECK (json_valid(figures)),
  counted_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER site_figures_inserted AFTER INSERT ON site_figures BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('figures', new.counted_at);
END;

CREATE TRIGGER site_figures_updated AFTER UPDATE ON site_figures WHEN old.figures <> new.figures BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('figures', new.counted_at);
END;

-- The notes that there are: worked off in the background, a few each second.
INSERT INTO digests_due (note_id, spreads)
SELECT id, 0 FROM notes WHERE status = 'published' AND visibility = 'public' AND kind <> 'page';
