import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { listAutosaves } from "../../src/notes/autosave-store.ts";
import { openTestApp } from "../support/app.ts";
import { createAuthor, createLogin, PASSWORD } from "../support/author.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { NOW } from "../support/context.ts";
import { picture } from "../support/images.ts";

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

let app: Awaited<ReturnType<typeof openTestApp>>;
let photo: string;
let url: string;
const browser = await startChromium();

beforeAll(async () => {
  app = await openTestApp();
  await createAuthor(app.ctx);
  photo = (await picture(40, 30).jpeg().toBuffer()).toString("base64");
  url = `http://127.0.0.1:${app.port}`;
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

/** The author's phone with the site installed: the worker runs. */
async function phone(): Promise<Page> {
  const { page } = await openPage(browser, PHONE);
  onTestFinished(() => page.context().close());
  page.on("dialog", (dialog) => void dialog.accept());
  const [name = "", value = ""] = (await createLogin(app.ctx)).cookie.split("=");
  await page.context().addCookies([{ name, value, url }]);
  await page.goto(`${url}/admin`);
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== "activated") await new Promise((done) => active?.addEventListener("statechange", done));
  });
  return page;
}

/** Posts as the browser does for another app: a form of several parts, sent by a navigation. */
async function share(page: Page, fields: Record<string, string>, photos = 0): Promise<void> {
  const left = page.waitForEvent("framenavigated");
  await page.evaluate(
    ({ fields, photos, photo }) => {
      const form = document.createElement("form");
      Object.assign(form, { action: "/admin/share", method: "post", enctype: "multipart/form-data" });
      for (const [name, value] of Object.entries(fields)) {
        form.append(Object.assign(document.createElement("input"), { name, value }));
      }
      const bytes = Uint8Array.from(atob(photo), (character) => character.charCodeAt(0));
      const files = new DataTransfer();
      for (let made = 1; made <= photos; made += 1) {
        files.items.add(new File([bytes], `IMG_${made}.jpg`, { type: "image/jpeg" }));
      }
      const input = Object.assign(document.createElement("input"), { type: "file", name: "photos", multiple: true });
      input.files = files.files;
      form.append(input);
      document.body.append(form);
      form.submit();
    },
    { fields, photos, photo },
  );
  await left;
}

function drafts() {
  return listAutosaves(app.ctx.db, { since: NOW, limit: 50 }).map(({ fields }) => fields.content ?? "");
}

async function editorText(page: Page): Promise<string> {
  await page.waitForURL(/\/admin\/notes\/new\?autosave=|\/admin\/notes\/new$/u);
  return await page.locator("#content").inputValue();
}

test("text, link and photos of another app arrive in the editor, once, and nothing is published", async () => {
  const page = await phone();

  await share(page, { title: "Tide", text: "Online", url: "https://tide.example/" }, 2);
  const text = await editorText(page);

  expect(text).toMatch(/^Online\n\n\[Tide\]\(https:\/\/tide\.example\/\)\n\n!\[\]\(\/media\/[^)]+\)\n\n!\[\]\(/u);
  expect(drafts().filter((content) => content.startsWith("Online"))).toHaveLength(1);
  expect(app.ctx.db.all("SELECT 1 FROM notes")).toEqual([]);
});

test("without a network it waits on the phone, also over a restart, and arrives when there is one", async () => {
  const page = await phone();
  await page.context().setOffline(true);

  await share(page, { title: "", text: "On the train", url: "" }, 1);
  await page.getByRole("heading", { name: "No connection" }).waitFor();
  await page.getByText("On the train").waitFor();
  const waiting = await page.locator("#shares .row").innerText();
  await page.goto(`${url}/admin/notes/new`);
  await page.getByText("On the train").waitFor();
  const before = drafts();
  await page.context().setOffline(false);
  const text = await editorText(page);

  expect(waiting).toMatch(/On the train[\s\S]*1 photo/u);
  expect(before.filter((content) => content.startsWith("On the train"))).toEqual([]);
  expect(text).toMatch(/^On the train\n\n!\[\]\(\/media\//u);
  expect(drafts().filter((content) => content.startsWith("On the train"))).toHaveLength(1);
});

test("a page that could not be reached comes by itself when the site is back, and not sooner", async () => {
  const page = await phone();
  const loads: string[] = [];
  page.on("framenavigated", (frame) => loads.push(new URL(frame.url()).pathname));
  // The network is there, the server is not.
  await page.context().route(/\/(?:admin\/tools|health)$/u, (route) => route.abort());

  await page.goto(`${url}/admin/tools`);
  await page.getByText("The site cannot be reached. What is here").waitFor();
  const before = [...loads];
  await page.context().unroute(/\/(?:admin\/tools|health)$/u);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.getByRole("heading", { name: "Bookmarklet" }).waitFor();

  expect(before).toEqual(["/admin/tools"]);
  expect(loads).toEqual(["/admin/tools", "/admin/tools"]);
});

test("what is written without a network goes to the editor with the rest", async () => {
  const page = await phone();
  await page.context().setOffline(true);
  await page.goto(`${url}/admin`);

  await page.getByLabel("Write here meanwhile").fill("Written in a tunnel");
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.locator("#shares").getByText("Written in a tunnel").waitFor();
  await page.context().setOffline(false);

  expect(await editorText(page)).toBe("Written in a tunnel");
});

test("with an ended login a share is kept, photos too, and comes after the login", async () => {
  const page = await phone();
  await page.context().clearCookies();

  await share(page, { title: "", text: "Logged out", url: "" }, 1);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: /log in/iu }).click();

  expect(await editorText(page)).toMatch(/^Logged out\n\n!\[\]\(\/media\//u);
});

test("logging out leaves nothing of the worker on the phone, and readers' pages never meet it", async () => {
  const page = await phone();
  await page.goto(url);
  const controlled = await page.evaluate(() => navigator.serviceWorker.controller !== null);
  await page.goto(`${url}/admin`);
  const kept = await page.evaluate(async () => [
    (await caches.keys()).length,
    (await (await caches.open("starpunk-shell")).keys()).map((one) => new URL(one.url).pathname.split("/")[1]),
  ]);

  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(`${url}/`);
  const left = await page.evaluate(async () => [
    await caches.keys(),
    (await navigator.serviceWorker.getRegistrations()).length,
    (await indexedDB.databases()).map(({ name }) => name).filter((name) => name === "starpunk-shares"),
  ]);

  expect(controlled).toBe(false);
  expect([kept[0], new Set(kept[1] as string[])]).toEqual([1, new Set(["admin", "static"])]);
  expect(left).toEqual([[], 0, []]);
});

test("Ctrl and Enter publish a short note, and what is typed is in the journal until then", async () => {
  const page = await phone();
  const box = page.getByLabel("Text", { exact: true });

  await box.fill("Short and quick");
  await page.locator("#quick[data-kept='15']").waitFor();
  await page.goto(`${url}/admin/notes/new`);
  await page.locator("#kept-here").getByText("Short and quick").waitFor();
  await page.goto(`${url}/admin`);
  await box.fill("Published by a key");
  await box.press("Control+Enter");
  await page.getByText("Published.", { exact: true }).waitFor();

  expect(app.ctx.db.all("SELECT content FROM notes")).toEqual([{ content: "Published by a key" }]);
});
