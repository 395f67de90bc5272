import { expect, test } from "vitest";
import { renderNow } from "../../src/lib/render.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { HOSTILE_MARKUP } from "../support/hostile-markup.ts";

test("in a real browser without any policy, no hostile input runs or changes on its way into the page", async () => {
  const browser = await startChromium();
  try {
    const { page } = await openPage(browser);
    const ran: string[] = [];
    const changed: string[] = [];
    let current = "";
    page.on("dialog", (dialog) => {
      ran.push(current);
      void dialog.dismiss();
    });
    await page.route("**/*", (route) => route.abort());

    for (const format of ["markdown", "html", "text"]) {
      for (const markup of HOSTILE_MARKUP) {
        current = `${format}: ${markup.slice(0, 100)}`;
        const { html } = renderNow({ content: markup, format, anchor: "k3" });
        await page.setContent(`<!DOCTYPE html><html><body><div id="container">${html}</div></body></html>`);
        const read = await page.evaluate(() => document.getElementById("container")?.innerHTML ?? "");
        // The browser does not say again the line break that it dropped.
        if (read !== html.replaceAll(/(<pre tabindex="0">)\n\n/g, "$1\n")) changed.push(current);
      }
    }

    current = "the same browser does run what nobody rendered";
    const alarm = page.waitForEvent("dialog");
    await page.setContent("<img src=x onerror=alert(1)>");
    await alarm;

    expect(ran).toEqual([current]);
    expect(changed).toEqual([]);
  } finally {
    await browser.close();
  }
}, 120_000);
