import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { LinkedNote } from "./neighbours-store.ts";
import type { NoteKind } from "./note.ts";
import { readProperties } from "./note-citations.ts";
import type { Series, SeriesPlace } from "./series.ts";
import { MAX_SERIES_NOTES } from "./series.ts";

/** A note of a series, as the others and the page of the series show it. */
export type SeriesNote = LinkedNote & {
  readonly label: string;
  readonly language: string | undefined;
  readonly publishedAt: Timestamp;
  readonly publishedOffset: number | undefined;
};

type SeriesRow = {
  id: number;
  slug: string;
  kind: NoteKind;
  label: string;
  title: string | null;
  properties: string;
  language: string | null;
  content_text: string;
  published_at: Timestamp;
  published_offset: number | null;
};

/** The listed notes of a series in its order: by their places, then by time; at most MAX_SERIES_NOTES. */
export function listSeriesNotes(db: Database, series: string): SeriesNote[] {
  return db
    .all<SeriesRow>(
      `SELECT notes.id, slug, kind, note_series.label, title, properties, language, published_at, published_offset,
              iif(title IS NULL, substr(content_text, 1, 200), '') AS content_text
         FROM note_series JOIN notes ON notes.id = note_series.note_id
        WHERE note_series.series = :series AND status = 'published' AND visibility = 'public' AND kind <> 'page'
        ORDER BY position IS NULL, position, published_at, notes.id
        LIMIT :limit`,
      { series, limit: MAX_SERIES_NOTES },
    )
    .map(toSeriesNote);
}

/** Names of all series of any note, in their order, at most `limit`. */
export function listSeriesLabels(db: Database, limit: number): string[] {
  return db
    .all<{ label: string }>(
      "SELECT max(label) AS label FROM note_series GROUP BY series ORDER BY series LIMIT :limit",
      {
        limit,
      },
    )
    .map((row) => row.label);
}

/** Series of listed notes, in the order of their names. */
export function listListedSeries(db: Database): Pick<Series, "name">[] {
  return db.all<{ name: string }>(
    `SELECT DISTINCT series AS name
       FROM note_series JOIN notes ON notes.id = note_series.note_id
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
      ORDER BY series`,
  );
}

/** Keeps where a note belongs. Runs inside a write; what is so already is not written, and no page goes stale. */
export function keepSeries(db: Database, noteId: number, place: SeriesPlace | undefined): void {
  if (place === undefined) {
    db.run("DELETE FROM note_series WHERE note_id = :noteId", { noteId });
    return;
  }
  db.run(
    `INSERT INTO note_series (note_id, series, label, position)
     VALUES (:noteId, :name, :label, :position)
         ON CONFLICT (note_id) DO UPDATE
        SET series = excluded.series, label = excluded.label, position = excluded.position
      WHERE series <> excluded.series OR label <> excluded.label OR position IS NOT excluded.position`,
    { noteId, name: place.name, label: place.label, position: place.position },
  );
}

function toSeriesNote({
  content_text: contentText,
  properties,
  published_at,
  published_offset,
  ...row
}: SeriesRow): SeriesNote {
  return {
    id: row.id,
    slug: row.slug,
    kind: row.kind,
    properties: readProperties(properties),
    label: row.label,
    title: row.title ?? undefined,
    language: row.language ?? undefined,
    contentText,
    publishedAt: published_at,
    publishedOffset: published_offset ?? undefined,
  };
}
