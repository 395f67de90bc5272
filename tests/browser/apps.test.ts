import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openTestApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { openAuthorPage } from "../support/author-page.ts";
import { startChromium } from "../support/chromium.ts";
import { AXE_RULES, overflowing, violations, walkByKeyboard } from "../support/inspect-page.ts";
import { servePages } from "../support/page-server.ts";

const VERIFIER = "v".repeat(43);
const DESK = { viewport: { width: 1280, height: 860 } };
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

const APP_PAGE = "<!doctype html><title>The app</title><p>Back in the app</p>";

let app: Awaited<ReturnType<typeof openTestApp>>;
const browser = await startChromium();

beforeAll(async () => {
  app = await openTestApp();
  await createAuthor(app.ctx);
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

/** The author's browser, where an app of its own asks for these scopes. */
async function ask(scope: string, options: Parameters<typeof openAuthorPage>[2] | object = {}) {
  const client = await servePages({ "/cb": APP_PAGE, "/favicon.ico": "" });
  const path = consentPath(client.url, scope);
  const { page, complaints } = await openAuthorPage(browser, app, { reducedMotion: "reduce", ...options, path });
  onTestFinished(async () => {
    await page.context().close();
    await client.close();
  });
  return { page, complaints, client: client.url };
}

function consentPath(client: string, scope: string): string {
  const code_challenge = createHash("sha256").update(VERIFIER).digest("base64url");
  const asked = { response_type: "code", client_id: `${client}/`, redirect_uri: `${client}/cb`, state: "s" };
  return `/auth?${new URLSearchParams({ ...asked, scope, code_challenge, code_challenge_method: "S256" })}`;
}

/** Presses a button of the page, and says what the app got when it was led back. */
async function answer(page: Page, button: string): Promise<URLSearchParams> {
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.waitForURL(/\/cb\?/u);
  return new URL(page.url()).searchParams;
}

async function redeem(client: string, code: string | null) {
  const sent = { grant_type: "authorization_code", code: code ?? "", code_verifier: VERIFIER };
  const answered = await app.http
    .post("/token")
    .type("form")
    .send({ ...sent, client_id: `${client}/`, redirect_uri: `${client}/cb` });
  return answered.body as { access_token: string; scope: string; expires_in: number };
}

function post(token: string, content: string) {
  return app.http.post("/micropub").set("Authorization", `Bearer ${token}`).type("form").send({ h: "entry", content });
}

async function faultsOf(page: Page) {
  return [...(await violations(page, AXE_RULES.light)), ...(await overflowing(page))];
}

test.each([
  ["at a desk", DESK, true],
  ["on a phone without scripts", PHONE, false],
])(
  "%s an app is let in for less than it asks, narrowed, undone and revoked",
  async (name, screen, javaScriptEnabled) => {
    const { page, complaints, client } = await ask("create update profile", { ...screen, javaScriptEnabled });
    const faults = javaScriptEnabled ? [await faultsOf(page)] : [];

    await page.getByRole("checkbox", { name: /^update/u }).uncheck();
    await page.getByRole("radio", { name: "1 day" }).check();
    const given = await redeem(client, (await answer(page, "Allow")).get("code"));
    await post(given.access_token, `Spam ${name}`).expect(201);
    await page.goto(`http://127.0.0.1:${app.port}/admin/tokens`);
    const card = page.getByRole("region", { name: client });
    if (javaScriptEnabled) faults.push(await faultsOf(page));
    await card.getByRole("button", { name: /^Take away profile/u }).click();
    await page.getByRole("status").filter({ hasText: "Taken away." }).waitFor();
    const narrowed = await app.http.get("/userinfo").set("Authorization", `Bearer ${given.access_token}`);

    await card.getByRole("link", { name: /^Undo what it did/u }).click();
    await page.getByRole("radio", { name: /^Since it first wrote/u }).check();
    await page.getByRole("button", { name: "Show what would be undone" }).click();
    await page.getByText("It made it: into the trash.").waitFor();
    if (javaScriptEnabled) faults.push(await faultsOf(page));
    await page.getByRole("checkbox", { name: /^Revoke/u }).uncheck();
    await page.getByRole("button", { name: "Undo in 1 note" }).click();
    await page.getByRole("heading", { name: "Taken back: 1 note" }).waitFor();
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByRole("heading", { name: "Undone" }).waitFor();

    await page.goto(`http://127.0.0.1:${app.port}/admin/tokens`);
    await card.getByRole("link", { name: "1 created" }).click();
    await page.getByRole("link", { name: `Spam ${name}`, exact: true }).waitFor();
    if (javaScriptEnabled) faults.push(await faultsOf(page));
    await page.getByRole("link", { name: "Back to the apps" }).click();
    await card.getByRole("button", { name: /^Revoke/u }).click();
    await page.getByRole("status").filter({ hasText: "revoked" }).waitFor();
    const refused = await post(given.access_token, "More");

    expect(given).toMatchObject({ scope: "create profile", expires_in: 86_400 });
    expect([narrowed.status, refused.status]).toEqual([403, 401]);
    expect(faults.flat()).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test("by the keyboard alone an app gets less than it asks, and its right is taken away; a refusal gives nothing", async () => {
  const { page, client } = await ask("create delete", DESK);

  const onConsent = await walkByKeyboard(page);
  await page.getByRole("checkbox", { name: /^delete/u }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("radio", { name: "1 year" }).focus();
  await page.keyboard.press("ArrowUp");
  await page.getByRole("button", { name: "Allow" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/cb\?/u);
  const given = await redeem(client, new URL(page.url()).searchParams.get("code"));
  await page.goto(`http://127.0.0.1:${app.port}/admin/tokens`);
  const onApps = await walkByKeyboard(page);
  await page.goto(`http://127.0.0.1:${app.port}${consentPath(client, "create")}`);
  const refused = await answer(page, "Refuse");

  expect([onConsent, onApps]).toEqual([[], []]);
  expect(given).toMatchObject({ scope: "create", expires_in: 30 * 86_400 });
  expect([refused.get("error"), refused.get("code"), refused.get("state")]).toEqual(["access_denied", null, "s"]);
});
