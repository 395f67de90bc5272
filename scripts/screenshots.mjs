// Photographs the site for docs/screenshots/: each page at three widths, in light and dark.
//
//   node scripts/screenshots.mjs                     a site of its own, made of scripts/demo-notes in a temporary folder
//   node scripts/screenshots.mjs URL < password      a site that runs at URL, with the password of its author
//
// Needs a build (npm run build) and Chromium (CHROMIUM_PATH, else /usr/bin/chromium).
import { readFileSync } from "node:fs";
import { fillOperations, fillSettings, logIn, startDemo } from "./demo-site.mjs";
import { openBrowser, photograph, SCHEMES, VIEWPORT_HEIGHTS, WIDTHS } from "./photograph.mjs";
import { photographEditor } from "./photograph-editor.mjs";

const MAX_WHOLE_HEIGHT = 4500;
const MAX_DASHBOARD_HEIGHT = 8000;

/** Readers' pages by the name of their picture. `links`: the first of these that home has. */
const PUBLIC_PAGES = [
  { name: "home", path: "/" },
  { name: "note", links: [".h-entry a[href$='/conditional-requests']", ".h-entry h2 a"], maxHeight: MAX_WHOLE_HEIGHT },
  { name: "tag", links: [".tags a[href='/tags/web']", ".tags a"] },
  { name: "not-found", path: "/no-such-page" },
];

const site = process.argv[2] ? { url: process.argv[2], password: readFileSync(0, "utf8").trim() } : await startDemo();
const browser = await openBrowser();
try {
  if (site.isDemo) await withPage((page) => fillSettings(page, site));
  for (const width of WIDTHS) for (const colorScheme of SCHEMES) await photographAll(width, colorScheme);
  if (site.isDemo) await withPage((page) => fillOperations(page, site));
  for (const width of WIDTHS) for (const colorScheme of SCHEMES) await photographOperations(width, colorScheme);
} finally {
  await browser.close();
  await site.stop?.();
}

async function photographAll(width, colorScheme) {
  const viewport = { width, height: VIEWPORT_HEIGHTS[width] };
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const take = (name, options) => photograph(page, `${name}-${width}-${colorScheme}`, options);
  for (const { name, path, links, maxHeight } of PUBLIC_PAGES) {
    await page.goto(site.url + (path ?? (await findLink(page, links))));
    await take(name, { maxHeight });
  }
  await logIn(page, site);
  await page.goto(`${site.url}/admin`);
  await take("admin-notes");
  await photographEditor(page, site, take);
  for (const name of ["settings", "health", "backups"]) {
    await page.goto(`${site.url}/admin/${name}`);
    await take(name, { maxHeight: MAX_WHOLE_HEIGHT });
  }
  await context.close();
}

/** The pages of who runs the site, once there is something to tell. */
async function photographOperations(width, colorScheme) {
  const viewport = { width, height: VIEWPORT_HEIGHTS[width] };
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  await logIn(page, site);
  await photographDashboard(context, { width, colorScheme });
  for (const name of ["problems", "jobs"]) {
    await page.goto(`${site.url}/admin/${name}`);
    await photograph(page, `${name}-${width}-${colorScheme}`, { maxHeight: MAX_WHOLE_HEIGHT });
  }
  await context.close();
}

/** With its charts, and with scripts switched off. */
async function photographDashboard(context, { width, colorScheme }) {
  const page = await context.newPage();
  await page.goto(`${site.url}/admin/dashboard`);
  await page.locator(".chart canvas").first().waitFor();
  await photograph(page, `dashboard-${width}-${colorScheme}`, { maxHeight: MAX_DASHBOARD_HEIGHT });
  const plain = await browser.newContext({
    viewport: { width, height: VIEWPORT_HEIGHTS[width] },
    colorScheme,
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });
  const plainPage = await plain.newPage();
  await plainPage.goto(`${site.url}/admin/dashboard`);
  await photograph(plainPage, `dashboard-plain-${width}-${colorScheme}`, { maxHeight: MAX_DASHBOARD_HEIGHT });
  await plain.close();
  await page.close();
}

/** Does something in a browser of its own. */
async function withPage(use) {
  const context = await browser.newContext();
  await use(await context.newPage());
  await context.close();
}

async function findLink(page, selectors) {
  await page.goto(site.url);
  for (const selector of selectors) {
    const link = page.locator(selector).first();
    if ((await link.count()) > 0) return link.getAttribute("href");
  }
  throw new Error(`Home has none of ${selectors.join(", ")}. Publish a note with a title and a tag first.`);
}
