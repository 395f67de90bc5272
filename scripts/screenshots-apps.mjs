// Photographs what the author sees of apps, for docs/screenshots/: the consent page, what each app may and did, and the
// undoing of it.
//
//   node scripts/screenshots-apps.mjs
//
// Makes a site of its own in a temporary folder, and pages of apps at addresses of this machine. Needs what
// scripts/screenshots.mjs needs.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { logIn, startDemo } from "./demo-site.mjs";
import { openBrowser, photograph, SCHEMES, VIEWPORT_HEIGHTS, WIDTHS } from "./photograph.mjs";

const VERIFIER = "v".repeat(43);
const MAX_WHOLE_HEIGHT = 4500;
const SCOPES = "create update delete media profile read";

const site = await startDemo();
const app = createServer((_req, res) => res.setHeader("Content-Type", "text/html").end("<!doctype html><p>The app"));
app.listen(0, "127.0.0.1");
await once(app, "listening");
const client = `http://127.0.0.1:${app.address().port}/`;
const browser = await openBrowser();
const login = await logInOnce();
try {
  await withPage({}, fill);
  for (const width of WIDTHS) for (const colorScheme of SCHEMES) await photographApps(width, colorScheme);
} finally {
  await browser.close();
  app.close();
  await site.stop();
}

async function photographApps(width, colorScheme) {
  await withPage({ viewport: { width, height: VIEWPORT_HEIGHTS[width] }, colorScheme }, async (page) => {
    const take = (name) => photograph(page, `${name}-${width}-${colorScheme}`, { maxHeight: MAX_WHOLE_HEIGHT });
    for (const [name, path] of [
      ["consent", consentPath(SCOPES)],
      ["apps", "/admin/tokens"],
      ["app-writes", "/admin/tokens/1/writes"],
      ["undo-app", "/admin/tokens/1/undo?since=first"],
    ]) {
      await page.goto(site.url + path);
      await take(name);
    }
  });
}

/** Lets an app in and lets it write; a script gets a token by hand. */
async function fill(page) {
  const token = await signIn(page, SCOPES);
  const notes = [];
  for (const content of [
    "The ferry was full of bicycles.",
    "A seal, asleep on the slipway.",
    "Buy followers, cheap!",
  ]) {
    notes.push(await post(token, { type: ["h-entry"], properties: { content: [content] } }));
  }
  await post(token, { action: "update", url: notes[0], add: { category: ["Sea"] } });
  await post(token, { type: ["h-entry"], properties: { content: ["Two grey herons, arguing."] } });
  await page.goto(`${site.url}/admin/tokens`);
  await page.getByLabel("Address of the app").fill("http://192.168.1.20/weather-station");
  await page.getByRole("button", { name: "Create token" }).click();
  await page.locator(".new-token").waitFor();
}

async function signIn(page, scope) {
  await page.goto(site.url + consentPath(scope));
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(/\/cb\?/);
  const code = new URL(page.url()).searchParams.get("code");
  const sent = { grant_type: "authorization_code", code, client_id: client, redirect_uri: `${client}cb` };
  const body = new URLSearchParams({ ...sent, code_verifier: VERIFIER });
  const answer = await fetch(`${site.url}/token`, { method: "POST", body });
  return (await answer.json()).access_token;
}

async function post(token, entry) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const answer = await fetch(`${site.url}/micropub`, { method: "POST", headers, body: JSON.stringify(entry) });
  return answer.headers.get("location");
}

function consentPath(scope) {
  const challenge = createHash("sha256").update(VERIFIER).digest("base64url");
  const asked = { response_type: "code", client_id: client, redirect_uri: `${client}cb`, state: "s", scope };
  return `/auth?${new URLSearchParams({ ...asked, code_challenge: challenge, code_challenge_method: "S256" })}`;
}

/** Does something in a browser of its own, with the one login that there is. */
async function withPage(options, use) {
  const context = await browser.newContext({ reducedMotion: "reduce", storageState: login, ...options });
  await use(await context.newPage());
  await context.close();
}

async function logInOnce() {
  const context = await browser.newContext();
  await logIn(await context.newPage(), site);
  const state = await context.storageState();
  await context.close();
  return state;
}
