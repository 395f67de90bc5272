import type { Words } from "../lib/words.ts";
import type { NoteView, PublicPage, TagView } from "./views.ts";

/** A month of the archive, and how many notes it has. */
export type ArchiveMonth = { path: string; label: Words; count: number };
/** A year of the archive, with those of its months that have notes. */
export type ArchiveYear = { path: string; label: Words; count: number; months: ArchiveMonth[] };

/** A day of a calendar: how many notes it has, how deep its colour is (0 to 4), and where they are; empty: none. */
export type CalendarDay = { number: number; count: number; shade: number; path: string };
/** A month as a calendar; null stands for the days of other months. `path` is empty where it has no notes. */
export type CalendarMonth = { path: string; label: Words; count: number; weeks: (CalendarDay | null)[][] };

/** What pages with a style sheet of their own say of it. */
export type StyledPage = PublicPage & { archiveStylesheetPath: string };

/** A tag in an index of all tags. */
export type IndexedTag = TagView & { count: number; feedPath: string };

/** A chart of bars: numbers as SVG has them, and what stands beside it. */
export type ChartView = {
  viewBox: string;
  from: string;
  to: string;
  most: string;
  bars: { label: Words; x: string; y: string; width: string; height: string }[];
};

/** A year in numbers; months without notes have no path. */
export type StatsYear = {
  label: Words;
  path: string;
  months: { count: number; path: string }[];
  notes: string;
  words: Words;
};

/** The pages by which readers find their way through all notes. */
export type ArchiveViews = {
  "notes/archive.njk": PublicPage & {
    years: ArchiveYear[];
    tags: (TagView & { count: number })[];
    tagCount: number;
    /** Other ways through the notes. */
    ways: TagView[];
  };
  "notes/archive-period.njk": StyledPage & {
    label: Words;
    up: TagView;
    weekdays: { name: string; initial: string }[];
    months: CalendarMonth[];
    notes: (NoteView & { anchor: string })[];
  };
  "notes/day.njk": StyledPage & {
    label: Words;
    isToday: boolean;
    previous: TagView;
    next: TagView;
    years: { label: Words; path: string; notes: NoteView[]; hasMore: boolean }[];
    months: { label: Words; days: TagView[] }[];
  };
  "notes/tags.njk": StyledPage & {
    count: number;
    orders: (TagView & { isCurrent: boolean })[];
    /** By their first letter, or all under an empty label. */
    groups: { label: Words; tags: IndexedTag[] }[];
    /** Whether it is not the first page. */
    isLater: boolean;
    firstPath: string;
  };
  "notes/stats.njk": StyledPage & {
    notes: string;
    words: Words;
    /** The month of the first note; empty: there is none. */
    since: string;
    notesChart: ChartView;
    wordsChart: ChartView;
    monthNames: string[];
    years: StatsYear[];
    gaps: { days: string; isOneDay: boolean; from: string; to: string }[];
    /** `width` is that of its bar, of 600. */
    tags: (TagView & { count: string; width: string })[];
  };
};
