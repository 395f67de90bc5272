-- When the author last proved who they are in a login, by password or the like: after a quarter of an hour, acts that
-- open doors ask again. And whether the author was asked about a new login in another one.
ALTER TABLE sessions ADD COLUMN proved_at TEXT;          -- NULL: as the login was made
ALTER TABLE sessions ADD COLUMN is_known INTEGER NOT NULL DEFAULT 1 CHECK (is_known IN (0, 1));
