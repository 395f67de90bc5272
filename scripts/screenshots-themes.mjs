// Photographs the themes for docs/screenshots/: home, a note, a photo and the archive in each, and the pages where the look
// of the site is chosen. At three widths, in light and dark, with a site of its own.
//
//   node scripts/screenshots-themes.mjs
//
// Needs a build (npm run build) and Chromium (CHROMIUM_PATH, else /usr/bin/chromium).
import { drawHeader } from "./demo-photos.mjs";
import { fillSettings, startDemo } from "./demo-site.mjs";
import { openBrowser, photograph, SCHEMES, VIEWPORT_HEIGHTS, WIDTHS } from "./photograph.mjs";

const THEMES = ["quiet", "timeline", "photos"];
const PAGES = { home: "/", note: "/notes/conditional-requests", photo: "/notes/last-ferry", archive: "/archive" };
const MAX_HEIGHT = 1500;
const MAX_FORM_HEIGHT = 9000;

const site = await startDemo({ photos: true });
const browser = await openBrowser();
try {
  const context = await browser.newContext();
  const author = await context.newPage();
  await fillSettings(author, site);
  await author.waitForTimeout(8_000); // Smaller versions of the photos are made.
  for (const theme of THEMES) {
    await applyTheme(author, theme);
    await eachWay((page, way) => photographTheme(page, theme, way));
  }
  const storageState = await context.storageState();
  const look = await chooseAll(author);
  await eachWay((page, way) => photographChoices(page, look, way), { storageState });
} finally {
  await browser.close();
  await site.stop();
}

/** Calls `use` with a page of each width and scheme. */
async function eachWay(use, options = {}) {
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      const viewport = { width, height: VIEWPORT_HEIGHTS[width] };
      const context = await browser.newContext({ ...options, viewport, colorScheme, reducedMotion: "reduce" });
      await use(await context.newPage(), `${width}-${colorScheme}`);
      await context.close();
    }
  }
}

async function photographTheme(page, theme, way) {
  for (const [name, path] of Object.entries(PAGES)) {
    await page.goto(site.url + path);
    await loadImages(page);
    const isPhoto = name === "photo" || name === "home";
    await photograph(page, `theme-${theme}-${name}-${way}`, { maxHeight: MAX_HEIGHT, isPhoto });
  }
}

async function photographChoices(page, look, way) {
  await page.goto(`${site.url}/admin/appearance?look=${look}`);
  await photograph(page, `appearance-${way}`, { maxHeight: MAX_FORM_HEIGHT, isPhoto: true });
  await page.goto(`${site.url}/admin/appearance/preview/home?look=${look}`);
  await loadImages(page);
  await photograph(page, `appearance-preview-${way}`, { whole: false, isPhoto: true });
  await page.goto(`${site.url}/admin/appearance/menu`);
  await photograph(page, `appearance-menu-${way}`);
}

/** Also those that would wait until somebody scrolls to them. */
async function loadImages(page) {
  await page.evaluate(() => {
    for (const image of document.images) image.loading = "eager";
  });
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
}

async function applyTheme(page, theme) {
  await page.goto(`${site.url}/admin/appearance`);
  await page.locator(`[name=theme][value=${theme}]`).check();
  await page.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/done=appearance/);
}

/** A theme, a colour that is too weak for light pages, and a header image, to look at. Returns the choices. */
async function chooseAll(page) {
  await page.goto(`${site.url}/admin/appearance`);
  await page.locator("[name=theme][value=timeline]").check();
  await page.locator("#accent_colour").fill("#2bb3a3");
  await page
    .locator("[name=header_image]")
    .setInputFiles({ name: "evening.jpg", mimeType: "image/jpeg", buffer: await drawHeader() });
  await page.locator("[name=header_alt]").fill("Evening over the islands");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.waitForURL(/preview\/home/);
  return new URL(page.url()).searchParams.get("look");
}
