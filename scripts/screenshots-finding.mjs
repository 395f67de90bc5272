// Photographs the ways by which readers find notes, for docs/screenshots/: search, archive, calendar, tags, days, statistics,
// related notes. At three widths, in light and dark, without scripts, with a site of its own that has the notes of some years.
//
//   node scripts/screenshots-finding.mjs
//
// Needs a build (npm run build) and Chromium (CHROMIUM_PATH, else /usr/bin/chromium).
import { startDemo } from "./demo-site.mjs";
import { openBrowser, photograph, SCHEMES, VIEWPORT_HEIGHTS, WIDTHS } from "./photograph.mjs";

const MAX_HEIGHT = 2400;
/** How long the site may take to look at all notes, 20 a second, in milliseconds. */
const DIGEST_PATIENCE_MS = 120_000;

const PAGES = [
  { name: "archive", path: "/archive" },
  { name: "year", path: "/archive/2026", maxHeight: 4500 },
  { name: "month", path: "/archive/2026/09", maxHeight: 1300 },
  { name: "tags", path: "/tags" },
  { name: "on-this-day", path: "/on-this-day/10/07" },
  { name: "stats", path: "/stats" },
  { name: "search", path: "/search?q=lighthouse" },
  { name: "search-suggestion", path: "/search?q=ligthouse" },
  { name: "related", path: "/notes/tides" },
];

const site = await startDemo({ years: true });
const browser = await openBrowser();
try {
  await waitForStats();
  for (const width of WIDTHS) for (const colorScheme of SCHEMES) await photographAll(width, colorScheme);
} finally {
  await browser.close();
  await site.stop();
}

/** The numbers are counted once every note was looked at. */
async function waitForStats() {
  const deadline = performance.now() + DIGEST_PATIENCE_MS;
  while (performance.now() < deadline) {
    if ((await (await fetch(`${site.url}/stats`)).text()).includes("Longest silences")) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error("The notes were not counted in time.");
}

async function photographAll(width, colorScheme) {
  const viewport = { width, height: VIEWPORT_HEIGHTS[width] };
  const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: false });
  const page = await context.newPage();
  for (const { name, path, maxHeight = MAX_HEIGHT } of PAGES) {
    await page.goto(site.url + path);
    await photograph(page, `${name}-${width}-${colorScheme}`, { maxHeight });
  }
  await context.close();
}
