import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSetupLink } from "../../src/auth/set-up.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { PASSWORD } from "../support/author.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { openTestContext } from "../support/context.ts";
import type { FilledSite } from "../support/filled-site.ts";
import { openFilledSite } from "../support/filled-site.ts";
import { tooSmall, walkByKeyboard } from "../support/inspect-page.ts";
import { openServing } from "../support/server-process.ts";
import { stressNotes } from "../support/stress-notes.ts";
import type { Watched } from "../support/watched-page.ts";
import { inspect, watchPage } from "../support/watched-page.ts";

type Visitor = Watched & { leave(): Promise<void> };
type Served = { readonly url: string; close(): Promise<void> };
/** How one comes to a page: a path, or a walk. */
type Way = string | ((page: Page) => Promise<unknown>);

let browser: Browser;
let filled: FilledSite;
let server: Served;
/** A site without an author. */
let bare: Served & { readonly setupPath: string };
/** The browser of an author who has logged in. */
let author: BrowserContextOptions;
/** Where readers' and the author's pages are looked at one after another: a tab for each costs as much as the look. */
let tabs: { readonly reader: Watched; readonly author: Watched };

beforeAll(async () => {
  [browser, filled, bare] = await Promise.all([startChromium(), openFilledSite(), openBareSite()]);
  server = await openServing(filled.dir);
  const { page } = await visit({});
  await page.goto(`${server.url}/login`);
  await enterPassword(page, PASSWORD);
  await page.waitForURL(/\/admin$/u);
  author = { storageState: await page.context().storageState() };
  await page.context().close();
  tabs = { reader: await visit({}), author: await visit(author) };
}, 120_000);

afterAll(async () => {
  await Promise.all([browser?.close(), server?.close(), bare?.close()]);
  filled?.close();
});

/** The notes whose permalinks are visited: the short ones stand whole in lists. */
const PERMALINKS = stressNotes("/media/x.png")
  .filter(({ title, slug }) => title !== undefined || slug === "hebrew")
  .map(({ slug }) => slug);

const READERS_PAGES: Readonly<Record<string, Way>> = {
  home: "/",
  "the second page of home": (page) => follow(page, "/", "a[rel=next]"),
  "a note of the corpus": (page) => followOldest(page),
  ...Object.fromEntries(PERMALINKS.map((slug) => [`the note “${slug}”`, `/notes/${slug}`])),
  "an unlisted note": "/notes/unlisted",
  "a tag": (page) => follow(page, "/notes/many-tags", ".tags a"),
  "a tag in Arabic": "/tags/يوميات",
  "all tags": "/tags",
  "a day of all years": "/on-this-day/02/29",
  archive: "/archive",
  "a year": (page) => follow(page, "/archive", ".year h2 a"),
  "a month": (page) => follow(page, "/archive", ".year:has(.months) li:last-child a"),
  search: "/search",
  "search with hits": "/search?q=sentence",
  "search without hits": `/search?q=${"nothing-of-the-sort".repeat(10)}`,
  "error 400": "/%zz",
  "error 404": "/no-such-page",
  "error 410": "/notes/trashed",
};

test.each(Object.entries(READERS_PAGES))("%s is fit for every reader", async (_name, way) => {
  const visitor = await glance(tabs.reader);

  await arrive(visitor.page, server.url, way);
  const problems = [...(await inspect(visitor)), ...(await scriptsOf(visitor.page))];
  await visitor.leave();

  expect(problems).toEqual([]);
});

test.each(["/", "/archive", "/search?q=x"])("%s is fit for every reader before there is an author", async (path) => {
  const visitor = await visit({});

  await arrive(visitor.page, bare.url, path);
  const problems = [...(await inspect(visitor)), ...(await scriptsOf(visitor.page))];
  await visitor.leave();

  expect(problems).toEqual([]);
});

const DOORS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  login: (page) => page.goto(`${server.url}/login`),
  "login with a wrong password": async (page) => {
    await page.goto(`${server.url}/login`);
    await enterPassword(page, "not the password");
    await page.getByRole("alert").waitFor();
  },
  "login by another site that stops": async (page) => {
    await page.goto(`${server.url}/login`);
    await page.getByLabel("Address of your site").fill(`nobody.example/${"long-".repeat(30)}`);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("alert").waitFor();
  },
  "set-up without a link": (page) => page.goto(`${bare.url}/setup`),
  "set-up": (page) => page.goto(bare.url + bare.setupPath),
  "set-up with a password that anyone would guess": async (page) => {
    await page.goto(bare.url + bare.setupPath);
    await page.getByLabel("Your name").fill("Ada");
    await page.getByLabel("Title of the site").fill("Ada writes");
    await page.getByLabel("Password").fill("123456789012");
    await page.getByRole("button", { name: "Start writing" }).click();
    await page.locator(".field-error").waitFor();
  },
};

test.each(Object.entries(DOORS))("%s is fit for every author", async (_name, way) => {
  const visitor = await visit({});

  await arrive(visitor.page, "", way);
  const problems = [...(await inspect(visitor)), ...(await tooSmall(visitor.page))];
  await visitor.leave();

  expect(problems).toEqual([]);
});

const AUTHORS_PAGES: Readonly<Record<string, Way>> = {
  "the list of notes": "/admin",
  "the second page of the list": (page) => follow(page, "/admin", "a[rel=next]"),
  "the list of drafts": "/admin?status=draft",
  "the list of scheduled notes": "/admin?status=scheduled",
  "the trash": "/admin?status=trashed",
  "a list without notes": "/admin?status=draft&q=nothing-of-the-sort",
  "a list with a notice": "/admin?status=trashed&done=trashed",
  "the empty editor": "/admin/notes/new",
  "the editor of a draft": (page) => openEditor(page, "draft"),
  "the editor of a scheduled note": (page) => openEditor(page, "scheduled"),
  "the editor of a private note": (page) => openEditor(page, "private"),
  "the editor of a trashed note": (page) => openEditor(page, "trashed"),
  "the editor of a note that holds everything": async (page) => {
    await page.goto(`${server.url}/admin?q=everything+that+markdown+knows`);
    await page.locator(".row-label a").first().click();
    await page.locator("#preview .alert").first().waitFor();
  },
  "the editor with errors": async (page) => {
    await page.goto(`${server.url}/admin/notes/new`);
    await page.getByLabel("Text", { exact: true }).fill("Some text");
    await page.getByText("Date, visibility").click();
    await page.getByRole("combobox", { name: /^Language/u }).fill("no language");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByRole("alert").waitFor();
  },
  "the editor with a preview": async (page) => {
    await page.goto(`${server.url}/admin/notes/new`);
    await page.getByLabel("Title").fill("A title");
    await page
      .getByLabel("Text", { exact: true })
      .fill(`Some **bold** text\n\n${"    a long line of code".repeat(20)}`);
    await page.locator("#preview pre").waitFor();
  },
  "two versions of a note": async (page) => {
    await openEditor(page, "draft");
    const content = `Changed elsewhere, ${"x".repeat(200)}`;
    await reviseNote(filled.ctx, filled.ids.draft, { content, origin: { madeBy: "https://app.example/" } });
    await page.getByLabel("Text", { exact: true }).fill(`Changed here, ${"y".repeat(200)}\n\n    some code`);
    await page.getByRole("button", { name: "Save draft" }).click();
    await page.getByRole("heading", { name: "Two versions" }).waitFor();
  },
  "the question before erasing": (page) => page.goto(`${server.url}/admin/notes/${filled.ids.trashed}/erase`),
  settings: "/admin/settings",
  "settings with errors": async (page) => {
    await page.goto(`${server.url}/admin/settings`);
    await page.getByRole("textbox", { name: /^Language/u }).fill("no language");
    await page.getByLabel("Links to you elsewhere").fill("not an address");
    await page.getByRole("button", { name: "Save settings" }).click();
    await page.getByRole("alert").waitFor();
  },
  "signing in": "/admin/security",
  "the offer of a second step": "/admin/security/second-step",
  logins: "/admin/logins",
  "other sites that may enter, with an error": async (page) => {
    await page.goto(`${server.url}/admin/logins/identities`);
    await page.getByLabel("Address of your other site").fill("http://ada.example/");
    await page.getByRole("button", { name: "Let it in" }).click();
    await page.locator(".field-error").waitFor();
  },
  tokens: "/admin/tokens",
  problems: "/admin/problems",
  jobs: "/admin/jobs",
  "tokens with a new one": async (page) => {
    await page.goto(`${server.url}/admin/tokens`);
    await page.getByLabel("Address of the app").fill(`https://app.example/${"long-".repeat(30)}`);
    await page.getByLabel("create").check();
    await page.getByRole("button", { name: "Create token" }).click();
    await page.locator(".new-token").waitFor();
  },
  "an error of the author's pages": "/admin/no-such-page",
  "login that keeps a text": (page) => loseLogin(page, "Update"),
  "the editor after a login that came in between": async (page) => {
    await loseLogin(page, "Update");
    await enterPassword(page, PASSWORD);
    await page.getByText("You are signed in again").waitFor();
  },
  "a form after a login that came in between": async (page) => {
    await loseLogin(page, "Move to trash");
    await enterPassword(page, PASSWORD);
    await page.getByRole("button", { name: "Send it again" }).waitFor();
  },
};

test.each(Object.entries(AUTHORS_PAGES))("%s is fit for every author", async (_name, way) => {
  // What one does on a page may leave something behind in the profile.
  const visitor = typeof way === "string" ? await glance(tabs.author) : await visit(author);

  await arrive(visitor.page, server.url, way);
  const problems = [...(await inspect(visitor)), ...(await tooSmall(visitor.page))];
  await visitor.leave();

  expect(problems).toEqual([]);
});

const WALKS = [
  "/",
  "/notes/everything",
  "/notes/pictures",
  "/notes/wide-table",
  "/archive",
  "/search?q=sentence",
].concat(["/admin", "/admin?status=trashed", "/admin/notes/new", "/admin/settings", "/admin/tokens"]);

test.each(WALKS)("the keyboard reaches everything on %s, and shows where it is", async (path) => {
  const { page } = await visit({ ...author, viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  await page.goto(server.url + path);

  const problems = await walkByKeyboard(page);
  await page.context().close();

  expect(problems).toEqual([]);
});

test("on a phone the keyboard opens the author's menu, walks through it, and closes it", async () => {
  const { page } = await visit({ ...author, viewport: { width: 360, height: 740 } });
  await page.goto(`${server.url}/admin`);
  const menu = page.getByRole("button", { name: "Menu" });

  await menu.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement?.textContent);
  await page.keyboard.press("Escape");
  const isOpen = await page.locator("#shell-more").isVisible();
  await page.context().close();

  expect([first, isOpen]).toEqual(["Media", false]);
});

test.each(["/", "/notes/everything", "/admin", "/admin/notes/new"])(
  "nothing on %s moves for readers who asked for that",
  async (path) => {
    const { page } = await visit({ ...author, reducedMotion: "reduce" });
    await page.goto(server.url + path);

    const moving = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll("*")]
        .filter((element) => {
          const { animationName, scrollBehavior, transitionDuration } = getComputedStyle(element);
          return (
            animationName !== "none" || scrollBehavior === "smooth" || !/^(?:0s(?:, )?)+$/u.test(transitionDuration)
          );
        })
        .map((element) => element.tagName),
    );
    await page.context().close();

    expect(moving).toEqual([]);
  },
);

test.each(["/", "/notes/everything", "/search?q=sentence", "/admin", "/admin/notes/new", "/admin/settings"])(
  "%s can be read and used in colours that the reader's system forces",
  async (path) => {
    const { page } = await visit({ ...author, forcedColors: "active", colorScheme: "dark" });
    await page.goto(server.url + path);

    const shapeless = await page.evaluate(() =>
      [...document.querySelectorAll("button, .button, input, select, textarea")]
        .filter((element) => element.checkVisibility() && !element.matches(".shell *, [type=radio], [type=checkbox]"))
        .filter((element) => Number.parseFloat(getComputedStyle(element).borderBlockStartWidth) < 1)
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    await page.context().close();

    expect(shapeless).toEqual([]);
  },
);

test("what belongs to a note in Arabic stands on its side, and a check box beside its words", async () => {
  const { page } = await visit({ viewport: { width: 360, height: 740 } });
  await page.goto(`${server.url}/notes/arabic`);

  const sides = await page.evaluate(() => {
    const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
    const words = document.createRange();
    words.selectNodeContents(document.querySelector(".task-list-item") ?? document.body);
    const task = [...words.getClientRects()].map(({ left, right }) => ({ left, right }));
    return { edge: box(".prose").right, tag: box(".tags li").right, byline: box(".p-author").right, task };
  });
  await page.context().close();

  const [checkBox, text] = sides.task.sort((one, other) => other.right - one.right);
  expect([sides.tag, sides.byline]).toEqual([sides.edge, sides.edge]);
  expect(text?.right).toBeLessThanOrEqual(checkBox?.left ?? 0);
});

test("no job was ever made that would have asked another server", () => {
  const asking = filled.ctx.db.all("SELECT kind FROM jobs WHERE kind = 'media.copy_remote_image'");

  expect(asking).toEqual([]);
});

async function openBareSite() {
  const { ctx, clock, dir, close } = await openTestContext();
  clock.set(systemClock());
  const setupPath = `/setup?link=${await createSetupLink(ctx)}`;
  const served = await openServing(dir);
  return {
    url: served.url,
    setupPath,
    async close() {
      await served.close();
      close();
    },
  };
}

/** A page in a profile of its own. */
async function visit(options: BrowserContextOptions): Promise<Visitor> {
  const tab = await openPage(browser, options);
  return { ...watchPage(tab, ours()), leave: () => tab.page.context().close() };
}

/** A tab that others had before, as a new one would be. */
async function glance(tab: Watched): Promise<Visitor> {
  await tab.page.goto("about:blank");
  await tab.page.setViewportSize({ width: 1280, height: 720 });
  await tab.page.emulateMedia({ colorScheme: null });
  tab.problems.length = 0;
  return { ...tab, leave: () => Promise.resolve() };
}

function ours(): string[] {
  return [server, bare].flatMap((served) => served?.url ?? []);
}

async function arrive(page: Page, url: string, way: Way): Promise<void> {
  await (typeof way === "string" ? page.goto(url + way) : way(page));
}

async function follow(page: Page, path: string, selector: string): Promise<void> {
  await page.goto(server.url + path);
  const href = await page.locator(selector).first().getAttribute("href");
  await page.goto(new URL(href ?? "", server.url).href);
}

/** The last note of the oldest month: one that was imported. */
async function followOldest(page: Page): Promise<void> {
  await page.goto(`${server.url}/archive`);
  await page.locator(".months a").last().click();
  await page.locator(".line a").last().click();
}

async function openEditor(page: Page, which: keyof FilledSite["ids"]): Promise<void> {
  await page.goto(`${server.url}/admin/notes/${filled.ids[which]}`);
  await page.locator("#preview .prose").waitFor();
}

/** A login that ends while the editor of the private note is open, and the button that was pressed then. */
async function loseLogin(page: Page, button: string): Promise<void> {
  await openEditor(page, "private");
  await page.context().clearCookies();
  await page.getByRole("button", { name: button }).click();
  await page.getByLabel("Password").waitFor();
}

async function enterPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

function scriptsOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.scripts].filter(({ type }) => type !== "application/ld+json").map(({ outerHTML }) => outerHTML),
  );
}
