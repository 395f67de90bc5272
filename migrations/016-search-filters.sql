-- Search with filters. What a search asks of a note besides its words stands in the indexes that it walks, so that a
-- kind or a year that hardly any note has does not mean to read the row of every note.
DROP INDEX notes_listed;
CREATE INDEX notes_listed ON notes (published_at DESC, id DESC, kind) WHERE status = 'published' AND visibility = 'public';

DROP INDEX notes_by_change;
CREATE INDEX notes_by_change ON notes (changed_at DESC, id DESC, status, kind, published_at);

-- The words of `note_search`, for "Did you mean": nothing is stored, it reads the index.
CREATE VIRTUAL TABLE note_search_words USING fts5vocab ('note_search', 'instance');
