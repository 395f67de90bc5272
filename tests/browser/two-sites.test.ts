import { createHash } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linkTargets } from "../../src/lib/link-header.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { testFolder } from "../support/context.ts";
import { openServing, runProgram } from "../support/server-process.ts";

/** Two sites, two folders, two processes; a process and a Chromium take their time where others work, too. */
const TIMEOUT_MS = 120_000;
const PASSWORD = "a quiet walk at dusk";
const VERIFIER = "verifier-".repeat(6);

type Site = { readonly url: string; readonly title: string };

let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
}, TIMEOUT_MS);

afterAll(() => browser.close());

/** A site of its own on its own port, set up. */
async function startSite(name: "127.0.0.1" | "localhost", author: string): Promise<Site & { close(): Promise<void> }> {
  const env = { DATA_DIR: testFolder() };
  const words = ["setup", "--name", author, "--title", `${author} writes`, "--password-stdin"];
  const done = await runProgram({ words, env, stdin: `${PASSWORD}\n` });
  expect(done.code, done.stderr).toBe(0);
  const { url, close } = await openServing(env.DATA_DIR, { name, env: { ALLOW_PRIVATE_NETWORK: "true" } });
  return { url, close, title: `${author} writes` };
}

/** Logs in by the password, and lets the other site in. */
async function letIn(page: Page, site: Site, other: Site): Promise<void> {
  await page.goto(`${site.url}/login?next=/admin/logins/identities`);
  await page.fill("input[name=password]", PASSWORD);
  await page.press("input[name=password]", "Enter");
  await page.waitForURL(`${site.url}/admin/logins/identities`);
  await page.fill("input[name=me]", new URL(other.url).host);
  await page.press("input[name=me]", "Enter");
  await page.waitForURL(/done=identity-added/);
}

/** Ends the login at a site, and makes one with the other site, which asks once. */
async function signInBy(page: Page, site: Site, other: Site): Promise<void> {
  await page.context().clearCookies({ domain: new URL(site.url).hostname });
  await page.goto(`${site.url}/login?next=/admin/logins`);
  await page.fill("input[name=me]", new URL(other.url).host);
  await page.press("input[name=me]", "Enter");
  await page.waitForURL(`${other.url}/auth?**`);
  expect(await page.textContent("main")).toContain(`${site.url}/indieauth-client.json`);
  await page.click("button[name=decision][value=approve]");
  await page.waitForURL(`${site.url}/admin/logins`);
  expect(await page.textContent("main")).toContain("this browser");
}

/** What a client does that lives on `client` and posts to `site`: discovery, consent in the browser, token. */
async function findAndAsk(page: Page, client: Site, site: Site): Promise<{ micropub: string; token: string }> {
  const home = await fetch(`${site.url}/`);
  const [micropub = ""] = linkTargets(home.headers.get("link") ?? "", "micropub", home.url);
  const [metadata = ""] = linkTargets(home.headers.get("link") ?? "", "indieauth-metadata", home.url);
  const server = (await (await fetch(metadata)).json()) as { authorization_endpoint: string; token_endpoint: string };

  const asked = { client_id: `${client.url}/`, redirect_uri: `${client.url}/?back=1` };
  const code_challenge = createHash("sha256").update(VERIFIER).digest("base64url");
  const rest = { response_type: "code", state: "s1", scope: "create", code_challenge, code_challenge_method: "S256" };
  await page.goto(`${server.authorization_endpoint}?${new URLSearchParams({ ...asked, ...rest })}`);
  await page.click("button[name=decision][value=approve]");
  await page.waitForURL(`${client.url}/?back=1&code=**`);

  const { searchParams } = new URL(page.url());
  expect([searchParams.get("state"), searchParams.get("iss")]).toEqual(["s1", `${site.url}/`]);
  const proof = { grant_type: "authorization_code", code: searchParams.get("code") ?? "", code_verifier: VERIFIER };
  const answer = await fetch(server.token_endpoint, {
    method: "POST",
    body: new URLSearchParams({ ...proof, ...asked }),
  });
  const { access_token: token = "", me } = (await answer.json()) as { access_token?: string; me?: string };
  expect(me).toBe(`${site.url}/`);
  return { micropub, token };
}

test(
  "two sites sign in to each other, and one posts to the other over Micropub",
  async () => {
    const sites = await Promise.all([startSite("127.0.0.1", "Ada"), startSite("localhost", "Grace")]);
    const [ada, grace] = sites;
    const { page, complaints } = await openPage(browser);
    try {
      await letIn(page, ada, grace);
      await letIn(page, grace, ada);
      await signInBy(page, ada, grace);
      await signInBy(page, grace, ada);

      const { micropub, token } = await findAndAsk(page, ada, grace);
      const headers = { Authorization: `Bearer ${token}` };
      const body = new URLSearchParams({ h: "entry", content: "Carried from Ada's to Grace's" });
      const posted = await fetch(micropub, { method: "POST", headers, body });

      expect(posted.status).toBe(201);
      await page.goto(posted.headers.get("location") ?? "");
      expect(await page.textContent(".e-content")).toContain("Carried from Ada's to Grace's");
      await page.goto(`${grace.url}/`);
      expect(await page.textContent("main")).toContain("Carried from Ada's to Grace's");
      expect(complaints).toEqual([]);
    } finally {
      await page.context().close();
      for (const site of sites) await site.close();
    }
  },
  TIMEOUT_MS,
);
