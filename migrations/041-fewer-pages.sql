-- A note that is published is written into as few pages of the file as can be, since its author waits for each of them.
--
-- Indexes that grow at their end: at the front, pages were split and filled anew with every few notes. Lists that begin
-- with the newest read them backwards.
DROP INDEX notes_listed;
CREATE INDEX notes_listed ON notes (published_at, id, kind) WHERE status = 'published' AND visibility = 'public';

DROP INDEX notes_by_change;
CREATE INDEX notes_by_change ON notes (changed_at, id, status, kind, published_at);

DROP INDEX note_tags_by_tag;
CREATE INDEX note_tags_by_tag ON note_tags (tag, listed_at, note_id, label);

-- The same public changes as before, without AUTOINCREMENT, which writes a page of its own: the newest row always stays, so
-- no revision comes again. What belongs to one note stands together in an index, whatever its key; the other keys are few.
CREATE TABLE changes_before AS SELECT revision, key, changed_at FROM public_changes;
DROP TABLE public_changes;

CREATE TABLE public_changes (
  revision   INTEGER PRIMARY KEY,
  key        TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  -- Of note:ID, link:ID and related:ID; NULL: the key is no note's.
  note_id    INTEGER GENERATED ALWAYS AS (
    CASE WHEN substr(key, 1, instr(key, ':')) IN ('note:', 'link:', 'related:')
         THEN CAST(substr(key, instr(key, ':') + 1) AS INTEGER) END
  ) VIRTUAL
) STRICT;

INSERT INTO public_changes (revision, key, changed_at) SELECT revision, key, changed_at FROM changes_before ORDER BY revision;
DROP TABLE changes_before;

CREATE INDEX public_changes_by_key ON public_changes (key) WHERE note_id IS NULL;
CREATE INDEX public_changes_by_note ON public_changes (note_id, key) WHERE note_id IS NOT NULL;

-- Last-Modified never goes back, even when the clock does: a row is never earlier than the one before it.
CREATE TRIGGER public_changes_keep_order AFTER INSERT ON public_changes
WHEN new.changed_at < (SELECT changed_at FROM public_changes
                        WHERE revision < new.revision ORDER BY revision DESC LIMIT 1) BEGIN
  UPDATE public_changes
     SET changed_at = (SELECT changed_at FROM public_changes
                        WHERE revision < new.revision ORDER BY revision DESC LIMIT 1)
   WHERE revision = new.revision;
END;

-- A key keeps its newest row alone.
CREATE TRIGGER public_changes_keep_newest AFTER INSERT ON public_changes BEGIN
  DELETE FROM public_changes WHERE note_id IS NULL AND key = new.key AND revision < new.revision;
  DELETE FROM public_changes WHERE note_id = new.note_id AND key = new.key AND revision < new.revision;
END;

-- As migration 009 has it.
CREATE TRIGGER public_changes_purged AFTER INSERT ON public_changes WHEN EXISTS (SELECT 1 FROM edges) BEGIN
  INSERT INTO jobs (kind, payload, unique_key, state, run_at, created_at)
  SELECT 'cache.purge', json_object('address', address), address, 'waiting', new.changed_at, new.changed_at
    FROM edges
   WHERE true
      ON CONFLICT (kind, unique_key) WHERE state = 'waiting' AND unique_key IS NOT NULL
      DO UPDATE SET run_at = min(run_at, excluded.run_at);
END;

-- A note that is new has the largest id, so that what comes is known by how far was looked. Only one that changes, or
-- enters the lists later, is still written into digests_due with the change.
DROP TRIGGER notes_inserted_digest;
CREATE TABLE digests_seen (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  note_id INTEGER NOT NULL                    -- the last note that stands in digests_due, if it has to
) STRICT;
INSERT INTO digests_seen (id, note_id) SELECT 1, coalesce(max(id), 0) FROM notes;

-- Nor has the audit log AUTOINCREMENT: what the purge may take is always older than the newest event, so no number comes
-- again and a gap tells, as before. Otherwise it is what migration 031 made.
DROP TRIGGER audit_events_are_kept;
CREATE TABLE audit_before AS SELECT * FROM audit_events;
DROP TABLE audit_events;

CREATE TABLE audit_events (
  id          INTEGER PRIMARY KEY,
  happened_at TEXT NOT NULL,
  kind        TEXT NOT NULL,                -- src/audit/audit-event.ts lists them
  doer        TEXT NOT NULL CHECK (doer IN ('author', 'app', 'machine', 'stranger')),
  name        TEXT NOT NULL,                -- of the author's login, the app's client_id, the command or job; or empty
  network     TEXT NOT NULL,                -- cut to /24 or /48; empty: not by the web
  user_agent  TEXT NOT NULL,
  request_id  TEXT NOT NULL,                -- as in the log; empty: not by the web
  note_id     INTEGER,                      -- the note that it was about; NULL: none
  detail      TEXT NOT NULL,                -- a few words; empty: the kind says all
  is_frequent INTEGER NOT NULL CHECK (is_frequent IN (0, 1)) -- what a stranger or an app can do without end
) STRICT;

INSERT INTO audit_events SELECT * FROM audit_before ORDER BY id;
DROP TABLE audit_before;

CREATE TRIGGER audit_events_are_not_changed BEFORE UPDATE ON audit_events BEGIN
  SELECT RAISE(ABORT, 'the audit log is only added to');
END;

CREATE TRIGGER audit_events_are_not_replaced BEFORE INSERT ON audit_events
  WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = new.id) BEGIN
  SELECT RAISE(ABORT, 'the audit log is only added to');
END;

CREATE TRIGGER audit_events_are_kept BEFORE DELETE ON audit_events
  WHEN NOT (old.is_frequent = 1 AND old.id <= (SELECT max(id) FROM audit_events) - 100000)
   AND old.happened_at >= (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', happened_at, '-400 days')
                             FROM audit_events
                            ORDER BY id DESC
                            LIMIT 1) BEGIN
  SELECT RAISE(ABORT, 'the audit log is only added to');
END;
