import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROOF_SECONDS, startSession } from "../../src/auth/sessions.ts";
import { createAuthor, createLogin, PASSWORD } from "../support/author.ts";
import { startChromium } from "../support/chromium.ts";
import { startLocalSite } from "../support/local-site.ts";
import { openDevicePage } from "../support/virtual-device.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

test("after 15 minutes a token is made with a passkey or the password, of what was typed; a new sign-in is asked about", async () => {
  const { ctx, clock, url } = await startLocalSite();
  await createAuthor(ctx);
  const { page, complaints } = await openDevicePage(browser, { url, login: await createLogin(ctx) });
  await page.goto(`${url}/admin/security`);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.waitForURL(/done=passkey-added/u);

  await page.goto(`${url}/admin/tokens`);
  clock.advance(PROOF_SECONDS);
  await page.locator("[name=client_id]").fill("https://script.example/");
  await page.locator("form[action='/admin/tokens'] button[type=submit]").click();
  await page.getByRole("button", { name: "Go on with a passkey" }).click();
  await page.getByText("https://script.example/").first().waitFor();
  const byPasskey = ctx.db.all("SELECT client_id FROM grants");

  const phone = {
    userAgent: "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
    address: "192.0.2.9",
  };
  await ctx.db.write(() => startSession(ctx, phone));
  await page.goto(`${url}/admin/tokens`);
  const asked = await page.getByRole("region", { name: "New sign-in" }).textContent();
  await page.getByRole("button", { name: "Yes, it was me" }).click();
  await page.getByRole("region", { name: "New sign-in" }).waitFor({ state: "detached" });

  clock.advance(PROOF_SECONDS);
  await page.locator("[name=client_id]").fill("https://other.example/");
  await page.locator("form[action='/admin/tokens'] button[type=submit]").click();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Go on", exact: true }).click();
  await page.getByText("https://other.example/").first().waitFor();

  expect(byPasskey).toEqual([{ client_id: "https://script.example/" }]);
  expect(ctx.db.all("SELECT client_id FROM grants")).toHaveLength(2);
  expect(asked).toMatch(/New sign-in: Firefox on Android, this minute, from 192\.0\.2\.0\/24\. Was this you\?/u);
  // The browser's own words for the two pages that asked.
  const asking = "Failed to load resource: the server responded with a status of 403 (Forbidden)";
  expect(complaints).toEqual([asking, asking]);
  await page.context().close();
});
