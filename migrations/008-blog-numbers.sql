-- What the author wants to know of the blog itself: how often its feeds are asked for, and about how many people read
-- them. Counted in memory and added up here once a minute by every process; nothing here leads to a person.

-- Counts of one day. The names are a closed list in src/monitoring/daily-counts.ts.
CREATE TABLE daily_counts (
  day   TEXT NOT NULL,                        -- date in the author's zone: 2026-03-01
  name  TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (day, name)
) STRICT, WITHOUT ROWID;

-- Programs that read a feed for many people, and say for how many.
CREATE TABLE feed_aggregators (
  program     TEXT NOT NULL,
  feed        TEXT NOT NULL,                  -- the id that the program gives it, else the path that it asked for
  subscribers INTEGER NOT NULL,               -- as it said last
  seen_at     TEXT NOT NULL,
  PRIMARY KEY (program, feed)
) STRICT, WITHOUT ROWID;

-- Programs that do not say so: each network and program once a day, under a hash whose key is thrown away with the day.
CREATE TABLE feed_readers (
  day     TEXT NOT NULL,                      -- date in the author's zone
  reader  TEXT NOT NULL,
  program TEXT NOT NULL,
  PRIMARY KEY (day, reader)
) STRICT, WITHOUT ROWID;
