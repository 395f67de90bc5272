// Photographs what a note was and what becomes of it, for docs/screenshots/: its revisions, two versions of it, its preview
// links, the trash. At three widths, in light and dark, with a site of its own.
//
//   node scripts/screenshots-revisions.mjs
//
// Needs a build (npm run build) and Chromium (CHROMIUM_PATH, else /usr/bin/chromium).
import { readFileSync } from "node:fs";
import { logIn, startDemo } from "./demo-site.mjs";
import { openBrowser, photograph, SCHEMES, VIEWPORT_HEIGHTS, WIDTHS } from "./photograph.mjs";

const MAX_WHOLE_HEIGHT = 4500;
const TEXT = readFileSync(new URL("demo-notes/draft.txt", import.meta.url), "utf8")
  .split("\n")
  .slice(0, 9)
  .join("\n");

const site = await startDemo();
const browser = await openBrowser();
try {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await logIn(page, site);
  const note = await writeNote(page);
  const preview = await makePreviewLink(page, note);
  const trashed = await trashAnother(page);
  const storageState = await context.storageState();
  await context.close();
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES)
      await photographAll({ width, colorScheme, storageState, note, preview, trashed });
  }
} finally {
  await browser.close();
  await site.stop();
}

async function photographAll({ width, colorScheme, storageState, note, preview, trashed }) {
  const viewport = { width, height: VIEWPORT_HEIGHTS[width] };
  const context = await browser.newContext({ viewport, colorScheme, storageState, javaScriptEnabled: false });
  const page = await context.newPage();
  const take = (name) => photograph(page, `${name}-${width}-${colorScheme}`, { maxHeight: MAX_WHOLE_HEIGHT });
  const views = {
    revisions: `${note}/revisions`,
    revision: `${note}/revisions/2`,
    "revision-side": `${note}/revisions/2?view=side`,
    "preview-links": `${note}/preview-links`,
    preview,
    trash: trashed,
  };
  for (const [name, path] of Object.entries(views)) {
    await page.goto(site.url + path);
    await take(name);
  }
  await page.goto(`${site.url}${note}`);
  await page.locator("[name=version]").evaluate((field, value) => field.setAttribute("value", value), "1");
  await page.locator("[name=content]").fill(`${change(TEXT, "Nobody knows since when.")}\n\nMore on Sunday.`);
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByRole("heading", { name: "Two versions" }).waitFor();
  await take("two-versions");
  await context.close();
}

/** Saves a draft three times. Returns the path of its editor. */
async function writeNote(page) {
  await page.goto(`${site.url}/admin/notes/new`);
  await fill(page, { title: "The harbour light", content: TEXT, tags: "Sea" });
  const path = new URL(page.url()).pathname;
  await page.goto(site.url + path);
  await fill(page, {
    title: "Why the harbour light blinks",
    content: change(TEXT, "It has done so since 1911."),
    tags: "Sea, making",
  });
  await page.goto(site.url + path);
  await fill(page, { content: `${change(TEXT, "It has done so since 1912.")}\n\nMore tomorrow.` });
  return path;
}

/** A sentence more in the first line. */
function change(text, sentence) {
  const [first, ...rest] = text.split("\n");
  return [`${first} ${sentence}`, ...rest].join("\n");
}

async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value);
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.waitForURL(/done=/);
}

async function makePreviewLink(page, note) {
  await page.goto(`${site.url}${note}/preview-links`);
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.locator(".new-token code").textContent();
  return new URL(link).pathname;
}

/** Returns the path of the page that says so. */
async function trashAnother(page) {
  await page.goto(`${site.url}/admin`);
  await page.locator(".row-label a").last().click();
  await page.getByRole("button", { name: "Move to trash" }).click();
  await page.waitForURL(/done=trashed/);
  return new URL(page.url()).pathname + new URL(page.url()).search;
}
