// Photographs what the author writes with besides the editor, for docs/screenshots/: the box for short notes, many notes
// at once, snippets, templates, tools, and a share that waits on a phone.
//
//   node scripts/screenshots-desk.mjs                     a site of its own in a temporary folder
//   node scripts/screenshots-desk.mjs URL < password      a site that runs at URL, with the password of its author
//
// Needs what scripts/screenshots.mjs needs. What it makes on the site it deletes again.
import { readFileSync } from "node:fs";
import { logIn, startDemo } from "./demo-site.mjs";
import { openBrowser, photograph, SCHEMES, VIEWPORT_HEIGHTS, WIDTHS } from "./photograph.mjs";

const SNIPPETS = [
  { name: "Reading list", content: "On my table: " },
  { name: "Signature", content: "*Written by the harbour, as ever.*" },
];
const TEMPLATES = [
  {
    name: "Weekly notes",
    title: "Week of {{date}}",
    tags: "weeknotes",
    content: "## Done\n\n## Read\n\n## Seen from the window",
  },
  { name: "Recipe", tags: "kitchen", content: "For four people\n\n- " },
];

const site = process.argv[2] ? { url: process.argv[2], password: readFileSync(0, "utf8").trim() } : await startDemo();
const browser = await openBrowser();
try {
  await withPage({}, fill);
  for (const width of WIDTHS) for (const colorScheme of SCHEMES) await photographDesk(width, colorScheme);
  for (const colorScheme of SCHEMES) await photographShare(colorScheme);
  await withPage({}, empty);
} finally {
  await browser.close();
  await site.stop?.();
}

async function photographDesk(width, colorScheme) {
  await withPage({ viewport: { width, height: VIEWPORT_HEIGHTS[width] }, colorScheme }, async (page) => {
    const take = (name, options) => photograph(page, `${name}-${width}-${colorScheme}`, options);
    for (const [name, path] of [
      ["snippets", "/admin/snippets"],
      ["templates", "/admin/templates"],
      ["tools", "/admin/tools"],
    ]) {
      await page.goto(site.url + path);
      await take(name);
    }
    await page.goto(`${site.url}/admin`);
    await page.locator("#quick-content").fill("The ferry is late again, and nobody minds.");
    await page.locator("#quick-tags").fill("Sea");
    await take("quick-post", { whole: false });
    await page.locator("#quick-content").fill("");
    for (const box of (await page.locator("[name=note]").all()).slice(0, 3)) await box.check();
    await page.locator("#bulk-tags").fill("favourites");
    await page.locator(".search").scrollIntoViewIfNeeded();
    await take("bulk", { whole: false });
    await page.getByRole("button", { name: "Tag", exact: true }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await take("bulk-done", { whole: false });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("heading", { name: "Undone" }).waitFor();
  });
}

/** A share on the train, and what became of it. */
async function photographShare(colorScheme) {
  await withPage({ viewport: { width: 360, height: VIEWPORT_HEIGHTS[360] }, colorScheme }, async (page) => {
    await page.goto(`${site.url}/admin`);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.context().setOffline(true);
    await page.evaluate(() => {
      const form = Object.assign(document.createElement("form"), { action: "/admin/share", method: "post" });
      form.enctype = "multipart/form-data";
      const shared = { title: "Tide tables", text: "For Sunday’s walk", url: "https://tide.example/tables" };
      for (const [name, value] of Object.entries(shared)) {
        form.append(Object.assign(document.createElement("input"), { name, value, type: "hidden" }));
      }
      document.body.append(form);
      form.submit();
    });
    await page.locator("#shares .row").waitFor();
    await photograph(page, `share-waits-360-${colorScheme}`);
    await page.context().setOffline(false);
    await page.waitForURL(/autosave=/);
    await page.locator("#content").waitFor();
    await photograph(page, `share-arrived-360-${colorScheme}`, { whole: false });
    await page.locator("#content").fill("");
    await page.locator("#title").focus();
    await page.locator("#editor[data-autosave=saved]").waitFor();
  });
}

async function fill(page) {
  for (const fields of SNIPPETS) await make(page, "/admin/snippets", fields);
  for (const fields of TEMPLATES) await make(page, "/admin/templates", fields);
}

async function make(page, path, fields) {
  await page.goto(site.url + path);
  for (const [name, value] of Object.entries(fields)) await page.locator(`form.sections [name=${name}]`).fill(value);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("saved.").waitFor();
}

async function empty(page) {
  for (const [path, made] of [
    ["/admin/snippets", SNIPPETS],
    ["/admin/templates", TEMPLATES],
  ]) {
    for (const { name } of made) {
      await page.goto(site.url + path);
      await page.getByRole("button", { name: `Delete ${name}`, exact: true }).click();
    }
  }
}

/** Does something in a browser of its own, logged in. */
async function withPage(options, use) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.on("dialog", (dialog) => void dialog.accept());
  await logIn(page, site);
  await use(page);
  await context.close();
}
