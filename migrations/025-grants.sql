-- What the author allowed an app: one row for each consent, and one for each token made by hand. Tokens hang on it, so
-- that narrowing, ending or losing a grant reaches all of them at once.
CREATE TABLE grants (
  id          INTEGER PRIMARY KEY,
  client_id   TEXT NOT NULL,
  client_name TEXT NOT NULL,                -- as the app calls itself; empty: it does not, or there was nobody to ask
  scope       TEXT NOT NULL,                -- what it may do at most, with a space between; the author can narrow it
  made_by     TEXT NOT NULL CHECK (made_by IN ('consent', 'hand')),
  created_at  TEXT NOT NULL,
  expires_at  TEXT,                         -- NULL: until revoked
  revoked_at  TEXT,                         -- NULL while it holds
  revoked_for TEXT CHECK (revoked_for IN ('author', 'app', 'replay'))
) STRICT;

INSERT INTO grants (id, client_id, client_name, scope, made_by, created_at, expires_at, revoked_at, revoked_for)
SELECT id, client_id, '', scope, 'hand', created_at, expires_at, revoked_at,
       CASE WHEN revoked_at IS NOT NULL THEN 'author' END
  FROM tokens;

ALTER TABLE tokens ADD COLUMN grant_id INTEGER REFERENCES grants (id);
UPDATE tokens SET grant_id = id;
CREATE INDEX tokens_by_grant ON tokens (grant_id, id);

-- What an app asks for and the author has not answered yet. It lives here and not in the form, so that nothing which
-- the form says is believed.
CREATE TABLE authorization_requests (
  request_hash   TEXT PRIMARY KEY,          -- SHA-256 of the name that the consent form carries
  client_id      TEXT NOT NULL,
  client_name    TEXT NOT NULL,
  redirect_uri   TEXT NOT NULL,
  state          TEXT NOT NULL,             -- as sent
  scope          TEXT NOT NULL,             -- empty: only who the author is
  code_challenge TEXT,                      -- NULL: without PKCE, where the author allows that
  created_at     TEXT NOT NULL,
  expires_at     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Codes that apps exchange for tokens. A redeemed one is kept for a day: who brings it again gives away that it was stolen.
CREATE TABLE authorization_codes (
  code_hash      TEXT PRIMARY KEY,          -- SHA-256
  client_id      TEXT NOT NULL,
  client_name    TEXT NOT NULL,
  redirect_uri   TEXT NOT NULL,
  scope          TEXT NOT NULL,             -- empty: gives no token
  code_challenge TEXT,
  lasts_seconds  INTEGER,                   -- of what it gives; NULL: until revoked
  created_at     TEXT NOT NULL,
  expires_at     TEXT NOT NULL,
  redeemed_at    TEXT,                      -- NULL: not yet
  grant_id       INTEGER REFERENCES grants (id)
) STRICT, WITHOUT ROWID;

-- Refresh tokens. Each works once and gives the next; a used one that comes again ends the grant.
CREATE TABLE refresh_tokens (
  token_hash TEXT PRIMARY KEY,              -- SHA-256
  grant_id   INTEGER NOT NULL REFERENCES grants (id),
  token_id   INTEGER NOT NULL REFERENCES tokens (id), -- the access token that came with it
  created_at TEXT NOT NULL,
  used_at    TEXT                           -- NULL: still works
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id);

-- What apps say of themselves at their client_id, as it was fetched.
CREATE TABLE client_apps (
  id            INTEGER PRIMARY KEY,
  client_id     TEXT NOT NULL UNIQUE,
  name          TEXT NOT NULL,              -- empty: it does not say
  uri           TEXT NOT NULL,
  redirect_uris TEXT NOT NULL CHECK (json_valid(redirect_uris)),
  logo          BLOB,                       -- a small PNG of our own making
  problem       TEXT NOT NULL,              -- why nothing could be learned; empty: something was
  fetched_at    TEXT NOT NULL,
  fresh_until   TEXT NOT NULL
) STRICT;
