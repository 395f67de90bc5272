-- Passkeys: keys that the author's devices keep, and with which they sign in. Of each only the public half is here, so
-- that whoever reads the database can sign in nowhere with it.
CREATE TABLE passkeys (
  id            INTEGER PRIMARY KEY,
  credential_id TEXT NOT NULL UNIQUE,        -- as the device names it, base64url
  public_key    BLOB NOT NULL,               -- COSE
  sign_count    INTEGER NOT NULL,            -- goes up with each use, on devices that count; else 0
  transports    TEXT NOT NULL CHECK (json_valid(transports)),
  is_synced     INTEGER NOT NULL CHECK (is_synced IN (0, 1)),
  name          TEXT NOT NULL,               -- the author's own
  created_at    TEXT NOT NULL,
  last_used_at  TEXT                         -- NULL: never
) STRICT;

-- What a device is to sign, asked of one browser for one purpose. Taken out by the first answer, right or wrong.
CREATE TABLE passkey_challenges (
  id             INTEGER PRIMARY KEY,
  challenge_hash TEXT NOT NULL UNIQUE,       -- SHA-256, hex
  purpose        TEXT NOT NULL CHECK (purpose IN ('register', 'login', 'confirm')),
  holder_hash    TEXT NOT NULL,              -- SHA-256 of what names the browser or its login
  expires_at     TEXT NOT NULL
) STRICT;

-- When the author turned signing in by password off; NULL while the password lets in.
ALTER TABLE author ADD COLUMN password_off_at TEXT;
