import type { Context } from "../context/context.ts";
import { paths } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { ListedNote } from "../notes/listed-notes-store.ts";
import { isInLists } from "../notes/note.ts";
import type { SeriesPlace } from "../notes/series.ts";
import { seriesOf } from "../notes/series.ts";
import type { SeriesNote } from "../notes/series-store.ts";
import { listSeriesNotes } from "../notes/series-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { noteLink, timeView } from "./present.ts";
import type { TagView } from "./views.ts";

/** A part of a series. */
export type SeriesPartView = TagView & {
  number: number;
  isCurrent: boolean;
  language: string;
  publishedAt: string;
  publishedDay: string;
};

/** What a permalink shows of its series. */
export type SeriesView = TagView & {
  /** `Part 2 of 5`. */
  place: Words;
  previous: TagView | null;
  next: TagView | null;
  parts: SeriesPartView[];
};

/** The series that a note belongs to, where it stands in lists; else undefined. */
export function listedSeries(note: ListedNote): SeriesPlace | undefined {
  return isInLists(note) ? seriesOf(note.properties) : undefined;
}

/** A note among the others of its series; null for one that belongs to none, and for the only one so far. */
export function seriesView(ctx: Pick<Context, "db">, note: ListedNote): SeriesView | null {
  const series = listedSeries(note);
  if (series === undefined) return null;
  const notes = listSeriesNotes(ctx.db, series.name);
  const at = notes.findIndex(({ id }) => id === note.id);
  if (at < 0 || notes.length < 2) return null;
  const link = (place: number) => {
    const beside = notes[place];
    return beside === undefined ? null : noteLink(beside);
  };
  return {
    label: labelOf(notes, series.label),
    path: paths.series(series),
    place: said`Part ${at + 1} of ${notes.length}`,
    previous: link(at - 1),
    next: link(at + 1),
    parts: seriesParts(ctx, notes, note.id),
  };
}

/** The parts of a series in their order; `currentId` is the note that shows them. */
export function seriesParts(ctx: Pick<Context, "db">, notes: readonly SeriesNote[], currentId = 0): SeriesPartView[] {
  const settings = readSettings(ctx.db);
  return notes.map((note, index) => {
    const published = timeView(note.publishedAt, note, settings);
    return {
      ...noteLink(note),
      number: index + 1,
      isCurrent: note.id === currentId,
      language: note.language ?? settings.language,
      publishedAt: published.at,
      publishedDay: published.day,
    };
  });
}

/** All parts call the series as its last one does. */
export function labelOf(notes: readonly SeriesNote[], otherwise: string): string {
  return notes.at(-1)?.label ?? otherwise;
}
