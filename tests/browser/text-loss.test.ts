import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "../support/desk.ts";
import { runTextLossScript } from "../support/text-loss-scripts.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
}, 120_000);
afterAll(() => desk.close());

const WORDS = "Every word of this, ";

/** An empty editor with a few words that are kept. */
async function begin(): Promise<void> {
  desk.text = "";
  await desk.openEditor();
  await desk.type(`${crypto.randomUUID()} ${WORDS}`);
}

/** Publishes what is there, and returns what the note then has. */
async function publish(): Promise<string> {
  await desk.page.getByRole("button", { name: "Publish" }).click();
  await desk.page.waitForURL(/done=published/u);
  return desk.content();
}

test("network cut: the status says where the text is, and the server has it when the network is back", async () => {
  await begin();
  await desk.save();

  await desk.cutNetwork(true);
  await desk.type("typed without a network, ");
  await desk.waitFor("offline");
  const said = await desk.page.locator("#autosave-said").textContent();
  await desk.cutNetwork(false);
  await desk.waitFor("saved");
  await desk.page.close();
  await desk.openTab();
  const text = await desk.goOn();

  expect(said).toBe("Not reached. Kept on this device.");
  expect(text).toBe(desk.text);
  expect(await publish()).toBe(desk.text);
}, 120_000);

test("server killed while typing: the text goes on in the tab, and is there after a reload", async () => {
  await begin();

  await desk.killServer();
  await desk.type("typed to a dead server, ");
  await desk.waitFor("offline");
  await desk.startServer();
  await desk.page.reload();
  const text = await desk.goOn();

  expect(text).toBe(desk.text);
  expect(await publish()).toBe(desk.text);
}, 120_000);

test("login ended: it goes on by itself after a login in a new tab", async () => {
  await begin();
  await desk.save();

  await desk.endLogin();
  await desk.type("typed without a login, ");
  await desk.waitFor("login");
  const said = await desk.page.locator("#autosave-said").textContent();
  const link = desk.page.getByRole("link", { name: "Log in in a new tab" });
  const href = await link.getAttribute("href");
  await desk.logInElsewhere();
  await desk.waitFor("saved");

  expect(said).toBe("Login ended. Kept on this device.");
  expect(href).toBe("/login?next=%2Fadmin%2Fnotes%2Fnew");
  expect(await publish()).toBe(desk.text);
}, 120_000);

test("tab closed, and browser killed while typing: what was kept is offered, and goes on", async () => {
  await begin();

  await desk.page.close();
  await desk.openTab();
  const afterTab = await desk.goOn();
  await desk.type("then the browser died, ");
  await desk.crashBrowser();
  await desk.openBrowser();
  const afterCrash = await desk.goOn();
  const published = await publish();
  await desk.openEditor();
  const offers = await desk.page.locator(".offers .row:visible", { hasText: WORDS }).count();

  expect([afterTab, afterCrash]).toEqual([desk.text.replace("then the browser died, ", ""), desk.text]);
  expect(published).toBe(desk.text);
  expect(offers).toBe(0);
}, 120_000);

test("on a phone, where the preview takes the place of the text, every word is kept and gone on with", async () => {
  await desk.page.setViewportSize({ width: 360, height: 640 });
  await begin();
  await desk.save();

  await desk.cutNetwork(true);
  await desk.type("typed in a tunnel, ");
  await desk.waitFor("offline");
  await desk.page.getByRole("button", { name: "Preview", exact: true }).click();
  await desk.page.close();
  await desk.cutNetwork(false);
  await desk.openTab();
  await desk.page.setViewportSize({ width: 360, height: 640 });
  const text = await desk.goOn();
  await desk.type("gone on with above ground.");

  expect(text).toBe(desk.text.replace("gone on with above ground.", ""));
  expect(await publish()).toBe(desk.text);
}, 120_000);

// `npm run faults` runs a hundred others.
test.each([1, 2, 3, 4])("random script %i loses no character", (seed) => expectNoLoss(seed), 120_000);

async function expectNoLoss(seed: number): Promise<void> {
  await runTextLossScript(desk, seed);

  expect(desk.text).toContain(`Script ${seed}.`);
}
