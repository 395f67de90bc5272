-- Redirects that the author made, and a log of the addresses that were asked for in vain. Neither is asked before a page
-- that exists.
CREATE TABLE redirects (
  id          INTEGER PRIMARY KEY,
  source      TEXT NOT NULL UNIQUE,            -- decoded path; with /* at its end all paths below
  target      TEXT,                            -- path of this site, or URL; with * at its end the rest is added; NULL: gone
  status      INTEGER NOT NULL CHECK (status IN (301, 302, 308, 410)),
  hits        INTEGER NOT NULL DEFAULT 0,
  last_hit_at TEXT,                            -- NULL: never
  created_at  TEXT NOT NULL,
  CHECK ((status = 410) = (target IS NULL))
) STRICT;

-- No address of a reader, no query string, of a referrer its host only. Bounded: see redirects/missing-store.ts.
CREATE TABLE missing_paths (
  path          TEXT PRIMARY KEY,              -- decoded; what scanners ask for is counted as one, under a word without slash
  hits          INTEGER NOT NULL,
  first_seen_at TEXT NOT NULL,
  last_seen_at  TEXT NOT NULL,
  referrer      TEXT                           -- host of the newest page that led there; NULL: none said so
) STRICT, WITHOUT ROWID;

CREATE INDEX missing_paths_by_use ON missing_paths (hits, last_seen_at);
