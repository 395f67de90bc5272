import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAuthor, createLogin } from "../support/author.ts";
import { startChromium } from "../support/chromium.ts";
import { startLocalSite } from "../support/local-site.ts";
import { openDevicePage } from "../support/virtual-device.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

test("a passkey is added on the security page, and opens the next login by itself among the suggestions", async () => {
  const { ctx, url } = await startLocalSite();
  await createAuthor(ctx);
  const { page, complaints } = await openDevicePage(browser, { url, login: await createLogin(ctx) });

  await page.goto(`${url}/admin/security`);
  await page.getByLabel("Name of the new passkey").fill("Laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.waitForURL(/done=passkey-added/u);
  const row = await page.locator(".ways-in .row").textContent();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(`${url}/`);
  await page.goto(`${url}/login?next=/admin/tokens`);
  await page.waitForURL(`${url}/admin/tokens`);

  expect(row).toContain("Laptop");
  expect(row).toContain("Not used yet");
  expect(ctx.db.all("SELECT name, sign_count > 0 AS counted, last_used_at FROM passkeys")).toEqual([
    { name: "Laptop", counted: 1, last_used_at: ctx.clock() },
  ]);
  expect(complaints).toEqual([]);
  await page.context().close();
});
