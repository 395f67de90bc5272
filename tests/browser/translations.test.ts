import { afterAll, beforeAll, expect, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import { openTestApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { openAuthorPage } from "../support/author-page.ts";
import { startChromium } from "../support/chromium.ts";
import { AXE_RULES, overflowing, violations } from "../support/inspect-page.ts";

let app: Awaited<ReturnType<typeof openTestApp>>;
const browser = await startChromium();

beforeAll(async () => {
  app = await openTestApp();
  await createAuthor(app.ctx);
  const note = { title: "The sea", slug: "sea", content: "It was grey today, and loud." };
  await publishNote(app.ctx, note, { madeBy: "admin" });
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

test.each([
  ["without scripts", "de", "Das Meer", { javaScriptEnabled: false, viewport: { width: 1280, height: 860 } }],
  ["on a phone", "ar", "البحر", { viewport: { width: 360, height: 780 } }],
])(
  "a note is translated, and readers go from one language to the other: %s",
  { timeout: 60_000 },
  async (_, language, title, options) => {
    const { page, complaints } = await openAuthorPage(browser, app, { path: "/admin/notes/1", ...options });
    const faults = async () => {
      // Once is enough. A field that the bar of buttons covers is scrolled from below it.
      const found = language === "ar" ? await violations(page, AXE_RULES.light) : [];
      return [await overflowing(page), found.filter(({ id }) => id !== "target-size")];
    };

    await page.getByRole("link", { name: "Translate", exact: true }).click();
    await page.waitForURL(/translate=1/u);
    expect(await page.getByLabel("Translation of").inputValue()).toBe("sea");
    expect(await faults()).toEqual([[], []]);
    await page.locator("#title").fill(title);
    await page.locator("#language").fill(language);
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByRole("link", { name: "View", exact: true }).click();
    await page.getByRole("heading", { name: title }).waitFor();
    expect(await page.locator("h1").getAttribute("lang")).toBe(language);
    expect(await faults()).toEqual([[], []]);
    await page.locator(".also").getByRole("link", { name: "English" }).click();
    await page.getByRole("heading", { name: "The sea" }).waitFor();

    expect(await page.locator(`.also a[hreflang="${language}"]`).count()).toBe(1);
    expect(complaints).toEqual([]);
  },
);
