// Photographs the site for docs/screenshots/: each page at three widths, in light and dark.
//
//   node scripts/screenshots.mjs                     a site of its own, made of scripts/demo-notes in a temporary folder
//   node scripts/screenshots.mjs URL < password      a site that runs at URL, with the password of its author
//
// Needs a build (npm run build) and Chromium (CHROMIUM_PATH, else /usr/bin/chromium).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { fillOperations, fillSettings, logIn, startDemo } from "./demo-site.mjs";

const WIDTHS = [360, 768, 1280];
const SCHEMES = ["light", "dark"];
/** Tallest picture of a list, in pixels: what is further down looks like what is above. Other pages are shown whole. */
const MAX_HEIGHT = 1500;
const MAX_WHOLE_HEIGHT = 4500;
const MARGIN = 28; // pixels below the last note that still fits
const VIEWPORT_HEIGHTS = { 360: 780, 768: 1024, 1280: 860 };

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "docs", "screenshots");

/** Readers' pages by the name of their picture. `links`: the first of these that home has. */
const PUBLIC_PAGES = [
  { name: "home", path: "/" },
  { name: "note", links: [".h-entry a[href$='/conditional-requests']", ".h-entry h2 a"], maxHeight: MAX_WHOLE_HEIGHT },
  { name: "tag", links: [".tags a[href='/tags/web']", ".tags a"] },
  { name: "archive", path: "/archive" },
  { name: "search", path: "/search?q=feed" },
  { name: "not-found", path: "/no-such-page" },
  { name: "login", path: "/login" },
];

const site = process.argv[2] ? { url: process.argv[2], password: readFileSync(0, "utf8").trim() } : await startDemo();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
mkdirSync(folder, { recursive: true });
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
  await write(page);
  await take("editor", { whole: false });
  if (width < 1024) await photographPreview(page, take);
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
  await photograph(page, `dashboard-${width}-${colorScheme}`, { maxHeight: MAX_WHOLE_HEIGHT });
  const plain = await browser.newContext({
    viewport: { width, height: VIEWPORT_HEIGHTS[width] },
    colorScheme,
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });
  const plainPage = await plain.newPage();
  await plainPage.goto(`${site.url}/admin/dashboard`);
  await photograph(plainPage, `dashboard-plain-${width}-${colorScheme}`, { maxHeight: MAX_WHOLE_HEIGHT });
  await plain.close();
  await page.close();
}

/** Does something in a browser of its own. */
async function withPage(use) {
  const context = await browser.newContext();
  await use(await context.newPage());
  await context.close();
}

/** On a narrow screen the preview stands below the form; the button leads to it. */
async function photographPreview(page, take) {
  const viewport = page.viewportSize();
  const preview = await page.locator(".preview").boundingBox();
  await page.setViewportSize({ width: viewport.width, height: Math.ceil(preview.height) + MARGIN });
  await page.getByRole("button", { name: "Preview" }).click();
  await take("editor-preview", { whole: false });
  await page.setViewportSize(viewport);
}

async function findLink(page, selectors) {
  await page.goto(site.url);
  for (const selector of selectors) {
    const link = page.locator(selector).first();
    if ((await link.count()) > 0) return link.getAttribute("href");
  }
  throw new Error(`Home has none of ${selectors.join(", ")}. Publish a note with a title and a tag first.`);
}

/** Types a note and waits for its preview. Nothing is saved. */
async function write(page) {
  await page.goto(`${site.url}/admin/notes/new`);
  page.on("dialog", (dialog) => dialog.accept());
  await page.locator("[name=title]").fill("Why the harbour light blinks");
  await page.locator("[name=content]").fill(readFileSync(join(root, "scripts", "demo-notes", "draft.txt"), "utf8"));
  await page.locator("[name=tags]").fill("Sea, making");
  await page.locator("#preview pre").waitFor();
  await page.evaluate(() => {
    document.querySelector("#content").scrollTop = 0;
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
}

async function photograph(page, name, { whole = true, maxHeight = MAX_HEIGHT } = {}) {
  const viewport = page.viewportSize();
  if (whole) {
    // As tall as its content, so that what sticks to the edge of the screen stands at the end and not in the middle.
    const height = await page.evaluate(heightToShow, { maxHeight, margin: MARGIN });
    await page.setViewportSize({ width: viewport.width, height: Math.max(height, viewport.height) });
  }
  const image = await page.screenshot();
  // Flat colours and sharp letters: a palette without loss is smaller than a photograph's coding, and crisp.
  const flat = await sharp(image).png({ palette: true, colours: 64, dither: 0 }).toBuffer();
  const small = await sharp(flat).webp({ lossless: true, effort: 6 }).toBuffer();
  writeFileSync(join(folder, `${name}.webp`), small);
  await page.setViewportSize(viewport);
}

/** The height of the page, or of as many whole notes as fit. Runs in the page. */
function heightToShow({ maxHeight, margin }) {
  const whole = document.documentElement.scrollHeight;
  if (whole <= maxHeight) return whole;
  const ends = [...document.querySelectorAll(".entry, .row")].map(
    (note) => note.getBoundingClientRect().bottom + margin,
  );
  return Math.ceil(Math.max(...ends.filter((end) => end <= maxHeight)));
}
