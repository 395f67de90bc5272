-- Caches in front of the site that keep copies of its pages (CACHE_PURGE_URLS), and how far each was told of what
-- changed. `serve` brings the rows in line with the configuration at its start.
CREATE TABLE edges (
  address  TEXT PRIMARY KEY,
  made_by  TEXT NOT NULL,                  -- what besides public_changes makes the pages: version, SITE_URL, …
  revision INTEGER NOT NULL                -- of public_changes: all up to it was purged; -1: nothing was
) STRICT, WITHOUT ROWID;

-- The job that purges stands in the transaction of the change itself, whoever writes: no change misses its purge. One
-- waits for each edge, whatever the number of changes, and one that waits for its next attempt is brought forward.
CREATE TRIGGER public_changes_purged AFTER INSERT ON public_changes WHEN EXISTS (SELECT 1 FROM edges) BEGIN
  INSERT INTO jobs (kind, payload, unique_key, state, run_at, created_at)
  SELECT 'cache.purge', json_object('address', address), address, 'waiting', new.changed_at, new.changed_at
    FROM edges
   WHERE true
      ON CONFLICT (kind, unique_key) WHERE state = 'waiting' AND unique_key IS NOT NULL
      DO UPDATE SET run_at = min(run_at, excluded.run_at);
END;
