import type { Browser, BrowserContext, Page } from "playwright-core";
import { chromium } from "playwright-core";

/** Where the browser is, unless CHROMIUM says otherwise. */
export const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** How long one step on a page may take, in milliseconds. */
export const STEP_TIMEOUT_MS = 30_000;

/** How it is started: without a window, asking nobody but the servers of the test. */
export const CHROMIUM_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a real Chromium that asks nobody but the servers of the test. Whoever starts it closes it. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: CHROMIUM_FLAGS });
}

/** A page, and what it complained of: console errors, violations of the policy, exceptions. */
export type Tab = { readonly page: Page; readonly complaints: string[] };

/** A page in a profile of its own, and what it complained of: console errors, violations of the policy, exceptions. */
export async function openPage(browser: Browser, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Tab> {
  return openTab(await openProfile(browser, options));
}

/** A profile of its own: cookies, storage and cached files are its pages' alone. */
export async function openProfile(
  browser: Browser,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  return context;
}

/** One page more in a profile, and what it complains of. */
export async function openTab(context: BrowserContext): Promise<Tab> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, complaints };
}
