/** Between these lines of docs/measurements.md stands the newest report. */
export const MARKERS = { begin: "<!-- bench:begin -->", end: "<!-- bench:end -->" };

const SECTION = "## Benchmarks";

/** Puts a report between the markers of a page, with the day; adds markers and section where the page has none. */
export function insertReport(page: string, report: string, day: string): string {
  const block = `${MARKERS.begin}\nMeasured on ${day} by \`npm run bench\`.\n\n${report.trim()}\n${MARKERS.end}`;
  const begin = page.indexOf(MARKERS.begin);
  const end = page.indexOf(MARKERS.end, begin);
  if (begin >= 0 && end >= 0) return page.slice(0, begin) + block + page.slice(end + MARKERS.end.length);
  const body = page.trim() === "" ? "# Measurements" : page.trimEnd();
  return `${body}\n\n${SECTION}\n\n${block}\n`;
}
