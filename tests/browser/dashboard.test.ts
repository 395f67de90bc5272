import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openPage, startChromium } from "../support/chromium.ts";
import { readDashboard } from "../support/read-dashboard.ts";
import type { ServingProcess } from "../support/server-process.ts";
import { createFolder, startServing } from "../support/server-process.ts";
import { PROCESS_PASSWORD, setUpSite } from "../support/site-author.ts";
import { until } from "../support/until.ts";

// A real process and a real browser on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const SHORTEST_REFRESH = "5";

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

/** A site whose author has logged in and looks at the dashboard. */
async function openDashboard(options: { javaScriptEnabled?: boolean } = {}) {
  const dataDir = createFolder();
  await setUpSite(dataDir);
  const server = await startServing(dataDir, { LOG_LEVEL: "warn" });
  await (await fetch(`${server.url}/`)).text();
  const { page, complaints } = await openPage(browser, options);
  await page.goto(`${server.url}/login?next=/admin/dashboard`);
  await page.getByLabel("Password").fill(PROCESS_PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(/\/admin\/dashboard/u);
  return { server, page, complaints };
}

/** Requests of the page for newer numbers from here on. */
function watchRefreshes(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.headers()["hx-request"] === "true") asked.push(request.url());
  });
  return asked;
}

async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}

async function countRequests(page: Page): Promise<number> {
  return Number(readDashboard(await page.content()).figures.Requests?.value);
}

async function askFor(server: ServingProcess, count: number): Promise<void> {
  for (let time = 0; time < count; time += 1) await (await fetch(`${server.url}/`)).text();
}

test("charts are drawn from their tables by our own scripts, and follow the numbers without a reload", async () => {
  const { server, page, complaints } = await openDashboard();
  const others = new Set<string>();
  page.on("request", (request) => others.add(new URL(request.url()).origin));
  const drawn = () => page.locator(".chart canvas[role=img]").count();
  await until(async () => expect(await drawn()).toBeGreaterThanOrEqual(4));
  await page.getByLabel("Refresh").selectOption(SHORTEST_REFRESH);
  await page.waitForURL(/range=hour/u);
  await until(async () => expect(await drawn()).toBeGreaterThanOrEqual(4));
  const before = await countRequests(page);
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));

  await askFor(server, 3);

  await until(async () => expect(await countRequests(page)).toBeGreaterThanOrEqual(before + 3));
  expect(await page.evaluate(() => (window as unknown as { isSamePage?: boolean }).isSamePage)).toBe(true);
  expect(await drawn()).toBeGreaterThanOrEqual(4);
  expect([...others]).toEqual([server.url]);
  expect(complaints).toEqual([]);
});

test("a tab that nobody sees asks for nothing, and asks at once when it is seen again", async () => {
  const { page } = await openDashboard();
  await page.clock.install();
  await page.reload();
  const asked = watchRefreshes(page);
  await hide(page, true);

  await page.clock.runFor(120_000);
  expect(asked).toEqual([]);

  await hide(page, false);
  await until(() => expect(asked).toHaveLength(1));
});

test("when the login has ended the dashboard stops asking and offers the login", async () => {
  const { page } = await openDashboard();
  await page.clock.install();
  await page.reload();
  await page.context().clearCookies();

  await page.clock.runFor(15_000);
  await page.waitForURL(/\/login\?next=/u);

  const asked = watchRefreshes(page);
  expect(await page.getByLabel("Password").isVisible()).toBe(true);
  expect(asked).toEqual([]);
});

test("without scripts every chart is its table, and the choice of refreshing has a button", async () => {
  const { page, complaints } = await openDashboard({ javaScriptEnabled: false });

  const { tables, figures } = readDashboard(await page.content());
  await page.getByLabel("Refresh").selectOption("0");
  await page.getByRole("button", { name: "Set" }).click();

  expect(Object.keys(tables)).toEqual(
    expect.arrayContaining(["requests", "pool", "operations", "routes", "statements"]),
  );
  expect(Number(figures.Requests?.value)).toBeGreaterThan(0);
  expect(await page.locator(".chart:visible").count()).toBe(0);
  expect(await page.getByLabel("Refresh").inputValue()).toBe("0");
  expect(complaints).toEqual([]);
});

test("statements of the built program stand under the names of their functions", async () => {
  const { page } = await openDashboard({ javaScriptEnabled: false });

  const names = Object.keys(readDashboard(await page.content()).tables.statements ?? {});

  expect(names).toContain("commit");
  expect(names.filter((name) => !/^(?:[a-z]\w+|commit|wait for the lock)$/u.test(name))).toEqual([]);
  expect(names.length).toBeGreaterThan(4);
});
