import type { IncomingMessage, ServerResponse } from "node:http";
import type { Page } from "playwright-core";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { createRender } from "../../src/web/render.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { servePages } from "../support/page-server.ts";
import { bareViews } from "../support/sample-views.ts";

const render = createRender();
const views = await bareViews();
const browser = await startChromium();

afterAll(() => browser.close());

test("the preview follows the text and the title, with the token of the login", async () => {
  const { page, requests } = await openEditor();

  await page.locator("#content").pressSequentially("Hello", { delay: 20 });
  await page.locator("#preview .prose").getByText("Hello").waitFor();
  await page.locator("#title").pressSequentially("A title");
  await page.locator("#preview .preview-title").getByText("A title").waitFor();

  expect(requests.at(-1)).toMatchObject({ content: "Hello", title: "A title", header: "token-of-the-login" });
  expect(requests.length).toBeLessThan(6);
});

test("of two previews under way the later one stays, though the earlier one is answered last", async () => {
  const { page, requests, release } = await openEditor({ holds: "slow" });

  await page.locator("#content").fill("slow");
  await expect.poll(() => requests.length).toBe(1);
  await page.locator("#content").fill("quick");
  await page.locator("#preview .prose").getByText("quick").waitFor();
  release();
  await page.locator("#content").fill("quick, then more");
  await page.locator("#preview .prose").getByText("quick, then more").waitFor();

  expect(await page.locator("#preview .prose").innerText()).toBe("quick, then more");
});

test("an ended login is said in the preview, and the author stays with the text", async () => {
  const { page } = await openEditor({ status: 401 });

  await page.locator("#content").fill("Not lost");
  await page.locator("#preview").getByText("Your login has ended.").waitFor();

  expect(await page.locator("#content").inputValue()).toBe("Not lost");
  expect(new URL(page.url()).pathname).toBe("/admin/notes/new");
});

test("a server that cannot be reached is said beside the preview", async () => {
  const { page, stop } = await openEditor();

  await stop();
  await page.locator("#content").fill("Still here");
  await page.locator("#preview-status").getByText("cannot be reached").waitFor();

  expect(await page.locator("#content").inputValue()).toBe("Still here");
});

test("on a phone Preview takes the place of the text, and Write gives it back, without leaving the page", async () => {
  const { page, requests } = await openEditor();
  await page.setViewportSize({ width: 360, height: 640 });

  await page.locator("#content").fill("Look at me");
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await page.locator("#preview .prose").getByText("Look at me").waitFor();
  const shown = await page.locator("#content").isVisible();
  await page.getByRole("button", { name: "Write", exact: true }).click();

  expect([shown, await page.locator("#preview").isVisible()]).toEqual([false, false]);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
  expect(requests.filter(({ path }) => path !== "/admin/preview")).toEqual([]);
});

test("tags are completed one by one, without those that are there", async () => {
  const { page } = await openEditor();

  await page.locator("#tags").fill("http, w");
  const options = await page
    .locator("#known-tags option")
    .evaluateAll((all) => all.map((one) => one.getAttribute("value")));

  expect(options).toEqual(["http, web-dev", "http, writing"]);
});

test("Enter in the title goes on to the text instead of sending the form", async () => {
  const { page, requests } = await openEditor();

  await page.locator("#title").fill("A title");
  await page.locator("#title").press("Enter");

  expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
  expect(requests.filter(({ path }) => path !== "/admin/preview")).toEqual([]);
});

test("leaving with unsaved text asks first; leaving without does not, nor does saving", async () => {
  const { page, requests } = await openEditor();
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });

  await page.reload();
  expect(asked).toEqual([]);
  await page.locator("#content").pressSequentially("Unsaved");
  await page.reload();
  expect(asked).toEqual(["beforeunload"]);
  await page.locator("#content").pressSequentially("Saved");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect.poll(() => requests.at(-1)?.path).toBe("/admin/notes");

  expect(asked).toEqual(["beforeunload"]);
});

test("a choice of colours holds in this browser, from before the first paint", async () => {
  const { page } = await openEditor();
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();

  await page.getByLabel("Colours in this browser").selectOption("Dark");
  const dark = await paper();
  await page.reload({ waitUntil: "commit" });
  await page.locator("html[data-colour-scheme=dark]").waitFor();
  await page.getByLabel("Colours in this browser").waitFor();

  expect(dark).not.toBe(light);
  expect(await paper()).toBe(dark);
  expect(await page.getByLabel("Colours in this browser").inputValue()).toBe("dark");
});

test("without a script the form is whole: every field, three buttons, no choice that does nothing", async () => {
  const { page, requests } = await openEditor({ javaScriptEnabled: false });

  await page.locator("#content").fill("Plain");
  const isOffered = await page.getByLabel("Colours in this browser").isVisible();
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect.poll(() => requests.at(-1)?.path).toBe("/admin/notes");

  expect(isOffered).toBe(false);
});

test("on a phone the menu opens and closes, by keyboard too", async () => {
  const { page } = await openEditor();
  await page.setViewportSize({ width: 360, height: 640 });
  const settings = page.getByRole("link", { name: "Settings" });

  const before = await settings.isVisible();
  await page.getByRole("button", { name: "Menu" }).press("Enter");
  const opened = await settings.isVisible();
  await page.keyboard.press("Escape");

  expect([before, opened, await settings.isVisible()]).toEqual([false, true, false]);
});

type Sent = { path: string; content: string; title: string; header: string | undefined };
type Options = { status?: number; holds?: string; javaScriptEnabled?: boolean };

/** An empty editor on a server that previews by saying the text back. `holds`: the text whose answer waits for `release`. */
async function openEditor(options: Options = {}) {
  const requests: Sent[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = await servePages({ "/admin/notes/new": editorPage() }, (req, res) => {
    // Chromium asks for /favicon.ico where an answer names no icon.
    // What is typed is kept beside all this: see tests/browser/text-loss.test.ts.
    if (req.method !== "POST" || req.url === "/admin/autosaves") return void res.writeHead(404).end();
    void readBody(req).then(async (body) => {
      const form = new URLSearchParams(body);
      const sent = { content: form.get("content") ?? "", title: form.get("title") ?? "" };
      requests.push({ path: req.url ?? "", ...sent, header: req.headers["x-csrf-token"]?.toString() });
      if (sent.content === options.holds) await held;
      answer(res, sent, options.status ?? 200);
    });
  });
  const { page } = await openPage(browser, { javaScriptEnabled: options.javaScriptEnabled ?? true });
  await page.goto(`${server.url}/admin/notes/new`);
  onTestFinished(() => close(page, server.close));
  return { page, requests, release, stop: server.close };
}

function editorPage(): string {
  const { editor, ...page } = views["admin/editor.njk"];
  return render("admin/editor.njk", { ...page, editor: { ...editor, tagSuggestions: ["http", "web-dev", "writing"] } });
}

function answer(res: ServerResponse, sent: { content: string; title: string }, status: number): void {
  const html =
    status === 200
      ? render("fragments/preview.njk", {
          title: sent.title,
          contentHtml: `<p>${sent.content}</p>`,
          kind: null,
          error: "",
        })
      : render("fragments/error.njk", { message: "Your login has ended.", requestId: "1" });
  res.writeHead(status, { "Content-Type": "text/html; charset=utf-8" }).end(html);
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function close(page: Page, stop: () => Promise<void>): Promise<void> {
  await page.context().close();
  await stop();
}
