-- Signing in with another site of the author's (IndieAuth as a client): which addresses may, and what is under way.
CREATE TABLE identities (
  id           INTEGER PRIMARY KEY,
  me           TEXT NOT NULL UNIQUE,        -- canonical profile URL
  added_at     TEXT NOT NULL,
  last_used_at TEXT                         -- NULL: never
) STRICT;

-- A login ends with the address that opened it.
ALTER TABLE sessions ADD COLUMN identity_id INTEGER REFERENCES identities (id) ON DELETE CASCADE;
CREATE INDEX sessions_by_identity ON sessions (identity_id) WHERE identity_id IS NOT NULL;

-- Who was sent to another server to prove an address, until the answer comes. Neither the state nor the verifier of the
-- code is in it: the one is a hash here, the other is made of the state and of a cookie.
CREATE TABLE sign_ins (
  state_hash             TEXT PRIMARY KEY,  -- SHA-256
  browser_hash           TEXT NOT NULL,     -- SHA-256 of the cookie that this browser has
  me                     TEXT NOT NULL,     -- as entered, canonical
  landed                 TEXT NOT NULL,     -- where that address led
  authorization_endpoint TEXT NOT NULL,
  token_endpoint         TEXT,              -- NULL: the site names none
  issuer                 TEXT,              -- NULL: the site has no metadata
  names_issuer           INTEGER NOT NULL CHECK (names_issuer IN (0, 1)), -- whether its answers always say iss
  next                   TEXT NOT NULL,     -- where to go afterwards
  kept                   TEXT CHECK (json_valid(kept)), -- a form that the login came in between; NULL: none
  try_id                 INTEGER NOT NULL,  -- counts as a failed login until it succeeds
  created_at             TEXT NOT NULL,
  expires_at             TEXT NOT NULL,
  used_at                TEXT               -- NULL: no answer came yet
) STRICT, WITHOUT ROWID;
