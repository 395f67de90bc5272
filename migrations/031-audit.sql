-- Who did what: sign-ins, refusals, grants, tokens, settings, what apps wrote, acts of the command line. A row is written
-- in the transaction of the act itself, and is never changed. Secrets are never in it; of an address only the network.
CREATE TABLE audit_events (
  id          INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again, so that a gap tells
  happened_at TEXT NOT NULL,
  kind        TEXT NOT NULL,                -- src/audit/audit-event.ts lists them
  doer        TEXT NOT NULL CHECK (doer IN ('author', 'app', 'machine', 'stranger')),
  name        TEXT NOT NULL,                -- of the author's login, the app's client_id, the command or job; or empty
  network     TEXT NOT NULL,                -- cut to /24 or /48; empty: not by the web
  user_agent  TEXT NOT NULL,
  request_id  TEXT NOT NULL,                -- as in the log; empty: not by the web
  note_id     INTEGER,                      -- the note that it was about; NULL: none
  detail      TEXT NOT NULL,                -- a few words; empty: the kind says all
  is_frequent INTEGER NOT NULL CHECK (is_frequent IN (0, 1)) -- what a stranger or an app can do without end
) STRICT;

CREATE TRIGGER audit_events_are_not_changed BEFORE UPDATE ON audit_events BEGIN
  SELECT RAISE(ABORT, 'the audit log is only added to');
END;

-- REPLACE would delete without asking the next trigger.
CREATE TRIGGER audit_events_are_not_replaced BEFORE INSERT ON audit_events
  WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = new.id) BEGIN
  SELECT RAISE(ABORT, 'the audit log is only added to');
END;

-- What goes is what the purge may take: 400 days older than the newest event; of frequent ones also those behind the
-- newest 100,000, so that no flood of them drives out what is rare.
CREATE TRIGGER audit_events_are_kept BEFORE DELETE ON audit_events
  WHEN NOT (old.is_frequent = 1 AND old.id <= (SELECT max(id) FROM audit_events) - 100000)
   AND old.happened_at >= (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', happened_at, '-400 days')
                             FROM audit_events
                            ORDER BY id DESC
                            LIMIT 1) BEGIN
  SELECT RAISE(ABORT, 'the audit log is only added to');
END;
