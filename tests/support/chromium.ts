import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";

/** Where the browser is, unless CHROMIUM says otherwise. */
const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** How long one step on a page may take, in milliseconds. */
const STEP_TIMEOUT_MS = 10_000;

/** Starts a real Chromium that asks nobody but the servers of the test. Whoever starts it closes it. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page in a profile of its own, and what it complained of: console errors, violations of the policy, exceptions. */
export async function openPage(
  browser: Browser,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, complaints };
}
