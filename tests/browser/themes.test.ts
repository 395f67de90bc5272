import { afterAll, expect, test } from "vitest";
import { THEMES } from "../../src/site/look.ts";
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts";
import { createRender } from "../../src/web/render.ts";
import { styleSheet } from "../../src/web/style-sheet.ts";
import type { Views } from "../../src/web/views.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { AXE_RULES, overflowing, violations } from "../support/inspect-page.ts";
import { servePages } from "../support/page-server.ts";
import { sampleSite } from "../support/sample-site.ts";
import { fullViews } from "../support/sample-views.ts";

const PAGES = ["notes/home.njk", "notes/show.njk", "notes/archive.njk", "notes/tag.njk"] as const;
/** The first theme is what tests/browser/look.test.ts looks at. */
const OTHERS = THEMES.slice(1);
const SCHEMES = ["light", "dark"] as const;
/** Colours that no page can show as they are: the strongest yellow, white, black, a grey in the middle. */
const ACCENTS = ["", "#ffff00", "#ffffff", "#000000", "#808080"];

const sheets = Object.fromEntries(
  THEMES.flatMap((theme) =>
    ACCENTS.map((accentColour) => {
      const { path, text } = styleSheet({ ...DEFAULT_SETTINGS, theme, accentColour });
      return [`${theme}${accentColour}`, { path, text }];
    }),
  ),
);
const server = await servePages(await renderAll(), (req, res) => {
  const sheet = Object.values(sheets).find(({ path }) => path === req.url);
  res.writeHead(sheet ? 200 : 404, { "Content-Type": "text/css" }).end(sheet?.text);
});
const browser = await startChromium();

afterAll(async () => {
  await browser.close();
  await server.close();
});

test.each(OTHERS.flatMap((theme) => PAGES.map((page) => [theme, page] as const)))(
  "the theme %s shows %s whole at every width, and axe finds nothing in light or dark",
  async (theme, name) => {
    const { page, complaints } = await openPage(browser);
    await page.goto(`${server.url}/${theme}/${name}`);
    const found: unknown[] = [];

    for (const width of [360, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      found.push(...(await overflowing(page)).map((what) => `${width}: ${what} is wider than the page`));
    }
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      found.push(
        ...(await violations(page, AXE_RULES[colorScheme])).map((violation) => ({ colorScheme, ...violation })),
      );
    }
    await page.context().close();

    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test.each(THEMES)("links can be read in the theme %s with any accent, in light and in dark", async (theme) => {
  const { page } = await openPage(browser);
  await page.goto(`${server.url}/${theme}/notes/show.njk`);
  const found: unknown[] = [];

  for (const accent of ACCENTS) {
    await page.evaluate(
      (path) => document.querySelector("link[rel=stylesheet]")?.setAttribute("href", path),
      sheets[theme + accent]?.path ?? "",
    );
    await page.waitForFunction(
      (path) => [...document.styleSheets].some((sheet) => sheet.href?.endsWith(path ?? "")),
      sheets[theme + accent]?.path,
    );
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      found.push(
        ...(await violations(page, ["color-contrast"])).map((violation) => ({ accent, colorScheme, ...violation })),
      );
    }
  }
  await page.context().close();

  expect(found).toEqual([]);
});

async function renderAll(): Promise<Record<string, string>> {
  const render = createRender();
  const full: Views = await fullViews();
  return Object.fromEntries(
    THEMES.flatMap((theme) =>
      PAGES.map((name) => {
        const site = sampleSite({ stylesheetPath: sheets[theme]?.path ?? "" });
        return [`/${theme}/${name}`, render(name, { ...full[name], site } as never)];
      }),
    ),
  );
}
