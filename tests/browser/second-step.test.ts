import { Secret, TOTP } from "otpauth";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAuthor, createLogin, PASSWORD } from "../support/author.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { startLocalSite } from "../support/local-site.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

test("without scripts a second step is set up, asked for, and passed by a recovery code", {
  timeout: 60_000,
}, async () => {
  const { ctx, url } = await startLocalSite();
  await createAuthor(ctx);
  const { page } = await openPage(browser, { javaScriptEnabled: false });
  const [name = "", value = ""] = (await createLogin(ctx)).cookie.split("=");
  await page.context().addCookies([{ name, value, url }]);

  await page.goto(`${url}/admin/security/second-step`);
  const secret = Secret.fromBase32(((await page.locator(".secret").textContent()) ?? "").replaceAll(" ", ""));
  await page.getByLabel("Code of the app").fill(TOTP.generate({ secret, timestamp: Date.parse(ctx.clock()) }));
  await page.getByLabel("Current password").fill(PASSWORD);
  await page.getByRole("button", { name: "Turn on" }).click();
  await page.locator(".recovery-codes").waitFor();
  const code = (await page.locator(".recovery-codes code").first().textContent()) ?? "";
  await page.context().clearCookies();
  await page.goto(`${url}/login?next=/admin/tokens`);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByLabel("Code").fill(code);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(`${url}/admin/tokens`);
  await page.context().close();

  expect(ctx.db.get("SELECT count(*) AS left FROM recovery_codes WHERE used_at IS NULL")).toEqual({ left: 9 });
});
