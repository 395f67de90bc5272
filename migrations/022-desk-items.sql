-- What the author keeps at hand: snippets for the text, templates for new notes, searches of the own notes. Each has a
-- name of its own among its kind.
CREATE TABLE desk_items (
  id         INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('snippet', 'template', 'search')),
  name       TEXT NOT NULL COLLATE NOCASE,
  -- {"content": "…"}, {"title": "…", "tags": "…", "content": "…"} or {"query": "…", "status": "draft", "sort": "…"}
  fields     TEXT NOT NULL CHECK (json_valid(fields)),
  changed_at TEXT NOT NULL,
  UNIQUE (kind, name)
) STRICT;
