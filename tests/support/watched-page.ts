import type { Page } from "playwright-core";
import type { Tab } from "./chromium.ts";
import { AXE_RULES, brokenFrame, cutOff, overflowing, spaceLetters, violations } from "./inspect-page.ts";

/** A desk at 400 % (WCAG 1.4.10) and at 200 %, a tablet, a desk, and last, where more is looked at, a small phone. */
const WIDTHS = [320, 640, 768, 1280, 360] as const;
/** What Chromium says when it was a page itself that had such a status. */
const OWN_STATUS = /^Failed to load resource: the server responded with a status of 4\d\d/u;

/** A page, and what it said and asked for that it should not have. */
export type Watched = { readonly page: Page; readonly problems: string[] };

/** Writes down what a page says on the console, and what it asks of any server but these. */
export function watchPage({ page, complaints: problems }: Tab, servers: readonly string[]): Watched {
  page.on("request", (request) => {
    if (!servers.some((url) => request.url().startsWith(`${url}/`))) problems.push(`asked ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") problems.push(`said ${message.text()}`);
  });
  return { page, problems };
}

/** Everything that is wrong with a page at any width, in either colour scheme, and in the letters of a reader's own. */
export async function inspect({ page, problems }: Watched): Promise<unknown[]> {
  const found: unknown[] = await brokenFrame(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const wrong = [...(await overflowing(page)), ...(await cutOff(page))];
    found.push(...wrong.map((what) => `at ${width} pixels: ${what}`));
    if (width === 1280) found.push(...(await violations(page, AXE_RULES.light)));
  }
  await page.emulateMedia({ colorScheme: "dark" });
  found.push(...(await violations(page, AXE_RULES.dark)));
  await spaceLetters(page);
  found.push(...(await overflowing(page)).map((what) => `with more space between letters: ${what}`));
  return [...found, ...problems.filter((problem) => !OWN_STATUS.test(problem))];
}
