import { afterAll, expect, test, vi } from "vitest";
import { startChromium } from "../support/chromium.ts";
import { until } from "../support/until.ts";
import { give, openWritingDesk, put, read } from "../support/writing-desk.ts";

vi.setConfig({ testTimeout: 60_000 }); // A busy machine takes its time over a browser.
const browser = await startChromium();

afterAll(() => browser.close());

test("each button of the toolbar does what it says, and Ctrl+Z takes it back", async () => {
  const { page, complaints } = await openWritingDesk(browser);
  const made: Record<string, string> = {};

  for (const name of ["Bold", "Italic", "Link", "Quotation", "Code", "Heading", "List", "Numbered list", "Task list"]) {
    await put(page, "a ‹word› b");
    await page.getByRole("button", { name, exact: true }).click();
    made[name] = await read(page);
    await page.keyboard.press("Control+z");
    expect(await page.locator("#content").inputValue()).toBe("a word b");
  }

  expect(made).toEqual({
    Bold: "a **‹word›** b",
    Italic: "a _‹word›_ b",
    Link: "a [word](‹https://›) b",
    Quotation: "> a ‹word› b",
    Code: "a `‹word›` b",
    Heading: "## a ‹word› b",
    List: "- a ‹word› b",
    "Numbered list": "1. a ‹word› b",
    "Task list": "- [ ] a ‹word› b",
  });
  expect(complaints).toEqual([]);
});

test("the same by keys; what they make is typed, so that it is kept and previewed", async () => {
  const { page, sent } = await openWritingDesk(browser);
  const made: string[] = [];

  for (const keys of ["Control+b", "Control+i", "Control+k", "Control+e", "Control+Shift+Digit8", "Control+Shift+h"]) {
    await put(page, "a ‹word› b");
    await page.keyboard.press(keys);
    made.push(await page.locator("#content").inputValue());
  }
  await put(page, "a ‹word› b");
  await page.keyboard.press("Control+b");
  await page.locator("#preview strong").getByText("word").waitFor();
  await page.locator("#editor[data-kept='12']").waitFor({ state: "attached" });

  expect(made).toEqual([
    "a **word** b",
    "a _word_ b",
    "a [word](https://) b",
    "a `word` b",
    "- a word b",
    "## a word b",
  ]);
  expect(sent.at(-1)).toMatchObject({ path: "/admin/preview", content: "a **word** b" });
});

test("one Tab stop holds the toolbar; the arrow keys lead through it and around", async () => {
  const { page } = await openWritingDesk(browser);
  const name = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));

  await page.getByRole("button", { name: "Bold" }).focus();
  await page.keyboard.press("ArrowRight");
  const next = await name();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowLeft");
  const last = await name();
  await page.keyboard.press("Tab");
  const out = await page.evaluate(() => document.activeElement?.id);
  await page.keyboard.press("Shift+Tab");

  expect([next, last, out, await name()]).toEqual(["Italic", "Keyboard shortcuts", "title", "Keyboard shortcuts"]);
});

test("Enter goes on with a list until an item is empty; Shift+Enter and other lines are left alone", async () => {
  const { page } = await openWritingDesk(browser);

  await page.locator("#content").pressSequentially("1. one\ntwo\n\nplain\nmore\n> said\nagain\n\n- [x] done\n");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("x");

  expect(await read(page)).toBe("1. one\n2. two\nplain\nmore\n> said\n> again\n- [x] done\n- [ ] \nx|");
});

test("what Enter and Tab do in a list is taken back by Ctrl+Z one by one", async () => {
  const { page } = await openWritingDesk(browser);
  await put(page, "- one|");

  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const nested = await read(page);
  await page.keyboard.press("Control+z");
  const undone = await page.locator("#content").inputValue();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+y");

  expect([nested, undone]).toEqual(["- one\n  - |", "- one\n- "]);
  expect(await page.locator("#content").inputValue()).toBe("- one\n- ");
});

test("Tab moves items in and out, leaves the text elsewhere, and always after Escape", async () => {
  const { page } = await openWritingDesk(browser);
  const focused = () => page.evaluate(() => document.activeElement?.id);

  await put(page, "- one\n- two|");
  await page.keyboard.press("Tab");
  const inner = await page.locator("#content").inputValue();
  await page.keyboard.press("Shift+Tab");
  const outer = await page.locator("#content").inputValue();
  const stayed = await focused();
  await page.keyboard.press("Escape");
  const said = await page.locator("#editor-said").textContent();
  await page.keyboard.press("Tab");
  const left = await focused();
  await put(page, "plain|");
  await page.keyboard.press("Tab");

  expect([inner, outer, stayed]).toEqual(["- one\n  - two", "- one\n- two", "content"]);
  expect(said).toBe("Tab leaves the text now.");
  expect([left, await focused()]).toEqual(["tags", "tags"]);
});

test("an address pasted onto words makes them a link, and Ctrl+Z gives the words back", async () => {
  const { page } = await openWritingDesk(browser);
  await put(page, "see ‹the words› here");

  await give(page, "paste", { text: "https://x.example/a_(b)" });
  const linked = await read(page);
  await page.keyboard.press("Control+z");

  expect(linked).toBe("see [the words](https://x.example/a_(b))| here");
  expect(await page.locator("#content").inputValue()).toBe("see the words here");
});

test("words and characters are counted, of a selection while there is one, and the room that is left when it is little", async () => {
  const { page } = await openWritingDesk(browser);
  const count = page.locator("#editor-count");

  await put(page, "One **two** three|");
  await until(async () => expect(await count.textContent()).toBe("3 words, 17 characters"));
  await put(page, "One ‹**two**› three");
  await until(async () => expect(await count.textContent()).toBe("1 word, 7 characters selected"));
  await put(page, `${"a".repeat(250_000)}|`);
  await until(async () => expect(await count.textContent()).toContain("1 word, 250,000 characters; 245 of 256 KB"));

  expect(await count.getAttribute("role")).toBeNull();
});

test("on a German author's page scripts count, announce and name keys in German", async () => {
  const upload = () => ({ status: 422, body: {} });
  const { page, complaints } = await openWritingDesk(browser, { language: "de", upload });
  const count = page.locator("#editor-count");

  await put(page, `Ein ‹Wort› ${"a".repeat(2000)}`);
  await until(async () => expect(await count.textContent()).toBe("1 Wort, 4 Zeichen ausgewählt"));
  await put(page, `Ein Wort ${"a".repeat(2000)}|`);
  await until(async () => expect(await count.textContent()).toBe("3 Wörter, 2.009 Zeichen"));
  await page.keyboard.press("Escape");
  const said = await page.locator("#editor-said").textContent();
  const title = await page.locator("[data-keys='mod+shift+h']").first().getAttribute("title");
  await give(page, "paste", { images: ["1.png"] });
  const reason = await page.locator("#upload-failed [data-reason]").textContent();

  expect(said).toBe("Die Tabulatortaste verlässt jetzt den Text.");
  expect(title).toContain("(Strg+Umschalt+H)");
  expect(reason).toBe("Der Server hat es abgelehnt.");
  expect(complaints.filter((complaint) => !complaint.includes("422"))).toEqual([]);
});

test("without IndexedDB the editor works, says that nothing is kept here, and the server gets what is typed", async () => {
  const { page, sent, complaints } = await openWritingDesk(browser, {
    before: () => {
      Object.defineProperty(window, "indexedDB", {
        get() {
          throw new DOMException("Forbidden", "SecurityError");
        },
      });
    },
  });

  await put(page, "- Kept|");
  await page.keyboard.press("Enter");
  await page.keyboard.type("elsewhere");
  await page.locator("#editor[data-autosave=saved]").waitFor({ state: "attached" });

  expect(await page.locator("#autosave-no-journal").isVisible()).toBe(true);
  expect(sent.filter(({ path }) => path === "/admin/autosaves").at(-1)?.content).toBe("- Kept\n- elsewhere");
  expect(complaints).toEqual([]);
});
