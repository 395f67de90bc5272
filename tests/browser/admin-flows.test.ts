import type { Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import { openTestApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { openAuthorPage } from "../support/author-page.ts";
import { startChromium } from "../support/chromium.ts";
import { squareFont } from "../support/fonts.ts";
import { picture } from "../support/images.ts";
import { AXE_RULES, overflowing, violations } from "../support/inspect-page.ts";

const AUTHOR = { madeBy: "admin" };
const DESKTOP = { viewport: { width: 1280, height: 860 } };
const PHONE = { viewport: { width: 360, height: 780 } };

const browser = await startChromium();
afterAll(() => browser.close());

/** A site of its own with a few notes, whose author is logged in. */
async function openSite(options: Parameters<typeof openAuthorPage>[2]) {
  const app = await openTestApp();
  await createAuthor(app.ctx);
  await publishNote(app.ctx, { title: "Ears first", content: "At the #sea" }, AUTHOR);
  const properties = { series: ["Senses"], "series-position": ["2"] };
  await publishNote(app.ctx, { title: "Eyes later", content: "At the #sea", properties }, AUTHOR);
  const opened = await openAuthorPage(browser, app, options);
  const go = (path: string) => opened.page.goto(`http://127.0.0.1:${app.port}${path}`);
  const close = async () => {
    await opened.page.context().close();
    await app.close();
  };
  return { ...opened, go, close };
}

/** Presses a button, and waits for the page that it leads to. */
async function press(page: Page, name: string, leadsTo: RegExp): Promise<void> {
  await page.getByRole("button", { name, exact: true }).first().click();
  await page.waitForURL(leadsTo);
}

/** What is wider than the page, and what axe finds; it is a script itself. */
async function faults(page: Page, options: object): Promise<unknown[]> {
  if ("javaScriptEnabled" in options) return [];
  return [...(await overflowing(page)), ...(await violations(page, AXE_RULES.light))];
}

type Options = Omit<Parameters<typeof openAuthorPage>[2], "path">;

/** A flow has many steps, and the machine may be busy. */
const FLOW = { timeout: 60_000 };

const titles = (page: Page) => page.locator(".h-entry h2").allTextContents();

test.each<[string, Options]>([
  ["on a desktop, with scripts", DESKTOP],
  ["on a phone, without scripts", { ...PHONE, javaScriptEnabled: false }],
])("a page comes into the menu, a note into a series and first on home: %s", FLOW, async (_, options) => {
  const { page, complaints, go, close } = await openSite({ path: "/admin/notes/new?place=page", ...options });

  await page.getByLabel("Title").fill("About");
  await page.getByLabel("Text", { exact: true }).fill("Who I am");
  await page.locator("[name=in_menu]").check();
  await press(page, "Publish", /done=published/u);
  await go("/admin/notes/1");
  const more = page.getByText("Date, visibility, address, language");
  if (!(await page.getByLabel("Place in the series").isVisible())) await more.click();
  await page.getByLabel("Series optional", { exact: true }).fill("Senses");
  await page.getByLabel("Place in the series").fill("1");
  await page.locator("button[value=update]:visible").first().click();
  await page.waitForURL(/done=/u);
  await press(page, "Pin on home", /done=pinned/u);
  await go("/");
  const home = await titles(page);
  await page.getByRole("link", { name: "About", exact: true }).click();
  await page.waitForURL(/\/about$/u);
  const about = await page.locator("h1").first().textContent();
  await go("/notes/ears-first");
  const place = await page.locator(".series p").first().textContent();
  await page.locator(".series-next").click();
  await page.waitForURL(/eyes-later/u);
  const found = await faults(page, options);
  await close();

  expect(home).toEqual(["Ears first", "Eyes later"]);
  expect(about?.trim()).toBe("About");
  expect(place).toMatch(/Part 1 of 2 of Senses/u);
  expect(found).toEqual([]);
  expect(complaints).toEqual([]);
});

test.each<[string, Options]>([
  ["on a desktop, without scripts", { ...DESKTOP, javaScriptEnabled: false }],
  ["on a phone, with scripts", PHONE],
])("an address that readers miss is led on from the log, and the menu leads there: %s", FLOW, async (_, options) => {
  const { page, go, close } = await openSite({ path: "/old/name", ...options });

  await go("/admin/missing");
  await page.getByRole("link", { name: "Redirect /old/name" }).click();
  await page.getByLabel("New address").fill("/notes/ears-first");
  await press(page, "Save redirect", /done=redirect-saved/u);
  await go("/old/name");
  const led = new URL(page.url()).pathname;
  await go("/admin/appearance/menu");
  await page.locator("#label-4").fill("Old name");
  await page.locator("#address-4").fill("/old/name");
  await press(page, "Save menu", /done=menu/u);
  await page.locator("button[name=up][value='4']").click();
  await page.waitForURL(/#entry-3/u);
  await go("/");
  const menu = await page.locator(".site-nav a").allTextContents();
  await close();

  expect(led).toBe("/notes/ears-first");
  expect(menu.map((label) => label.trim())).toEqual(["Archive", "Search", "Old name", "Feed"]);
});

test.each<[string, Options]>([
  ["on a desktop, with scripts", DESKTOP],
  ["on a phone, without scripts", { ...PHONE, javaScriptEnabled: false }],
])(
  "a tag becomes a section with a pinned note, is renamed in texts too, and all is undone: %s",
  FLOW,
  async (_, options) => {
    const { page, complaints, go, close } = await openSite({ path: "/admin/tags", ...options });

    await page.getByRole("link", { name: "sea", exact: true }).click();
    await page.getByLabel("Title").fill("By the sea");
    await page.getByLabel("Description").fill("All *wet* places.");
    await page.getByLabel("In the menu of every page").check();
    await press(page, "Save", /done=section-saved/u);
    await page.getByLabel("Pin another").selectOption({ label: "Ears first" });
    await press(page, "Pin", /done=section-pinned/u);
    await page.getByLabel("Call it").fill("Wide Water");
    const found = await faults(page, options);
    await press(page, "Rename", /\/admin\/bulk\//u);
    const act = page.url();
    await go("/tags/sea");
    const [led, heading] = [new URL(page.url()).pathname, await page.locator("h1.p-name").textContent()];
    const [order, description] = [await titles(page), await page.locator(".p-summary em").textContent()];
    await go("/notes/ears-first");
    const text = await page.locator(".e-content").textContent();
    await page.goto(act);
    await press(page, "Undo", /\/admin\/bulk\//u);
    await page.getByRole("heading", { name: "Undone" }).waitFor();
    await go("/tags/sea");
    const back = new URL(page.url()).pathname;
    await close();

    expect([led, heading, description, back]).toEqual(["/tags/wide-water", "By the sea", "wet", "/tags/sea"]);
    expect(order).toEqual(["Ears first", "Eyes later"]);
    expect(text?.trim()).toBe("At the #wide-water");
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test("theme, colour, a font of one's own and a header image are applied, and load under the policy", FLOW, async () => {
  const { page, complaints, go, close } = await openSite({ path: "/admin/appearance", ...PHONE });
  const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer });

  await page.locator("[name=theme][value=timeline]").check();
  await page.locator("#accent_colour").fill("#0b6e4f");
  await page.locator("[name=font_files]").setInputFiles(file("squares.woff2", "font/woff2", squareFont()));
  const sea = await picture(1600, 600).jpeg().toBuffer();
  await page.locator("[name=header_image]").setInputFiles(file("sea.jpg", "image/jpeg", sea));
  await press(page, "Apply", /done=appearance/u);
  const own = page.locator("#heading_font option", { hasText: "Squares" });
  await page.getByLabel("Headings", { exact: true }).selectOption((await own.getAttribute("value")) ?? "");
  await press(page, "Apply", /done=appearance/u);
  await go("/");
  const shown = await page.evaluate(async () => {
    await document.fonts.ready;
    const heading = document.querySelector("h2");
    const image = document.querySelector<HTMLImageElement>("header img:not(.site-icon), .header-image img");
    await image?.decode();
    return {
      fonts: [...document.fonts].map(({ family, status }) => `${family.replaceAll('"', "")} ${status}`),
      heading: heading && getComputedStyle(heading).fontFamily,
      link: getComputedStyle(document.querySelector(".tags a") ?? document.body).color,
      image: image?.naturalWidth ?? 0,
    };
  });
  const found = await faults(page, PHONE);
  await close();

  expect(shown.fonts).toEqual([expect.stringMatching(/ loaded$/u)]);
  expect(shown.heading).toContain(shown.fonts[0]?.replace(/ loaded$/u, ""));
  expect(shown.image).toBeGreaterThan(300);
  expect(found).toEqual([]);
  expect(complaints).toEqual([]);
});
