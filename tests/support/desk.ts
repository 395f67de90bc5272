import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { PASSWORD } from "./author.ts";
import type { CrashingBrowser } from "./crashing-browser.ts";
import { startCrashingBrowser } from "./crashing-browser.ts";
import type { StarPunk } from "./server-process.ts";
import { findFreePort, openProgram } from "./server-process.ts";
import { until } from "./until.ts";

/**
 * An author at a desk: a real server and a real browser, each of which can die at any moment and comes back with what
 * its disk has. `text` is what was typed and seen to be kept.
 */
export class Desk {
  readonly url: string;
  text = "";
  page!: Page;
  #folder: string;
  #port: number;
  #server: StarPunk | undefined;
  #browser: CrashingBrowser | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Sets the site up and opens the browser. Whoever opens it closes it. */
  static async open(): Promise<Desk> {
    const desk = new Desk(mkdtempSync(join(tmpdir(), "starpunk-desk-")), await findFreePort());
    const setup = ["setup", "--name", "Ada", "--title", "Ada writes", "--password-stdin"];
    await openProgram({ words: setup, env: desk.#env(), stdin: PASSWORD }).exited;
    await desk.startServer();
    await desk.openBrowser();
    return desk;
  }

  async close(): Promise<void> {
    await this.crashBrowser();
    await this.killServer();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async startServer(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = openProgram({ words: ["serve"], env: this.#env() });
    await until(() => {
      if (!server.said.stderr.includes("StarPunk is at")) throw new Error(server.said.stderr);
    });
    this.#server = server;
  }

  async killServer(): Promise<void> {
    this.#server?.child.kill("SIGKILL");
    await this.#server?.exited;
    this.#server = undefined;
  }

  async openBrowser(): Promise<void> {
    this.#browser = await startCrashingBrowser(join(this.#folder, "profile"));
    await this.openTab();
  }

  async crashBrowser(): Promise<void> {
    await this.#browser?.crash();
  }

  async openTab(): Promise<void> {
    this.page = await this.newPage();
  }

  async newPage(): Promise<Page> {
    const page = await this.#context().newPage();
    page.on("dialog", (dialog) => void dialog.accept());
    return page;
  }

  async cutNetwork(isCut: boolean): Promise<void> {
    await this.#context().setOffline(isCut);
  }

  /** The login ends without a word to the page. */
  async endLogin(): Promise<void> {
    await this.#context().clearCookies();
  }

  /** Logs in wherever the page is led to the login. */
  async logIn(page: Page = this.page): Promise<void> {
    if (!new URL(page.url()).pathname.startsWith("/login")) return;
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: /log in/iu }).click();
    await page.waitForURL((url) => url.pathname.startsWith("/admin"));
  }

  /** Logs in in another tab, and comes back to the one where the text is. */
  async logInElsewhere(): Promise<void> {
    const tab = await this.newPage();
    await tab.goto(`${this.url}/login`);
    await this.logIn(tab);
    await tab.close();
    await this.page.evaluate(() => dispatchEvent(new Event("focus")));
  }

  async openEditor(path = "/admin/notes/new"): Promise<void> {
    await this.page.goto(this.url + path);
    await this.logIn();
    await this.page.locator("#kept-here[data-ready]").waitFor({ state: "attached" });
  }

  /** Types at the end of the text, and waits until the page says that it is kept, which takes less than a second. */
  async type(words: string): Promise<void> {
    await this.page.locator("#content").focus();
    await this.page.keyboard.press("Control+End");
    await this.page.keyboard.type(words);
    this.text += words;
    await this.page.locator(`#editor[data-kept="${this.text.length}"]`).waitFor({ state: "attached" });
  }

  /** Leaves the text, which sends it to the server, and waits until that has it. */
  async save(): Promise<void> {
    await this.page.locator("#title").focus();
    await this.waitFor("saved");
  }

  async waitFor(state: "saved" | "offline" | "login" | "refused"): Promise<void> {
    await this.page.locator(`#editor[data-autosave="${state}"]`).waitFor({ state: "attached", timeout: 40_000 });
  }

  content(): Promise<string> {
    return this.page.locator("#content").inputValue();
  }

  /** Opens the editor anew and goes on with the newest of what is offered. Returns the text that is there then. */
  async goOn(path?: string): Promise<string> {
    await this.openEditor(path);
    const rows = this.page.locator(".offers .row:visible");
    const times = await rows
      .locator("time")
      .evaluateAll((all) => all.map((time) => time.getAttribute("datetime") ?? ""));
    if (times.length === 0) return this.content();
    const newest = times.indexOf([...times].sort().at(-1) ?? "");
    await rows
      .nth(newest)
      .getByRole("button", { name: /Continue with it/u })
      .click();
    await this.page.waitForLoadState();
    await this.page.waitForFunction(
      (before) => (document.querySelector("#content") as HTMLTextAreaElement | null)?.value !== before,
      "",
    );
    return this.content();
  }

  #context() {
    if (this.#browser === undefined) throw new Error("No browser is open.");
    return this.#browser.context;
  }

  #env(): Record<string, string> {
    return {
      DATA_DIR: join(this.#folder, "data"),
      PORT: String(this.#port),
      SITE_URL: this.url,
      LOG_LEVEL: "warn",
    };
  }
}
