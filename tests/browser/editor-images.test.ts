import { afterAll, expect, test, vi } from "vitest";
import { startChromium } from "../support/chromium.ts";
import { AXE_RULES, violations } from "../support/inspect-page.ts";
import { until } from "../support/until.ts";
import { give, openWritingDesk, put, read } from "../support/writing-desk.ts";

vi.setConfig({ testTimeout: 60_000 }); // A busy machine takes its time over a browser.
const browser = await startChromium();

afterAll(() => browser.close());

/** A promise, and what fulfils it. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test.each(["desktop", "phone"] as const)(
  "on a %s a pasted image holds its place while it is sent, then waits for its description",
  async (screen) => {
    const { open, opened } = gate();
    const { page, complaints } = await openWritingDesk(browser, {
      screen,
      upload: async () => {
        await opened;
        return { status: 201, body: { written: "![](/media/1.png)" } };
      },
    });
    await put(page, "Before|\n\nafter");

    await give(page, "paste", { images: ["beach [1].png"] });
    const held = await read(page);
    open();
    await until(async () => expect(await page.locator("#content").inputValue()).toContain("/media/"));
    await page.keyboard.type("The beach");

    expect(held).toBe("Before\n\n![Uploading beach 1.png…]()|\n\nafter");
    expect(await read(page)).toBe("Before\n\n![The beach|](/media/1.png)\n\nafter");
    expect(await page.locator("#editor-said").textContent()).toContain("Say between the brackets what it shows.");
    expect(complaints).toEqual([]);
  },
);

test("several dropped images come in their order, and what is typed meanwhile stays where it is", async () => {
  const first = gate();
  const { page } = await openWritingDesk(browser, {
    upload: async (count) => {
      if (count === 1) await first.opened;
      return { status: 201, body: { written: `![](/media/${count}.png)` } };
    },
  });
  await put(page, "|");

  await give(page, "drop", { images: ["a.png", "a.png"] });
  await page.keyboard.type("\n\nTyped meanwhile");
  first.open();
  await until(async () => expect(await page.locator("#content").inputValue()).toContain("/media/2.png"));

  expect(await read(page)).toBe("![](/media/1.png)\n\n![](/media/2.png)\n\nTyped meanwhile|");
});

test("a refused image leaves the text as it was, says why, and can be sent again", async () => {
  const { page } = await openWritingDesk(browser, {
    upload: (count) =>
      count === 1
        ? { status: 422, body: { detail: "SVG is not taken: it can carry scripts." } }
        : { status: 201, body: { written: "![](/media/2.png)" } },
  });
  await put(page, "![The pi|er](/media/0.png) words");

  await give(page, "paste", { images: ["drawing.svg"] });
  const row = page.locator("#upload-failed li");
  await row.waitFor();
  const said = (await row.locator("p").innerText()).trim();
  const left = await page.locator("#content").inputValue();
  const found = await violations(page, AXE_RULES.light);
  await row.getByRole("button", { name: "Try again" }).click();
  await until(async () => expect(await page.locator("#content").inputValue()).toContain("/media/2.png"));

  expect(said).toBe("drawing.svg is not in the text. SVG is not taken: it can carry scripts.");
  expect(left).toBe("![The pier](/media/0.png) words");
  expect(await page.locator("#content").inputValue()).toBe("![The pier](/media/0.png)\n\n![](/media/2.png)\n\n words");
  expect(found).toEqual([]);
  expect(await row.count()).toBe(0);
});

test("a note that is saved while an image is on its way is sent with the image in it", async () => {
  const { open, opened } = gate();
  const { page, sent } = await openWritingDesk(browser, {
    upload: async () => {
      await opened;
      return { status: 201, body: { written: "![](/media/1.png)" } };
    },
  });
  await put(page, "Words|");

  await give(page, "paste", { images: ["a.png"] });
  await page.getByRole("button", { name: "Publish" }).click();
  const early = sent.filter(({ path }) => path === "/admin/notes").length;
  open();
  // Closing a profile whose page is just being left hangs Chromium.
  await page.waitForURL("**/admin/notes");

  expect(sent.at(-1)).toEqual({ path: "/admin/notes", content: "Words\n\n![](/media/1.png)" });
  expect(early).toBe(0);
});

test("words that come with a picture of them are pasted as words; a file beside the field does not end the page", async () => {
  const { page, sent } = await openWritingDesk(browser);
  await put(page, "|");

  await give(page, "paste", { text: "Cells of a table", images: ["image.png"] });
  const isStopped = await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "a.png", { type: "image/png" }));
    const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
    return event.defaultPrevented;
  });
  await until(async () => expect(await page.locator("#content").inputValue()).toBe("![](/media/1.png)"));

  expect(isStopped).toBe(true);
  expect(sent.filter(({ path }) => path === "/admin/uploads")).toHaveLength(1);
});

test("the button of the toolbar takes several images from the disk", async () => {
  const { page } = await openWritingDesk(browser);
  await put(page, "|");
  const file = (name: string) => ({ name, mimeType: "image/png", buffer: Buffer.from("image") });

  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Image", exact: true }).click();
  await (await chooser).setFiles([file("a.png"), file("b.png")]);
  await until(async () => expect(await page.locator("#content").inputValue()).toContain("/media/2.png"));

  expect((await chooser).isMultiple()).toBe(true);
});

test.each(["desktop", "phone"] as const)(
  "on a %s tags and people are suggested as they are typed, and taken by Tab, arrow keys or a press",
  async (screen) => {
    const { page, complaints } = await openWritingDesk(browser, { screen });
    const text = page.locator("#content");
    const list = page.getByRole("listbox", { name: "Suggestions" });
    await put(page, "|");

    await text.pressSequentially("By the #se");
    await list.waitFor();
    const options = await list.getByRole("option").allInnerTexts();
    const found = await violations(page, AXE_RULES.light);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const pointed = await text.getAttribute("aria-activedescendant");
    await page.keyboard.press("Enter");
    await text.pressSequentially("with @lo");
    await list.getByText("Ada Lovelace").waitFor();
    await page.keyboard.press("Tab");
    await text.pressSequentially("and #we");
    await list.getByRole("option").click();

    expect(options).toEqual(["sea", "seaside"]);
    expect(found).toEqual([]);
    expect(pointed).toBe("completions-1");
    expect(await read(page)).toBe("By the #seaside with [@Ada Lovelace](https://ada.example/) and #web-dev |");
    expect(complaints).toEqual([]);
  },
);

test("suggestions take nothing that was not chosen: Enter is a new line, Escape sends them away until the next word", async () => {
  const { page } = await openWritingDesk(browser);
  const text = page.locator("#content");
  const list = page.locator("#completions");
  await put(page, "|");

  await text.pressSequentially("#se");
  await list.waitFor();
  await page.keyboard.press("Enter");
  await text.pressSequentially("#se");
  await list.waitFor();
  await page.keyboard.press("Escape");
  await text.pressSequentially("a");
  const stayedAway = await list.isHidden();
  await text.pressSequentially(" #sea");
  await list.waitFor();

  expect(stayedAway).toBe(true);
  expect(await text.inputValue()).toBe("#se\n#sea #sea");
});
