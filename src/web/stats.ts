import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds } from "../lib/clock.ts";
import { formatDate, offsetMinutes } from "../lib/time-zone.ts";
import { paths } from "../lib/urls.ts";
import type { Figures, Gap } from "../search/figures.ts";
import type { Settings } from "../site/settings.ts";
import type { ArchiveViews, ChartView, StatsYear } from "./archive-views.ts";

/** Most months that a chart shows, the newest ones. */
export const MAX_CHART_MONTHS = 60;

/** Most years that the table shows, the newest ones. */
export const MAX_STATS_YEARS = 100;

/** Size of a chart in units of its own; it is as wide as the text. */
const [CHART_WIDTH, CHART_HEIGHT] = [600, 140];
/** How much of the room of a bar stays free. */
const BAR_GAP = 0.25;

const DAY_MS = 24 * 3600 * 1000;

type StatsView = Pick<
  ArchiveViews["notes/stats.njk"],
  "notes" | "words" | "since" | "notesChart" | "wordsChart" | "monthNames" | "years" | "gaps" | "tags"
>;

/** Makes the page of statistics of what was counted. */
export function statsView(figures: Figures, settings: Pick<Settings, "language" | "timeZone">): StatsView {
  const { language } = settings;
  const months = chartMonths(figures);
  const number = (value: number) => formatNumber(value, language);
  const chart = (name: "notes" | "words"): ChartView =>
    drawChart(
      months.map((month) => ({
        label: monthName(month, language, "month"),
        value: figures.months[month]?.[name] ?? 0,
      })),
      language,
    );
  const oldest = Object.keys(figures.months).at(-1);
  return {
    notes: number(figures.notes),
    words: number(figures.words),
    since: oldest === undefined ? "" : monthName(oldest, language, "month"),
    notesChart: chart("notes"),
    wordsChart: chart("words"),
    monthNames: Array.from({ length: 12 }, (_, index) => monthName(`2024-${pad(index + 1)}`, language, "month-name")),
    years: listYears(figures, language),
    gaps: figures.gaps.map((gap) => gapView(gap, settings)),
    tags: figures.tags.map((tag) => ({
      label: tag.label,
      path: paths.tag(tag),
      count: number(tag.count),
      width: String(Math.round((CHART_WIDTH * tag.count) / Math.max(1, figures.tags[0]?.count ?? 1))),
    })),
  };
}

/** Every month from the first that the chart shows to the newest one, also those without notes. */
function chartMonths({ months }: Figures): string[] {
  const [newest] = Object.keys(months);
  if (newest === undefined) return [];
  const oldest = Object.keys(months).at(-1) ?? newest;
  const listed: string[] = [];
  for (let month = newest; month >= oldest && listed.length < MAX_CHART_MONTHS; month = monthBefore(month)) {
    listed.unshift(month);
  }
  return listed;
}

function monthBefore(month: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return number === 1
    ? `${String(year - 1).padStart(4, "0")}-12`
    : `${String(year).padStart(4, "0")}-${pad(number - 1)}`;
}

function drawChart(columns: readonly { label: string; value: number }[], language: string): ChartView {
  const most = Math.max(1, ...columns.map(({ value }) => value));
  const room = CHART_WIDTH / Math.max(columns.length, 12);
  return {
    viewBox: `0 0 ${CHART_WIDTH} ${CHART_HEIGHT}`,
    from: columns[0]?.label ?? "",
    to: columns.at(-1)?.label ?? "",
    most: formatNumber(most, language),
    bars: columns.map(({ label, value }, index) => {
      // What is there at all can be seen.
      const height = value === 0 ? 0 : Math.max(2, (CHART_HEIGHT * value) / most);
      return {
        label: `${label}: ${formatNumber(value, language)}`,
        x: (room * (index + BAR_GAP / 2)).toFixed(1),
        y: (CHART_HEIGHT - height).toFixed(1),
        width: (room * (1 - BAR_GAP)).toFixed(1),
        height: height.toFixed(1),
      };
    }),
  };
}

function listYears({ months }: Figures, language: string): StatsYear[] {
  const years = [...new Set(Object.keys(months).map((month) => month.slice(0, 4)))].slice(0, MAX_STATS_YEARS);
  return years.map((year) => {
    const cells = Array.from({ length: 12 }, (_, index) => {
      const count = months[`${year}-${pad(index + 1)}`]?.notes ?? 0;
      return { count, path: count === 0 ? "" : paths.month(year, pad(index + 1)) };
    });
    const inYear = Object.entries(months).filter(([month]) => month.startsWith(year));
    return {
      label: String(Number(year)),
      path: paths.year(year),
      months: cells,
      notes: formatNumber(
        inYear.reduce((sum, [, { notes }]) => sum + notes, 0),
        language,
      ),
      words: formatNumber(
        inYear.reduce((sum, [, { words }]) => sum + words, 0),
        language,
      ),
    };
  });
}

function gapView({ from, to }: Gap, settings: Pick<Settings, "language" | "timeZone">) {
  const day = (moment: Timestamp) =>
    formatDate(moment, { offsetMinutes: offsetMinutes(moment, settings.timeZone), language: settings.language });
  const days = Math.floor((toMilliseconds(to) - toMilliseconds(from)) / DAY_MS);
  return { days: formatNumber(days, settings.language), isOneDay: days === 1, from: day(from), to: day(to) };
}

function monthName(month: string, language: string, show: "month" | "month-name"): string {
  return formatDate(`${month}-01T00:00:00.000Z` as Timestamp, { offsetMinutes: 0, language, show });
}

function formatNumber(value: number, language: string): string {
  try {
    return value.toLocaleString(language);
  } catch {
    return String(value); // A malformed tag must not take a page down.
  }
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
