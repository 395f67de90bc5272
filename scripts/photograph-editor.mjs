// Photographs the editor in every mode: text alone, side by side, preview, focus, suggestions, commands, keys.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const WIDE = 1024;

/** `take` photographs the page under a name. Nothing is saved, and nothing kept is left. */
export async function photographEditor(page, site, take) {
  const isWide = page.viewportSize().width >= WIDE;
  const snap = (name) => take(name, { whole: false });
  const view = (name) => page.locator("#views").getByRole("button", { name, exact: true }).click();
  await write(page, site);
  await snap("editor");
  if (isWide) {
    await view("Write");
    await rest(page);
    await snap("editor-plain");
  }
  await view("Preview");
  await page.locator("#preview pre").waitFor();
  await rest(page);
  await snap("editor-preview");
  await view("Write");
  await page.locator("#focus-mode").click();
  await rest(page);
  await snap("editor-focus");
  await page.locator("#focus-mode").click();
  await photographHelp(page, snap);
  if (isWide) await view("Side by side");
  await forget(page);
}

async function photographHelp(page, snap) {
  const text = page.locator("#content");
  await text.press("Control+End");
  await text.pressSequentially("Kept by #s");
  await page.locator("#completions").waitFor();
  await page.keyboard.press("ArrowDown");
  await snap("editor-suggestions");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+k");
  await page.locator("#palette").waitFor();
  await snap("editor-palette");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+/");
  await page.locator("#shortcuts").waitFor();
  await page.evaluate(() => document.activeElement?.blur());
  await snap("editor-help");
  await page.keyboard.press("Escape");
}

async function write(page, site) {
  await page.goto(`${site.url}/admin/notes/new`);
  page.on("dialog", (dialog) => dialog.accept());
  await page.locator("[name=title]").fill("Why the harbour light blinks");
  await page.locator("[name=content]").fill(readFileSync(join(root, "scripts", "demo-notes", "draft.txt"), "utf8"));
  await page.locator("[name=tags]").fill("Sea, making");
  if (await page.locator("#preview").isVisible()) await page.locator("#preview pre").waitFor();
  await page.locator("#editor[data-autosave=saved]").waitFor({ state: "attached" });
  await rest(page);
}

/** As it looks before a hand is laid on it. */
function rest(page) {
  return page.evaluate(() => {
    document.querySelector("#content").scrollTop = 0;
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
}

async function forget(page) {
  for (const name of ["title", "content", "tags"]) await page.locator(`[name=${name}]`).fill("");
  await page.locator("#editor:not([data-autosave=saved])").waitFor({ state: "attached" });
  await page.locator("#editor[data-autosave=saved]").waitFor({ state: "attached" });
}
