// Photographs a note in three languages for docs/screenshots/: how readers see it, and how it is translated.
//
//   node scripts/screenshots-translations.mjs
//
// Needs a build (npm run build) and Chromium.
import { logIn, startDemo } from "./demo-site.mjs";
import { openBrowser, photograph, SCHEMES, VIEWPORT_HEIGHTS, WIDTHS } from "./photograph.mjs";

const NOTES = [
  {
    title: "What the tide leaves",
    slug: "what-the-tide-leaves",
    content: "A glove, two corks, and the **light** of ten to four.",
  },
  {
    title: "Was die Flut dalässt",
    language: "de",
    content: "Einen Handschuh, zwei Korken und das **Licht** von zehn vor vier.",
  },
  { title: "ما يتركه المدّ", language: "ar", content: "قفاز، وسدّادتان من الفلين، و**ضوء** الرابعة إلا عشر دقائق." },
];

const site = await startDemo();
const browser = await openBrowser();
try {
  await writeNotes();
  for (const width of WIDTHS) for (const colorScheme of SCHEMES) await photographAll({ width, colorScheme });
} finally {
  await browser.close();
  await site.stop();
}

async function writeNotes() {
  const page = await (await browser.newContext()).newPage();
  await logIn(page, site);
  for (const [index, note] of NOTES.entries()) {
    await page.goto(`${site.url}/admin/notes/new`);
    await page.locator(".editor-more > summary").last().click();
    const fields = index === 0 ? note : { ...note, translation_of: NOTES[0].slug };
    for (const [name, value] of Object.entries(fields)) await page.locator(`#editor [name=${name}]`).fill(value);
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.waitForURL(/\/admin\/notes\/\d+/);
  }
  await page.context().close();
}

async function photographAll({ width, colorScheme }) {
  const viewport = { width, height: VIEWPORT_HEIGHTS[width] };
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const take = (name, options) => photograph(page, `${name}-${width}-${colorScheme}`, options);
  await page.goto(`${site.url}/notes/${NOTES[0].slug}`);
  await page.locator(".also a[lang=ar]").click();
  await page.waitForURL(/\/notes\/(?!what)/);
  await take("translations");
  await logIn(page, site);
  await page.goto(`${site.url}/admin`);
  await page.getByRole("link", { name: NOTES[0].title }).first().click();
  await page.getByRole("link", { name: "Translate", exact: true }).click();
  await page.waitForURL(/translate=/);
  await page.locator("#translation_of").scrollIntoViewIfNeeded();
  await take("editor-translate", { whole: false });
  await context.close();
}
