-- The second step after the password: one secret that an authenticator app shares, sealed under the password, and the
-- step of time whose code was taken last, so that none is taken twice.
CREATE TABLE second_step (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  sealed_secret TEXT NOT NULL,               -- names its scheme; AES-256-GCM under a key that scrypt makes
  last_step     INTEGER NOT NULL,
  created_at    TEXT NOT NULL
) STRICT;

-- Codes that stand in for the authenticator app, each once.
CREATE TABLE recovery_codes (
  code_hash TEXT PRIMARY KEY,                -- SHA-256, hex
  used_at   TEXT                             -- NULL: still good
) STRICT, WITHOUT ROWID;

-- Right passwords that wait for their second step. The page has the ticket, this table its hash and the secret of the
-- second step sealed under it.
CREATE TABLE half_logins (
  ticket_hash   TEXT PRIMARY KEY,            -- SHA-256, hex
  sealed_secret TEXT NOT NULL,
  expires_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
