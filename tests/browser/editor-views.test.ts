import type { Page } from "playwright-core";
import { afterAll, expect, test, vi } from "vitest";
import { startChromium } from "../support/chromium.ts";
import { AXE_RULES, overflowing, violations } from "../support/inspect-page.ts";
import { until } from "../support/until.ts";
import { openWritingDesk, put, read } from "../support/writing-desk.ts";

vi.setConfig({ testTimeout: 60_000 }); // A busy machine takes its time over a browser.
const browser = await startChromium();

afterAll(() => browser.close());

/**
 * A note of which some parts are long in the text and short in the preview, and others the other way round; short enough
 * to be rendered without a worker, which takes its time to start.
 */
const LONG = Array.from({ length: 9 }, (_, part) =>
  [
    `## Part ${part}`,
    `Words of part ${part}. ${"They go on. ".repeat(20)}`,
    `- item ${part} one\n- item ${part} two`,
    `![Picture](/media/x.png "${"a long title ".repeat(20)}")`,
    `\`\`\`js\n${"let x;\n".repeat(8)}\`\`\``,
  ].join("\n\n"),
).join("\n\n");

/** What is seen of the desk. */
const seen = async (page: Page) => ({
  text: await page.locator("#content").isVisible(),
  preview: await page.locator("#preview").isVisible(),
});

async function choose(page: Page, name: "Write" | "Side by side" | "Preview"): Promise<void> {
  await page.getByRole("group", { name: "Show" }).getByRole("button", { name, exact: true }).click();
}

/** Everything axe finds, in both colour schemes, and what is wider than the page. */
async function faults(page: Page): Promise<unknown[]> {
  const found: unknown[] = [...(await overflowing(page)), ...(await violations(page, AXE_RULES.light))];
  await page.emulateMedia({ colorScheme: "dark" });
  found.push(...(await violations(page, AXE_RULES.dark)));
  await page.emulateMedia({ colorScheme: "light" });
  return found;
}

test("on a desk text and preview stand side by side, or one of them alone; the choice holds in this browser", async () => {
  const { page, complaints } = await openWritingDesk(browser);
  const first = await seen(page);

  await choose(page, "Preview");
  const alone = await seen(page);
  const found = await faults(page);
  await page.keyboard.press("Control+Shift+l");
  await page.reload();
  await page.locator("#views").waitFor();
  const plain = await seen(page);
  await put(page, "Words that **nobody** has seen|");
  await choose(page, "Side by side");
  await page.locator("#preview strong").getByText("nobody").waitFor();

  expect(first).toEqual({ text: true, preview: true });
  expect(alone).toEqual({ text: false, preview: true });
  expect(plain).toEqual({ text: true, preview: false });
  expect(found).toEqual([]);
  expect(complaints).toEqual([]);
});

test("on a phone nothing is asked for a preview that nobody sees; buttons that save stay in reach of it", async () => {
  const { page, sent } = await openWritingDesk(browser, { screen: "phone" });
  await put(page, "Some **bold** words|");
  await page.locator("#editor[data-autosave=saved]").waitFor({ state: "attached" });
  const before = sent.filter(({ path }) => path === "/admin/preview").length;

  await choose(page, "Preview");
  await page.locator("#preview strong").waitFor();
  const found = await faults(page);
  await page.getByRole("button", { name: "Publish" }).click();
  // Closing a profile whose page is just being left hangs Chromium.
  await page.waitForURL("**/admin/notes");

  expect(sent.at(-1)).toEqual({ path: "/admin/notes", content: "Some **bold** words" });
  expect(before).toBe(0);
  expect(found).toEqual([]);
});

test("on a phone what is typed never goes on below the buttons that save", async () => {
  const { page } = await openWritingDesk(browser, { screen: "phone", content: LONG });
  await page.locator("#content").press("Control+End");
  await page.evaluate(() => scrollTo(0, 0));

  await page.keyboard.type("x");
  const gap = await page.evaluate(() => {
    const edge = (selector: string) => document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
    return edge(".editor .actions").top - edge("#content").bottom;
  });

  expect(gap).toBeGreaterThanOrEqual(0);
});

test("text and preview scroll in step, whichever is scrolled, and stay so while the text grows", async () => {
  const { page } = await openWritingDesk(browser, { content: LONG });
  await page.locator("#preview h2").last().waitFor();

  await page.locator("#content").hover();
  const offsets: number[] = [];
  for (const part of [2, 5, 7]) {
    await page.locator("#content").evaluate((field: HTMLTextAreaElement, words) => {
      const box = document.createElement("div");
      const style = getComputedStyle(field);
      Object.assign(box.style, { font: style.font, padding: style.padding, width: `${field.clientWidth}px` });
      Object.assign(box.style, { whiteSpace: "pre-wrap", overflowWrap: "break-word", boxSizing: "border-box" });
      box.textContent = field.value.slice(0, field.value.indexOf(words));
      document.body.append(box);
      field.dispatchEvent(new WheelEvent("wheel"));
      field.scrollTop = box.clientHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom);
      box.remove();
    }, `## Part ${part}`);
    await until(async () => {
      const offset = await topOf(page, `Part ${part}`);
      expect(Math.abs(offset)).toBeLessThan(40);
      offsets.push(offset);
    });
  }
  await page.locator("#preview").evaluate((box) => {
    box.dispatchEvent(new WheelEvent("wheel"));
    box.scrollTop = box.scrollHeight;
  });
  await until(async () => expect(await leftBelow(page, "#content")).toBeLessThan(2));
  await page.locator("#content").press("Control+End");
  await page.keyboard.insertText(`\n\n${"And more. ".repeat(60)}`);
  await until(async () => expect(await page.locator("#preview").innerText()).toContain("And more. And more."));

  expect(offsets).toHaveLength(3);
  await until(async () => expect(await leftBelow(page, "#preview")).toBeLessThan(40));
});

test.each(["desktop", "phone"] as const)(
  "on a %s focus mode shows the text, its title, its count and what is saved; the keys still work",
  async (screen) => {
    const { page, sent, complaints } = await openWritingDesk(browser, { screen });
    await put(page, "a ‹word›");
    await page.getByRole("button", { name: "Focus mode" }).click();
    await page.locator("#editor-count").getByText("1 word,").waitFor();
    const visible = (selector: string) => page.locator(selector).first().isVisible();

    const shown = await Promise.all(["#content", "#title", "#editor-count", "#focus-mode"].map(visible));
    const hidden = await Promise.all(
      [".shell", ".page-head .row-meta", "#preview", "#tags", "[name=action]", "#views"].map(visible),
    );
    const found = await faults(page);
    await page.keyboard.press("Control+b");
    const bold = await read(page);
    await page.keyboard.press("Control+Shift+f");

    expect(shown).toEqual([true, true, true, true]);
    expect(hidden).toEqual([false, false, false, false, false, false]);
    expect(found).toEqual([]);
    expect(bold).toBe("a **‹word›**");
    expect(await visible("#views")).toBe(true);
    expect(sent.map(({ path }) => path)).not.toContain("/admin/notes");
    expect(complaints).toEqual([]);
  },
);

test.each(["desktop", "phone"] as const)(
  "on a %s the palette finds commands and pages by their words, and does them by keys or a press",
  async (screen) => {
    const { page, complaints } = await openWritingDesk(browser, { screen });
    const palette = page.getByRole("dialog", { name: "Commands" });
    const options = palette.getByRole("option");
    await put(page, "a ‹word› b");

    await page.keyboard.press("Control+Shift+k");
    await palette.waitFor();
    const all = await options.allInnerTexts();
    const found = await faults(page);
    await page.keyboard.type("bo");
    const some = await options.allInnerTexts();
    const pointed = await palette.getByRole("combobox").getAttribute("aria-activedescendant");
    await page.keyboard.press("Enter");
    await until(async () => expect(await read(page)).toBe("a **‹word›** b"));
    await page.locator("#title").focus();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("no such thing");
    const search = await options.allInnerTexts();
    await page.keyboard.press("Escape");
    const isOpen = await palette.isVisible();

    expect(all.join("\n")).toMatch(/Show the text alone.*Bold.*Publish.*Write a new note.*Health/su);
    expect(found).toEqual([]);
    expect(some.map((each) => each.split("\n")[0])).toContain("Bold");
    expect(pointed).toBe("palette-0");
    expect(search).toEqual([expect.stringContaining("Search notes for “no such thing”")]);
    expect(isOpen).toBe(false);
    expect(complaints).toEqual([]);
  },
);

test("the palette leads to pages, and its button opens it", async () => {
  const { page } = await openWritingDesk(browser);

  await page.getByRole("button", { name: "Commands" }).click();
  await page.keyboard.type("back");
  await page.getByRole("option", { name: "Backups" }).click();

  await page.waitForURL(/\/admin\/backups$/u);
  expect(new URL(page.url()).pathname).toBe("/admin/backups");
});

test.each(["desktop", "phone"] as const)(
  "on a %s `?` lists the keys, Ctrl+/ does so within a text, where `?` is a letter",
  async (screen) => {
    const { page } = await openWritingDesk(browser, { screen });
    const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await put(page, "|");

    await page.keyboard.type("?");
    const inText = [await dialog.isVisible(), await page.locator("#content").inputValue()];
    await page.keyboard.press("Control+/");
    await dialog.waitFor();
    const rows = await dialog.locator("dl > div").allInnerTexts();
    const found = await faults(page);
    await page.keyboard.press("Escape");
    const focused = await page.evaluate(() => document.activeElement?.id);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press("?");
    await dialog.getByRole("button", { name: "Close" }).click();

    expect(inText).toEqual([false, "?"]);
    expect(rows).toContainEqual(expect.stringMatching(/^Bold\s+Ctrl\+B$/u));
    expect(found).toEqual([]);
    expect([focused, await dialog.isVisible()]).toEqual(["content", false]);
  },
);

test("every key that the dialog lists for the editor is one that a button has, and the other way round", async () => {
  const { page } = await openWritingDesk(browser);

  const keys = await page.evaluate(() => {
    const of = (selector: string) =>
      [...document.querySelectorAll<HTMLElement>(selector)].map(({ dataset }) => dataset.keys ?? dataset.switchKeys);
    return { listed: of("#shortcuts section:has(+ section) kbd[data-keys]"), bound: of("#editor [data-keys], #views") };
  });

  const own = ["shift+tab"];
  expect(keys.listed.filter((each) => !own.includes(each ?? "")).toSorted()).toEqual(
    keys.bound.filter((each) => each !== "mod+/").toSorted(),
  );
  expect(keys.bound.length).toBeGreaterThan(10);
});

test.each(["desktop", "phone"] as const)(
  "without scripts on a %s there is the form, whole, and nothing that does nothing",
  async (screen) => {
    const { page, sent } = await openWritingDesk(browser, { screen, javaScriptEnabled: false });
    const idle = ["#toolbar", "#views", "#open-palette", "#editor-count:not(:empty)", "#completions", "dialog"];

    const shown = await Promise.all(idle.map((selector) => page.locator(selector).first().isVisible()));
    await page.locator("#title").fill("A title");
    await page.locator("#content").fill("Some words");
    const hasPreview = await page.getByRole("button", { name: "Preview", exact: true }).isVisible();
    await page.getByRole("button", { name: "Publish" }).click();
    // Closing a profile whose page is just being left hangs Chromium.
    await page.waitForURL("**/admin/notes");

    expect(sent.at(-1)).toEqual({ path: "/admin/notes", content: "Some words" });
    expect(shown).toEqual(idle.map(() => false));
    expect(hasPreview).toBe(true);
  },
);

/** How far a heading of the preview stands below the upper edge of its box. */
function topOf(page: Page, words: string): Promise<number> {
  return page.locator("#preview").evaluate((box, words) => {
    const heading = [...box.querySelectorAll("h2")].find((each) => each.textContent === words);
    return (heading?.getBoundingClientRect().top ?? Number.NaN) - box.getBoundingClientRect().top;
  }, words);
}

/** How far a box can still be scrolled. */
function leftBelow(page: Page, selector: string): Promise<number> {
  return page.locator(selector).evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
}
