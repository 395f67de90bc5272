import type { NoteView, PublicPage, TagView } from "./views.ts";

/** A month of the archive, and how many notes it has. */
export type ArchiveMonth = { path: string; label: string; count: number };
/** A year of the archive, with those of its months that have notes. */
export type ArchiveYear = { path: string; label: string; count: number; months: ArchiveMonth[] };

/** A day of a calendar: how many notes it has, how deep its colour is (0 to 4), and where they are; empty: none. */
export type CalendarDay = { number: number; count: number; shade: number; path: string };
/** A month as a calendar; null stands for the days of other months. `path` is empty where it has no notes. */
export type CalendarMonth = { path: string; label: string; count: number; weeks: (CalendarDay | null)[][] };

/** What pages with a style sheet of their own say of it. */
export type StyledPage = PublicPage & { archiveStylesheetPath: string };

/** A tag in an index of all tags. */
export type IndexedTag = TagView & { count: number; feedPath: string };

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
    label: string;
    up: TagView;
    weekdays: { name: string; initial: string }[];
    months: CalendarMonth[];
    notes: (NoteView & { anchor: string })[];
  };
  "notes/day.njk": StyledPage & {
    label: string;
    isToday: boolean;
    previous: TagView;
    next: TagView;
    years: { label: string; path: string; notes: NoteView[]; hasMore: boolean }[];
    months: { label: string; days: TagView[] }[];
  };
  "notes/tags.njk": StyledPage & {
    count: number;
    orders: (TagView & { isCurrent: boolean })[];
    /** By their first letter, or all under an empty label. */
    groups: { label: string; tags: IndexedTag[] }[];
    /** Whether it is not the first page. */
    isLater: boolean;
    firstPath: string;
  };
};
