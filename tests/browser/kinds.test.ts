import { afterAll, beforeAll, expect, test } from "vitest";
import { fetchCitation } from "../../src/notes/fetch-citation.ts";
import { openTestApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { openAuthorPage } from "../support/author-page.ts";
import type { openPage } from "../support/chromium.ts";
import { startChromium } from "../support/chromium.ts";
import { elsewhere, POST_HTML, POST_URL } from "../support/elsewhere.ts";
import { picture } from "../support/images.ts";
import { AXE_RULES, overflowing, violations } from "../support/inspect-page.ts";

let app: Awaited<ReturnType<typeof openTestApp>>;
const browser = await startChromium();

beforeAll(async () => {
  const pages = {
    [POST_URL]: POST_HTML,
    "https://ada.example/ada.png": await picture(40, 30).png().toBuffer(),
    "https://ada.example/engine.png": await picture(900, 600).png().toBuffer(),
  };
  app = await openTestApp({ fetch: elsewhere(pages).fetch });
  await createAuthor(app.ctx);
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

/** The author's browser at a page of the running site. */
function open(path: string, options: Parameters<typeof openPage>[1] = {}) {
  return openAuthorPage(browser, app, { path, ...options });
}

test("of the fields that kinds have only those of the chosen one are shown, and what was typed is kept", async () => {
  const { page, complaints } = await open("/admin/notes/new");
  const shown = () =>
    page.locator("[data-kinds] :is(input, select):visible").evaluateAll((all) => all.map(({ id }) => id));
  await page.locator("#kind-fields > summary").click();
  expect(await shown()).toEqual([]);

  await page.locator("#kind").selectOption("rsvp");
  await page.locator("#kind_url").fill(POST_URL);
  expect(await shown()).toEqual(["kind_url", "rsvp"]);
  await page.locator("#kind").selectOption("event");
  expect(await shown()).toEqual(["event_start", "event_end", "event_place"]);
  await page.locator("#kind").selectOption("like");
  await page.locator("#preview .u-like-of").waitFor();

  expect(await shown()).toEqual(["kind_url"]);
  expect(await page.locator("#kind_url").inputValue()).toBe(POST_URL);
  expect(complaints).toEqual([]);
});

test.each([
  ["without scripts", { javaScriptEnabled: false, viewport: { width: 1280, height: 860 } }],
  ["with scripts, on a phone", { viewport: { width: 360, height: 780 }, colorScheme: "dark" as const }],
])("a bookmarklet leads to a like that readers see with what the page says: %s", async (_, options) => {
  const { page, complaints } = await open(`/admin/notes/new?like-of=${encodeURIComponent(POST_URL)}`, options);
  expect(await page.locator("#kind_url").isVisible()).toBe(true);

  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("link", { name: "View", exact: true }).waitFor();
  await fetchCitation(app.ctx, { url: POST_URL, isLastAttempt: true });
  await page.reload();
  await page.getByText("“On analytical engines”, fetched").waitFor();
  await page.getByRole("link", { name: "View", exact: true }).click();

  const cite = page.locator(".like-of").locator("xpath=ancestor::*[contains(@class,'h-cite')]");
  expect(await cite.innerText()).toMatch(/Liked On analytical engines by\s+Ada Lovelace/u);
  const sources = await page
    .locator(".h-cite img")
    .evaluateAll((all) => all.map((img) => img.getAttribute("src") ?? ""));
  expect(sources.map((source) => source.slice(0, 7))).toEqual(["/media/", "/media/"]);
  expect(await overflowing(page)).toEqual([]);
  expect(complaints).toEqual([]);
  if (!("javaScriptEnabled" in options)) {
    for (const rules of Object.values(AXE_RULES)) expect(await violations(page, rules)).toEqual([]);
  }
});
