import { afterAll, beforeAll, expect, test } from "vitest";
import { saveDeskItem } from "../../src/desk/save-desk-item.ts";
import { openTestApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { openAuthorPage } from "../support/author-page.ts";
import type { openPage } from "../support/chromium.ts";
import { startChromium } from "../support/chromium.ts";

let app: Awaited<ReturnType<typeof openTestApp>>;
const browser = await startChromium();

beforeAll(async () => {
  app = await openTestApp();
  await createAuthor(app.ctx);
  await saveDeskItem(app.ctx, "snippet", { name: "Greeting", fields: { content: "**Best** wishes" } });
  await saveDeskItem(app.ctx, "template", { name: "Letter", fields: { content: "Dear reader,\n\nyours" } });
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

/** The author's browser at a page of the running site. */
function open(path: string, options: Parameters<typeof openPage>[1] = {}) {
  return openAuthorPage(browser, app, { path, ...options });
}

test("a snippet goes in at the cursor, and the browser can undo it", async () => {
  const { page, complaints } = await open("/admin/notes/new?template=2");
  const text = page.locator("#content");

  await text.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(12, 12));
  await page.getByText("Snippets", { exact: true }).click();
  await page.getByRole("button", { name: "Greeting" }).click();
  const inserted = await text.inputValue();
  await page.keyboard.press("Control+z");

  expect(inserted).toBe("Dear reader,**Best** wishes\n\nyours");
  expect(await text.inputValue()).toBe("Dear reader,\n\nyours");
  expect(complaints).toEqual([]);
});

test("opening a template keeps nothing before its author types", async () => {
  const { page } = await open("/admin/notes/new?template=2");

  await page.locator("#title").focus();
  await page.locator("#content").focus();
  await page.locator("#kept-here[data-ready]").waitFor({ state: "attached" });

  expect(await page.locator("#editor").getAttribute("data-autosave")).toBeNull();
});

test("without scripts its button puts a snippet below the text", async () => {
  const { page } = await open("/admin/notes/new?template=2", { javaScriptEnabled: false });

  await page.getByText("Snippets", { exact: true }).click();
  await page.getByRole("button", { name: "Greeting" }).click();

  expect(await page.locator("#content").inputValue()).toBe("Dear reader,\n\nyours\n\n**Best** wishes");
});
