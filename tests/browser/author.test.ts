import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openPage, startChromium } from "../support/chromium.ts";
import { readFeed } from "../support/read-feed.ts";
import type { ServingProcess } from "../support/server-process.ts";
import { createFolder, startServing } from "../support/server-process.ts";

const PASSWORD = "a quiet walk at dusk";
/** One pixel. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

/** A new site whose author has just set it up in the browser, and stands in the empty editor. */
async function setUpSite(options: { javaScriptEnabled?: boolean } = {}) {
  const server = await startServing(createFolder(), { LOG_LEVEL: "warn" });
  await vi.waitFor(() => expect(server.said.stderr).toContain("/setup?"), { timeout: 30_000, interval: 10 });
  const link = /Set up your site: \S+?(\/setup\?\S+)/u.exec(server.said.stderr)?.[1] ?? "";
  const { page, complaints } = await openPage(browser, options);
  await page.goto(server.url + link);
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel(/Title/u).fill("Ada writes");
  await page.getByLabel(/Password/u).fill(PASSWORD);
  await page.getByRole("button", { name: "Start writing" }).click();
  await page.getByRole("link", { name: "Skip this and start writing" }).click();
  await page.waitForURL(/\/admin\/notes\/new/u);
  return { server, page, complaints };
}

async function publish(page: Page, server: ServingProcess, note: { title?: string; text: string }): Promise<string> {
  await page.goto(`${server.url}/admin/notes/new`);
  if (note.title !== undefined) await page.getByLabel("Title").fill(note.title);
  await page.getByLabel("Text", { exact: true }).fill(note.text);
  await page.getByRole("button", { name: "Publish" }).click();
  await page.waitForURL(/done=published/u);
  return page.url();
}

test.each([true, false])(
  "from the set-up link to a published note that readers and feed readers see, with scripts: %s",
  async (javaScriptEnabled) => {
    const { server, page, complaints } = await setUpSite({ javaScriptEnabled });

    await page.getByLabel("Text", { exact: true }).fill("My **first** note #hello");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.waitForURL(/done=published/u);
    await page.getByRole("link", { name: "View", exact: true }).click();
    const bold = await page.locator(".e-content strong").textContent();
    await page.goto(server.url);
    const onHome = await page.locator(".h-entry .e-content").textContent();
    const feedPath = await page.locator('link[type="application/rss+xml"]').first().getAttribute("href");
    const feed = await fetch(new URL(feedPath ?? "", server.url));
    const xml = await feed.text();
    await page.context().close();

    expect(bold).toBe("first");
    expect(onHome).toContain("My first note #hello");
    expect(readFeed("xml", xml).items).toMatchObject([
      { title: undefined, html: expect.stringContaining("<strong>first</strong>") },
    ]);
    expect(complaints).toEqual([]);
  },
);

test("the preview follows the text as it is typed, and the last of it wins", async () => {
  const { page, complaints } = await setUpSite();

  await page
    .getByLabel("Text", { exact: true })
    .pressSequentially("Some **bold** text | with a [link](https://example.com)", { delay: 8 });
  await page.locator("#preview strong").waitFor();
  await page.locator('#preview a[href="https://example.com"]').waitFor();
  const text = await page.locator("#preview .prose").textContent();
  await page.context().close();

  expect(text?.trim()).toBe("Some bold text | with a link");
  expect(complaints).toEqual([]);
});

test("without scripts the preview comes by its button, and nothing is saved by it", async () => {
  const { page, server } = await setUpSite({ javaScriptEnabled: false });

  await page.getByLabel("Text", { exact: true }).fill("Some **bold** text");
  await page.getByRole("button", { name: "Preview" }).click();
  const bold = await page.locator("#preview strong").textContent();
  const typed = await page.getByLabel("Text", { exact: true }).inputValue();
  await page.goto(`${server.url}/admin`);
  const list = await page.locator("main").textContent();
  await page.context().close();

  expect(bold).toBe("bold");
  expect(typed).toBe("Some **bold** text");
  expect(list).not.toContain("Some bold text");
});

test("two windows on one note: the second to save chooses between both versions", async () => {
  const { page, server } = await setUpSite();
  const address = await publish(page, server, { text: "Original" });
  const other = await page.context().newPage();
  await other.goto(address);
  await page.goto(address);

  await page.getByLabel("Text", { exact: true }).fill("From the first window");
  await page.getByRole("button", { name: "Update" }).click();
  await page.waitForURL(/done=saved/u);
  await other.getByLabel("Text", { exact: true }).fill("From the second window");
  await other.getByRole("button", { name: "Update" }).click();
  await other.getByRole("heading", { level: 1, name: /two versions|changed/iu }).waitFor();
  const shown = await other.locator("main").textContent();
  await other.getByRole("button", { name: /mine|yours|what you wrote|your version/iu }).click();
  await other.waitForURL(/done=/u);
  await other.goto(server.url);
  const home = await other.locator(".e-content").textContent();
  await page.context().close();

  expect(shown).toContain("From the first window");
  expect(shown).toContain("From the second window");
  expect(home).toContain("From the second window");
});

test("a note goes to the trash, answers 410, and comes back", async () => {
  const { page, server } = await setUpSite();
  const address = await publish(page, server, { title: "Fleeting", text: "x" });

  await page.goto(address);
  await page.getByRole("button", { name: "Move to trash" }).click();
  await page.waitForURL(/status=trashed/u);
  const gone = (await fetch(`${server.url}/notes/fleeting`)).status;
  await page.getByRole("link", { name: "Fleeting", exact: true }).click();
  await page.getByRole("button", { name: "Restore" }).click();
  await page.waitForURL(/done=restored/u);
  const back = (await fetch(`${server.url}/notes/fleeting`)).status;
  await page.context().close();

  expect([gone, back]).toEqual([410, 200]);
});

test("erasing asks first, and then nothing of the note is left", async () => {
  const { page, server } = await setUpSite();
  const address = await publish(page, server, { title: "Mistake", text: "secret words" });

  await page.goto(address);
  await page.getByRole("button", { name: "Move to trash" }).click();
  await page.getByRole("link", { name: "Mistake", exact: true }).click();
  await page.getByRole("link", { name: /Erase/u }).click();
  const question = await page.locator("main").textContent();
  await page.getByRole("button", { name: /Erase/u }).click();
  await page.waitForURL(/done=erased/u);
  const answer = await fetch(`${server.url}/notes/mistake`);
  await page.context().close();

  expect(question).toContain("Mistake");
  expect(answer.status).toBe(410);
  expect(await answer.text()).not.toContain("secret words");
});

test("a login that ended while writing costs no word: after the password the text is in the editor again", async () => {
  const { page, server } = await setUpSite();
  await page.goto(`${server.url}/admin/notes/new`);
  await page.getByLabel("Title").fill("Long thoughts");
  await page.getByLabel("Text", { exact: true }).fill("Written for an hour.\n\nWith <b>two</b> paragraphs & signs.");
  await page.context().clearCookies();

  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: /log in/iu }).click();
  const title = await page.getByLabel("Title").inputValue();
  const text = await page.getByLabel("Text", { exact: true }).inputValue();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.waitForURL(/done=published/u);
  const published = await fetch(`${server.url}/notes/long-thoughts`);
  await page.context().close();

  expect(title).toBe("Long thoughts");
  expect(text).toBe("Written for an hour.\n\nWith <b>two</b> paragraphs & signs.");
  expect(published.status).toBe(200);
});

test("an image chosen in the editor is stored without its name and shown in the note", async () => {
  const { page, server } = await setUpSite();
  await page.getByLabel("Text", { exact: true }).fill("With a picture");
  await page
    .getByLabel("Photos and files")
    .setInputFiles({ name: "holiday.png", mimeType: "image/png", buffer: Buffer.from(PNG, "base64") });
  await page.getByRole("button", { name: "Publish" }).click();
  // Once it is asked what the image shows; publishing again is an answer, too.
  await page.locator("input[name=alt_asked]").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Publish" }).click();
  await page.waitForURL(/done=published/u);
  await page.goto(`${server.url}/notes/with-a-picture`);
  const image = page.locator(".e-content img");
  const source = (await image.getAttribute("src")) ?? "";
  await image.scrollIntoViewIfNeeded();
  const width = await image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.naturalWidth));
  await page.context().close();

  expect(source).toMatch(/^\/media\/[\w-]{22}\.png$/u);
  expect(width).toBe(1);
});

test("an image is pasted where the caret is, described and published; a drawing is refused with the reason", async () => {
  const { page, complaints } = await setUpSite();
  const text = page.getByLabel("Text", { exact: true });
  const paste = (name: string, base64: string) =>
    text.evaluate(
      (field, { name, bytes }) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name));
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      },
      { name, bytes: [...Buffer.from(base64, "base64")] },
    );
  await text.fill("At the sea");

  await text.press("Control+End");
  await paste("holiday.png", PNG);
  await page.getByText("The image is in the text.").waitFor();
  await page.keyboard.type("The pier at dusk");
  await paste("drawing.svg", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>").toString("base64"));
  const refusal = await page.locator("#upload-failed li p").innerText();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.waitForURL(/done=published/u);
  await page.getByRole("link", { name: "View", exact: true }).click();
  const alt = await page.locator(".e-content img").getAttribute("alt");
  await page.context().close();

  expect(refusal).toMatch(/^drawing\.svg is not in the text\. .*SVG/u);
  expect(alt).toBe("The pier at dusk");
  expect(complaints.filter((each) => !each.includes("422"))).toEqual([]);
});

test("everything from login to publishing works by keyboard", async () => {
  const { page, server } = await setUpSite();
  await page.context().clearCookies();
  await page.goto(`${server.url}/login`);

  await page.getByLabel("Password").focus();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/admin$/u);
  await page.goto(`${server.url}/admin/notes/new`);
  await page.getByLabel("Text", { exact: true }).focus();
  await page.keyboard.type("Typed only");
  for (let presses = 0; presses < 30; presses += 1) {
    const focused = await page.evaluate(() => document.activeElement?.textContent?.trim());
    if (focused === "Publish") break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=published/u);
  await page.context().close();

  expect((await fetch(`${server.url}/notes/typed-only`)).status).toBe(200);
});

test("Enter in a field of the editor saves a draft and never publishes", async () => {
  const { page, server } = await setUpSite();

  await page.getByLabel("Text", { exact: true }).fill("Half a thought");
  await page.getByLabel("Tags").fill("one, two");
  await page.getByLabel("Tags").press("Enter");
  await page.waitForURL(/done=draft/u);
  await page.context().close();

  expect((await fetch(`${server.url}/notes/half-a-thought`)).status).toBe(404);
});
