-- When an app first used what it was allowed. Of one that wrote before this was kept, its first save says so.
ALTER TABLE grants ADD COLUMN first_used_at TEXT; -- NULL: never used, or nobody wrote it down

-- What apps wrote, each in the order of time: to be counted, shown, and taken back. The author's own saves, which are
-- nearly all, are not in it; whoever asks names the same makers.
CREATE INDEX note_revisions_by_app ON note_revisions (made_by, saved_at, action, version, note_id)
 WHERE made_by NOT IN ('admin', 'import', 'cli');

UPDATE grants
   SET first_used_at = (SELECT min(saved_at)
                          FROM note_revisions
                         WHERE made_by = grants.client_id
                           AND made_by NOT IN ('admin', 'import', 'cli')
                           AND saved_at >= grants.created_at);
