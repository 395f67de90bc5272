-- What the server measured of itself, over restarts. Counted in memory and written once a minute by every process, which
-- only ever adds rows of its own; nothing here is read by anyone but the author.

-- One minute of one process.
CREATE TABLE metric_minutes (
  id         INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order of writing: hours remember how far they were added up
  minute     INTEGER NOT NULL,                  -- since 1970
  process    TEXT NOT NULL,
  part       INTEGER NOT NULL,                  -- counts the rows of a process: a clock that is set back has minutes twice
  operations BLOB NOT NULL,                     -- as src/monitoring/history-codec.ts packs them
  gauges     TEXT NOT NULL CHECK (json_valid(gauges)),
  UNIQUE (process, part)
) STRICT;

CREATE INDEX metric_minutes_by_time ON metric_minutes (minute);

-- One hour of all processes together.
CREATE TABLE metric_hours (
  hour       INTEGER PRIMARY KEY,               -- since 1970
  up_to      INTEGER NOT NULL,                  -- id of the last minute that is in it
  operations BLOB NOT NULL
) STRICT;

-- Which hours there are, and what is in them, without reading what they hold.
CREATE INDEX metric_hours_state ON metric_hours (hour, up_to);

-- Gauges do not add up, so each process keeps its own.
CREATE TABLE metric_hour_gauges (
  hour    INTEGER NOT NULL,
  process TEXT NOT NULL,
  gauges  TEXT NOT NULL CHECK (json_valid(gauges)), -- sum, count and greatest of each
  PRIMARY KEY (hour, process)
) STRICT, WITHOUT ROWID;

-- One day of UTC, so that a year is 365 rows and not 8,760: a copy of its hours, good as long as these have not changed.
CREATE TABLE metric_days (
  day        INTEGER PRIMARY KEY,               -- since 1970
  stamp      INTEGER NOT NULL,                  -- sum of the up_to of its hours, as they were added up
  operations BLOB NOT NULL,
  gauges     TEXT NOT NULL CHECK (json_valid(gauges)) -- of each process, as in metric_hour_gauges
) STRICT;

-- Whose rows they are. A process id comes again, also on another machine; a random one does not.
CREATE TABLE metric_processes (
  process     TEXT PRIMARY KEY,
  pid         INTEGER NOT NULL,
  started_at  TEXT NOT NULL,
  last_minute INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
