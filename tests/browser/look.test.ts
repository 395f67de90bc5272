import { afterAll, expect, test } from "vitest";
import { createRender } from "../../src/web/render.ts";
import type { Views } from "../../src/web/views.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { AXE_RULES, overflowing, violations } from "../support/inspect-page.ts";
import { servePages } from "../support/page-server.ts";
import { bareViews, fullViews } from "../support/sample-views.ts";

/** Widths of a small phone, a tablet and a desk, in CSS pixels. */
const WIDTHS = [360, 768, 1280] as const;
/**
 * The colour schemes that axe looks at, by width: a full page on a desk, an empty one on a phone. The site's own pages,
 * in site.test.ts, are looked at with what a reader has on them.
 */
const SCHEMES = {
  full: { 360: [], 768: [], 1280: ["light", "dark"] },
  bare: { 360: ["light", "dark"], 768: [], 1280: [] },
} as const;

const pages = await renderAll();
// An editor that came back unsaved is kept on the server after two seconds.
const server = await servePages(pages, (req, res) => {
  const isAutosave = req.url === "/admin/autosaves";
  res.writeHead(isAutosave ? 200 : 404, { "Content-Type": "application/json" }).end("{}");
});
const browser = await startChromium();
/** Where pages are looked at one after another: a tab of its own for each costs as much as the look at it. */
const { page, complaints } = await openPage(browser);

afterAll(async () => {
  await browser.close();
  await server.close();
});

test.each(Object.keys(pages))(
  "%s fits every width, reads well in both colour schemes, and axe finds nothing",
  async (path) => {
    await page.goto("about:blank");
    complaints.length = 0;
    await page.goto(server.url + path);
    const found: unknown[] = [];

    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      found.push(...(await overflowing(page)).map((what) => `${width}: ${what} is wider than the page`));
      for (const colorScheme of SCHEMES[path.endsWith("/bare") ? "bare" : "full"][width]) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        found.push(
          ...(await violations(page, AXE_RULES[colorScheme])).map((violation) => ({
            width,
            colorScheme,
            ...violation,
          })),
        );
      }
    }

    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test.each(["/admin/editor/full", "/admin/notes/full", "/admin/settings/full"])(
  "on a phone every button, link and field of %s is big enough for a thumb",
  async (path) => {
    const { page } = await openPage(browser, { viewport: { width: 360, height: 740 } });
    await page.goto(server.url + path);

    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, .button, .shell a, select, textarea, input:not([type=hidden])")]
        .filter((element) => element.checkVisibility() && !element.matches("[type=checkbox], [type=radio]"))
        .filter((element) => element.getBoundingClientRect().height < 44)
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    await page.context().close();

    expect(small).toEqual([]);
  },
);

test("what has the keyboard's focus is outlined, and the first stop of every page skips to the content", async () => {
  const { page } = await openPage(browser);
  await page.goto(`${server.url}/notes/home/full`);

  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement as Element);
    return { text: document.activeElement?.textContent, outlineStyle, outlineWidth };
  });
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const isInMain = await page.evaluate(() => document.activeElement?.closest("main") !== null);
  await page.context().close();

  expect(first).toEqual({ text: "Skip to content", outlineStyle: "solid", outlineWidth: "2px" });
  expect(isInMain).toBe(true);
});

test("a note in Arabic or Hebrew is set from the right, its code from the left", async () => {
  const { page } = await openPage(browser);
  await page.goto(`${server.url}/notes/home/full`);

  const sides = await page.evaluate(() =>
    [...document.querySelectorAll(".h-entry :is(.e-content, .p-summary)")].map((element) => [
      (element as HTMLElement).lang,
      getComputedStyle(element).direction,
    ]),
  );
  await page.context().close();

  expect(sides.filter(([lang, direction]) => (lang === "en") !== (direction === "ltr"))).toEqual([]);
  expect(new Set(sides.map(([lang]) => lang))).toEqual(new Set(["en", "ar", "he"]));
});

test("on paper there is the note and nothing to click", async () => {
  const { page } = await openPage(browser, { colorScheme: "dark" });
  await page.goto(`${server.url}/notes/show/full`);
  await page.emulateMedia({ media: "print" });

  const seen = await page.evaluate(() => ({
    text: document.querySelector(".e-content")?.checkVisibility(),
    navigation: [...document.querySelectorAll("nav, .skip, .site-footer")].filter((element) =>
      element.checkVisibility(),
    ).length,
    paper: getComputedStyle(document.body).backgroundColor,
  }));
  await page.context().close();

  expect(seen).toEqual({ text: true, navigation: 0, paper: "rgb(255, 255, 255)" });
});

async function renderAll(): Promise<Record<string, string>> {
  const render = createRender();
  const kinds = { full: await fullViews(), bare: await bareViews() };
  const names = (Object.keys(kinds.full) as (keyof Views)[]).filter((name) => !name.startsWith("fragments/"));
  return Object.fromEntries(
    names.flatMap((name) =>
      (["full", "bare"] as const).map((kind) => [
        `/${name.replace(".njk", "")}/${kind}`,
        render(name, kinds[kind][name]),
      ]),
    ),
  );
}
