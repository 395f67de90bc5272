// Photographs the order of a site for docs/screenshots/: a section, the author's tags, pages, a series, redirects and the
// log of what was not found. At three widths, in light and dark, without scripts, with a site of its own.
//
//   node scripts/screenshots-sections.mjs
//
// Needs a build (npm run build) and Chromium (CHROMIUM_PATH, else /usr/bin/chromium).
import { fillSettings, startDemo } from "./demo-site.mjs";
import { openBrowser, photograph, SCHEMES, VIEWPORT_HEIGHTS, WIDTHS } from "./photograph.mjs";

const MAX_HEIGHT = 3500;

const ABOUT = {
  title: "About",
  content:
    "I am Mara. I mend radios by the harbour, and I keep a tide table.\n\n## This site\n\nOne address, no one between.",
};
const PARTS = ["Ears before eyes", "A table of one’s own", "What the moon does"];
const SECTION = {
  title: "Building for the web",
  description: "What I learn about **HTTP**, feeds and pages that work without scripts. Begin with the pinned one.",
};

const PAGES = {
  section: "/tags/web",
  "admin-tags": "/admin/tags",
  "admin-tag": "/admin/tags/web",
  page: "/about",
  "page-editor": "/admin/notes/new?place=page",
  series: "/series/reading-the-tide",
  "series-part": "/notes/a-table-of-ones-own",
  redirects: "/admin/redirects",
  missing: "/admin/missing",
};

const site = await startDemo();
const browser = await openBrowser();
try {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await fillSettings(page, site);
  await fill(page);
  const storageState = await context.storageState();
  for (const width of WIDTHS)
    for (const colorScheme of SCHEMES) await photographAll({ width, colorScheme, storageState });
} finally {
  await browser.close();
  await site.stop();
}

async function photographAll({ width, colorScheme, storageState }) {
  const viewport = { width, height: VIEWPORT_HEIGHTS[width] };
  const context = await browser.newContext({ viewport, colorScheme, storageState, javaScriptEnabled: false });
  const page = await context.newPage();
  for (const [name, path] of Object.entries(PAGES)) {
    await page.goto(site.url + path);
    await photograph(page, `${name}-${width}-${colorScheme}`, { maxHeight: MAX_HEIGHT });
  }
  await context.close();
}

async function fill(page) {
  await publish(page, { ...ABOUT, kind: "page" });
  for (const [index, title] of PARTS.entries()) {
    await publish(page, {
      title,
      content: "High water comes twice a day, and never when it did yesterday.",
      tags: "Café, tide",
      series: "Reading the tide",
      series_position: String(index + 1),
    });
  }
  await publish(page, { title: "The one by the quay", content: "It opens at six.", tags: "cafe" });
  await send(page, "/admin/tags/web", "/admin/tags/web/section", SECTION, { check: "[name=in_menu]" });
  await page.goto(`${site.url}/admin/tags/web`);
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await page.waitForURL(/done=section-pinned/u);
  for (const [from, to] of [
    ["/2019/tides", "/notes/tides"],
    ["/blog/*", "/notes/*"],
  ]) {
    await send(page, "/admin/redirects", "/admin/redirects", { from, to });
  }
  for (const path of [
    "/posts/tides.html",
    "/posts/tides.html",
    "/feed/rss2",
    "/2018/bread-again",
    "/wp-login.php",
    "/.env",
  ]) {
    await fetch(site.url + path);
  }
  for (let time = 0; time < 4; time += 1) await fetch(`${site.url}/2019/tides`, { redirect: "manual" });
}

/** Writes a note or a page by the editor. */
async function publish(page, { kind, ...fields }) {
  await page.goto(`${site.url}/admin/notes/new${kind === "page" ? "?place=page" : ""}`);
  for (const [name, value] of Object.entries(fields)) await fillField(page, name, value);
  await page.locator("button[value=publish]").click();
  await page.waitForURL(/done=published/u);
}

async function send(page, path, action, fields, { check } = {}) {
  await page.goto(site.url + path);
  const form = page.locator(`form[action="${action}"]`).first();
  for (const [name, value] of Object.entries(fields)) await form.locator(`[name=${name}]`).fill(value);
  if (check) await form.locator(check).check();
  await form.locator("button[type=submit]").first().click();
  await page.waitForURL(/done=/u);
}

/** A field may stand in a part of the form that is folded. */
async function fillField(page, name, value) {
  await page
    .locator(`[name=${name}]`)
    .first()
    .evaluate((field, text) => {
      field.value = text;
    }, value);
}
