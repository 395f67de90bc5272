-- The tags of listed notes with how many have each: to count them anew would read every tag of every note. Follows
-- note_tags by trigger; nobody writes it directly. The label is that of the newest note.
CREATE TABLE listed_tags (
  tag   TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The most used first, and among equals by name: a place in it is one pair that only grows.
CREATE INDEX listed_tags_by_count ON listed_tags (-count, tag, label, count);

-- Beside a max() SQLite takes the other columns from its row.
INSERT INTO listed_tags (tag, label, count)
SELECT tag, label, count
  FROM (SELECT tag, label, count(*) AS count, max(listed_at) FROM note_tags WHERE listed_at IS NOT NULL GROUP BY tag);

CREATE TRIGGER note_tags_listed AFTER INSERT ON note_tags WHEN new.listed_at IS NOT NULL BEGIN
  INSERT INTO listed_tags (tag, label, count)
  VALUES (new.tag, new.label, 1)
      ON CONFLICT (tag) DO UPDATE
     SET count = count + 1,
         label = (SELECT label FROM note_tags WHERE tag = new.tag AND listed_at IS NOT NULL
                   ORDER BY listed_at DESC, note_id DESC LIMIT 1);
END;

CREATE TRIGGER note_tags_unlisted AFTER DELETE ON note_tags WHEN old.listed_at IS NOT NULL BEGIN
  UPDATE listed_tags
     SET count = count - 1,
         label = coalesce((SELECT label FROM note_tags WHERE tag = old.tag AND listed_at IS NOT NULL
                            ORDER BY listed_at DESC, note_id DESC LIMIT 1), label)
   WHERE tag = old.tag;
  DELETE FROM listed_tags WHERE tag = old.tag AND count = 0;
END;
