import { afterAll, beforeAll, expect, test } from "vitest";
import { createRender } from "../../src/web/render.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { AXE_RULES, overflowing, violations } from "../support/inspect-page.ts";
import { servePages } from "../support/page-server.ts";
import { fullViews } from "../support/sample-views.ts";

const LAYOUTS = ["auto", "inline", "side"] as const;

let server: Awaited<ReturnType<typeof servePages>>;
let browser: Awaited<ReturnType<typeof startChromium>>;

beforeAll(async () => {
  const render = createRender();
  const view = (await fullViews())["admin/revision.njk"];
  const pageOf = (layout: (typeof LAYOUTS)[number]) =>
    render("admin/revision.njk", { ...view, revision: { ...view.revision, layout } });
  server = await servePages(Object.fromEntries(LAYOUTS.map((layout) => [`/${layout}`, pageOf(layout)])));
  browser = await startChromium();
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

test.each([
  ["auto", 360, "inline"],
  ["auto", 1280, "side by side"],
  ["inline", 1280, "inline"],
  ["side", 360, "side by side"],
] as const)("a comparison shown as %s on a screen of %i pixels is %s, and fits it", async (layout, width, expected) => {
  const { page } = await openPage(browser, { viewport: { width, height: 800 } });
  await page.goto(`${server.url}/${layout}`);

  const [before, after] = await Promise.all(
    ["del", "ins"].map((name) => page.locator(`.compared ${name}`).first().boundingBox()),
  );
  const wide = await overflowing(page);
  const found = await violations(page, AXE_RULES.light);
  await page.context().close();

  const isInline = before?.x === after?.x && (after?.y ?? 0) > (before?.y ?? 0);
  const isBeside = (after?.x ?? 0) > (before?.x ?? 0) && before?.y === after?.y;
  expect({ isInline, isBeside }).toEqual({ isInline: expected === "inline", isBeside: expected !== "inline" });
  // What lies side by side on a phone is scrolled within its box.
  expect(layout === "side" ? [] : wide).toEqual([]);
  expect(found).toEqual([]);
});
