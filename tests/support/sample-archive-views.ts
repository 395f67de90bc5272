import type { ArchiveViews } from "../../src/web/archive-views.ts";
import { assetPath } from "../../src/web/assets.ts";
import type { NoteView } from "../../src/web/views.ts";
import { barePage, bareSite, samplePage, sampleSite } from "./sample-site.ts";

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map((name) => ({
  name,
  initial: name.slice(0, 1),
}));

const MARCH = {
  path: "/archive/2026/03",
  label: "March",
  count: 13,
  weeks: [
    [
      null,
      { number: 1, count: 0, shade: 0, path: "" },
      { number: 2, count: 1, shade: 1, path: "/archive/2026/03#d02" },
    ],
    [{ number: 8, count: 12, shade: 4, path: "/archive/2026/03#d08" }],
  ],
};

const DAYS = [{ label: "January", days: [{ label: "1", path: "/on-this-day/01/01" }] }];

const CHART = {
  viewBox: "0 0 600 140",
  from: "March 2025",
  to: "March 2026",
  most: "12",
  bars: [{ label: "March 2026: 12", x: "0.0", y: "0.0", width: "40.0", height: "140.0" }],
};

const YEAR = {
  ...{ label: "2026", path: "/archive/2026", notes: "13", words: "1,234" },
  months: [
    { count: 1, path: "/archive/2026/01" },
    { count: 0, path: "" },
  ],
};

/** The pages of the archive with everything in them that there can be. */
export function fullArchiveViews(notes: readonly NoteView[]): ArchiveViews {
  const all = { site: sampleSite(), page: samplePage() };
  const styled = { ...all, archiveStylesheetPath: assetPath("archive.css") };
  const tags = notes.flatMap((note) => note.tags).slice(0, 4);
  const counted = tags.map((tag, index) => ({ ...tag, count: index + 1 }));
  const indexed = counted.map((tag) => ({ ...tag, feedPath: `${tag.path}/feed.xml` }));
  const months = ["March", "February", "January"].map((label, index) => ({
    ...{ path: `/archive/2026/0${3 - index}`, label, count: index + 1 },
  }));
  const link = { label: "March 2", path: "/on-this-day/03/02" };
  return {
    "notes/archive.njk": {
      ...all,
      years: [2026, 2025].map((year) => ({ path: `/archive/${year}`, label: String(year), count: 6, months })),
      tags: counted,
      tagCount: 900,
      ways: [{ label: "On this day", path: "/on-this-day" }],
    },
    "notes/archive-period.njk": {
      ...styled,
      label: "2026",
      up: { label: "Archive", path: "/archive" },
      weekdays: WEEKDAYS,
      months: [MARCH],
      notes: notes.map((note, index) => ({ ...note, anchor: index === 0 ? "d02" : "" })),
    },
    "notes/day.njk": {
      ...styled,
      label: "March 1",
      isToday: true,
      previous: link,
      next: link,
      years: [{ label: "2026", path: "/archive/2026/03#d01", notes: [...notes], hasMore: true }],
      months: DAYS,
    },
    "notes/tags.njk": {
      ...styled,
      count: 900,
      orders: [
        { label: "By name", path: "/tags", isCurrent: true },
        { label: "Most used first", path: "/tags/by/count", isCurrent: false },
      ],
      groups: [{ label: "A", tags: indexed }],
      isLater: true,
      firstPath: "/tags",
    },
    "notes/stats.njk": {
      ...styled,
      ...{ notes: "13", words: "1,234", since: "March 2025", notesChart: CHART, wordsChart: CHART },
      monthNames: ["January", "February"],
      years: [YEAR],
      gaps: [{ days: "63", isOneDay: false, from: "January 1, 2026", to: "March 5, 2026" }],
      tags: counted.map((tag) => ({ ...tag, count: "3", width: "600" })),
    },
  };
}

/** The same with as little in them as there can be. */
export function bareArchiveViews(): ArchiveViews {
  const all = { site: bareSite(), page: barePage() };
  const styled = { ...all, archiveStylesheetPath: assetPath("archive.css") };
  const link = { label: "x", path: "/" };
  return {
    "notes/archive.njk": { ...all, years: [], tags: [], tagCount: 0, ways: [] },
    "notes/archive-period.njk": { ...styled, label: "2026", up: link, weekdays: [], months: [], notes: [] },
    "notes/day.njk": { ...styled, label: "x", isToday: false, previous: link, next: link, years: [], months: [] },
    "notes/tags.njk": { ...styled, count: 0, orders: [], groups: [], isLater: false, firstPath: "/tags" },
    "notes/stats.njk": {
      ...styled,
      ...{ notes: "0", words: "0", since: "", notesChart: CHART, wordsChart: CHART },
      ...{ monthNames: [], years: [], gaps: [], tags: [] },
    },
  };
}
