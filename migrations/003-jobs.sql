-- Work that is slow or remote, written in the same transaction as the change that caused it.
CREATE TABLE jobs (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL,
  payload     TEXT NOT NULL CHECK (json_valid(payload)),
  unique_key  TEXT,                         -- NULL: may stand twice; else at most one waiting job has it
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  run_at      TEXT NOT NULL,                -- not before this moment
  attempts    INTEGER NOT NULL DEFAULT 0,
  lease_until TEXT,                         -- NULL unless running; past it another process may take the job over
  reason      TEXT,                         -- why the last attempt did not end well; NULL when it did
  created_at  TEXT NOT NULL,
  finished_at TEXT
) STRICT;

CREATE INDEX jobs_due ON jobs (run_at, id) WHERE state = 'waiting';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';
CREATE UNIQUE INDEX jobs_unique ON jobs (kind, unique_key) WHERE state = 'waiting' AND unique_key IS NOT NULL;
