import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createSetupLink, setupUrl } from "../../src/auth/set-up.ts";
import { createAuthor, createLogin, PASSWORD } from "../support/author.ts";
import { startChromium } from "../support/chromium.ts";
import { AXE_RULES, overflowing, tooSmall, violations } from "../support/inspect-page.ts";
import { startLocalSite } from "../support/local-site.ts";
import { openDevicePage } from "../support/virtual-device.ts";

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name of the new passkey").fill(name);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.waitForURL(/done=passkey-added/u);
}

async function faults(page: Page): Promise<unknown[]> {
  return [...(await violations(page, AXE_RULES.light)), ...(await overflowing(page))];
}

async function logOut(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/admin/security`);
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(`${url}/`);
}

test("a passkey is added on the security page, and opens the next login by itself among the suggestions", async () => {
  const { ctx, url } = await startLocalSite();
  await createAuthor(ctx);
  const { page, complaints } = await openDevicePage(browser, { url, login: await createLogin(ctx) });

  await page.goto(`${url}/admin/security`);
  await addPasskey(page, "Laptop");
  const row = await page.locator(".ways-in .row").textContent();
  const problems = await faults(page);
  await page.goto(`${url}/admin/security/second-step`);
  problems.push(...(await faults(page)));
  await logOut(page, url);
  await page.goto(`${url}/login?next=/admin/tokens`, { waitUntil: "commit" }); // It is left before it is whole.
  await page.waitForURL(`${url}/admin/tokens`);

  expect(row).toContain("Laptop");
  expect(row).toContain("Not used yet");
  expect(problems).toEqual([]);
  expect(ctx.db.all("SELECT name, sign_count > 0 AS counted, last_used_at FROM passkeys")).toEqual([
    { name: "Laptop", counted: 1, last_used_at: ctx.clock() },
  ]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("on a phone set-up offers a passkey, and its button logs in later", async () => {
  const { ctx, url } = await startLocalSite();
  const { page } = await openDevicePage(browser, { url, ...PHONE, suggests: false });

  await page.goto(setupUrl(url, await createSetupLink(ctx)));
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel(/Title/u).fill("Ada writes");
  await page.getByLabel(/Password/u).fill(PASSWORD);
  await page.getByRole("button", { name: "Start writing" }).click();
  await page.waitForURL(/first-passkey/u);
  const problems = await faults(page);
  await addPasskey(page, "Phone");
  const arrived = new URL(page.url()).pathname;
  await logOut(page, url);
  await page.goto(`${url}/login`);
  problems.push(...(await faults(page)), ...(await tooSmall(page)));
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  await page.waitForURL(`${url}/admin`);

  expect(arrived).toBe("/admin/notes/new");
  expect(problems).toEqual([]);
  await page.context().close();
});

test("with two passkeys the password is turned off; neither can be removed then, and the login has no field for it", async () => {
  const { ctx, url } = await startLocalSite();
  await createAuthor(ctx);
  const login = await createLogin(ctx);
  const first = await openDevicePage(browser, { url, login });
  const { page } = await openDevicePage(browser, { url, login, suggests: false });
  await first.page.goto(`${url}/admin/security`);
  await addPasskey(first.page, "Laptop");
  await page.goto(`${url}/admin/security`);
  await addPasskey(page, "Key");
  await first.page.context().close();

  await page.getByRole("button", { name: "Turn the password off" }).click();
  await page.waitForURL(/done=password-off/u);
  await page.getByRole("button", { name: "Remove the passkey Laptop" }).click();
  await page.waitForURL(/remove$/u);
  const refusal = await page.getByRole("alert").first().textContent();
  await logOut(page, url);
  await page.goto(`${url}/login`);
  const fields = await page.getByLabel("Password").count();
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  await page.waitForURL(`${url}/admin`);

  expect(refusal).toContain("Turn the password on first");
  expect(fields).toBe(0);
  await page.context().close();
});

test("a device that refuses is said so, and at another name of the site where passkeys work", async () => {
  const { ctx, url } = await startLocalSite();
  await createAuthor(ctx);
  const login = await createLogin(ctx);
  const { page, device, deviceId } = await openDevicePage(browser, { url, login });
  await page.goto(`${url}/admin/security`);

  await device.send("WebAuthn.setUserVerified", { authenticatorId: deviceId, isUserVerified: false });
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const says = page.locator("[data-passkey-says]").first();
  await vi.waitFor(async () => expect(await says.textContent()).not.toBe(""), { timeout: 30_000 });
  const refused = await says.textContent();
  const elsewhere = url.replace("localhost", "127.0.0.1");
  const [name = "", value = ""] = login.cookie.split("=");
  await page.context().addCookies([{ name, value, url: elsewhere }]);
  await page.goto(`${elsewhere}/admin/security`);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const there = await says.textContent();

  expect(refused).toContain("did not confirm it");
  expect(there).toContain(`at ${url} only`);
  expect(ctx.db.all("SELECT * FROM passkeys")).toEqual([]);
  await page.context().close();
});
