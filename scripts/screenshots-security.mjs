// Photographs how the author signs in, for docs/screenshots/: the login, passkeys and the password, the logins, the audit
// log; then pages of a site in German.
//
//   node scripts/screenshots-security.mjs
//
// Makes a site of its own in a temporary folder, and a device of Chromium's that keeps passkeys. Needs what
// scripts/screenshots.mjs needs.
import { logIn, startDemo } from "./demo-site.mjs";
import { openBrowser, photograph, SCHEMES, VIEWPORT_HEIGHTS, WIDTHS } from "./photograph.mjs";

const MAX_WHOLE_HEIGHT = 4500;
const PHONE = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36";

const site = await startDemo({ host: "localhost" });
const browser = await openBrowser();
try {
  const login = await fill();
  await photographEach({}, [["login", "/login"]]);
  await photographEach({ storageState: login }, [
    ["security", "/admin/security"],
    ["logins", "/admin/logins"],
    ["audit", "/admin/audit"],
  ]);
  await speakGerman(login);
  await photographEach({ storageState: login }, [
    ["german-home", "/"],
    ["german-editor", "/admin/notes/new"],
    ["german-security", "/admin/security"],
  ]);
} finally {
  await browser.close();
  await site.stop();
}

/** Two devices with a passkey each, a login by phone that was looked at, and wrong passwords. Resolves with a login. */
async function fill() {
  const desk = await openDevice();
  await logIn(desk, site);
  await addPasskey(desk, "Laptop");
  const phone = await openDevice({ userAgent: PHONE });
  await logIn(phone, site);
  await addPasskey(phone, "Phone");
  await phone.context().close();
  await desk.goto(`${site.url}/admin`);
  await desk.getByRole("button", { name: "Yes, it was me" }).first().click();
  const login = await desk.context().storageState();
  await desk.context().close();
  return login;
}

async function openDevice(options = {}) {
  const page = await (await browser.newContext(options)).newPage();
  const device = await page.context().newCDPSession(page);
  await device.send("WebAuthn.enable");
  const kind = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true };
  await device.send("WebAuthn.addVirtualAuthenticator", { options: { ...kind, isUserVerified: true } });
  return page;
}

async function addPasskey(page, name) {
  await page.goto(`${site.url}/admin/security`);
  await page.getByLabel("Name of the new passkey").fill(name);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.waitForURL(/done=passkey-added/);
}

async function speakGerman(storageState) {
  const context = await browser.newContext({ storageState });
  const page = await context.newPage();
  await page.goto(`${site.url}/admin/settings`);
  await page.locator("[name=language]").fill("de");
  await page.locator("[name=admin_language][value=site]").check();
  await page.locator("form[action='/admin/settings'] [type=submit]").click();
  await page.waitForURL(/done=settings/);
  await context.close();
}

/** Pages at each width in light and dark, by the names of their pictures. */
async function photographEach(options, pages) {
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      const viewport = { width, height: VIEWPORT_HEIGHTS[width] };
      const context = await browser.newContext({ ...options, viewport, colorScheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      for (const [name, path] of pages) {
        await page.goto(site.url + path);
        await photograph(page, `${name}-${width}-${colorScheme}`, { maxHeight: MAX_WHOLE_HEIGHT });
      }
      await context.close();
    }
  }
}
