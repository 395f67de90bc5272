-- The author: exactly one, so the primary key can only be 1 and of two set-ups at once one wins.
CREATE TABLE author (
  id                  INTEGER PRIMARY KEY CHECK (id = 1),
  password_hash       TEXT NOT NULL,        -- names its own scheme, so that it can change
  password_changed_at TEXT NOT NULL,
  created_at          TEXT NOT NULL
) STRICT;

-- One-time links to the first run. Only the hash of the secret is kept; using one voids all.
CREATE TABLE setup_links (
  secret_hash TEXT PRIMARY KEY,             -- SHA-256, hex
  expires_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Logins of browsers. The cookie holds the secret, this table its SHA-256.
CREATE TABLE sessions (
  id           INTEGER PRIMARY KEY,
  secret_hash  TEXT NOT NULL UNIQUE,
  csrf_token   TEXT NOT NULL,
  user_agent   TEXT NOT NULL,               -- shortened; shown in the list of logins
  network      TEXT NOT NULL,               -- address cut to /24 or /48, never the whole of it
  created_at   TEXT NOT NULL,
  last_used_at TEXT NOT NULL,
  expires_at   TEXT NOT NULL
) STRICT;

-- Failed tries, for throttling; survives restarts and is shared by all processes.
CREATE TABLE failed_logins (
  id        INTEGER PRIMARY KEY,
  network   TEXT NOT NULL,                  -- SHA-256 of the address with a secret of this site
  failed_at TEXT NOT NULL
) STRICT;

CREATE INDEX failed_logins_by_time ON failed_logins (failed_at);

-- Bearer tokens, for Micropub and scripts. Shown once, kept as SHA-256.
CREATE TABLE tokens (
  id           INTEGER PRIMARY KEY,
  token_hash   TEXT NOT NULL UNIQUE,
  client_id    TEXT NOT NULL,               -- URL of the app or script that has it
  scope        TEXT NOT NULL,               -- scopes with a space between
  created_at   TEXT NOT NULL,
  last_used_at TEXT,                        -- NULL: never used; written at most once an hour
  expires_at   TEXT,                        -- NULL: until revoked
  revoked_at   TEXT                         -- NULL while it works
) STRICT;
