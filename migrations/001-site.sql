-- The site: what the author can change while it runs. One row a setting, each value a JSON text.
CREATE TABLE settings (
  name       TEXT PRIMARY KEY,
  value      TEXT NOT NULL CHECK (json_valid(value)),
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a reader could notice, written down with the change itself, so that every process finds out
-- which pages are stale. A key keeps only its newest row: the table stays as small as the site, and whoever
-- asks for "the keys past revision N" misses none. Revisions never come again (AUTOINCREMENT).
-- Keys: note:ID (its permalink), link:ID (what leads to it from the notes beside it), tag:NAME, list (home, archive,
-- feeds, sitemap), site (everything).
CREATE TABLE public_changes (
  revision   INTEGER PRIMARY KEY AUTOINCREMENT,
  key        TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT;

CREATE INDEX public_changes_by_key ON public_changes (key, revision DESC);

-- Last-Modified never goes back, even when the clock does: a row is never earlier than the one before it.
CREATE TRIGGER public_changes_keep_newest AFTER INSERT ON public_changes BEGIN
  UPDATE public_changes
     SET changed_at = max(changed_at, coalesce((SELECT changed_at
                                                  FROM public_changes
                                                 WHERE revision < new.revision
                                                 ORDER BY revision DESC
                                                 LIMIT 1), ''))
   WHERE revision = new.revision;
  DELETE FROM public_changes WHERE key = new.key AND revision < new.revision;
END;

CREATE TRIGGER settings_inserted AFTER INSERT ON settings BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('site', new.changed_at);
END;

CREATE TRIGGER settings_updated AFTER UPDATE ON settings WHEN old.value <> new.value BEGIN
  INSERT INTO public_changes (key, changed_at) VALUES ('site', new.changed_at);
END;
