import type { Browser, CDPSession, Page } from "playwright-core";
import type { TestLogin } from "./author.ts";
import { openPage } from "./chromium.ts";

/** A page whose browser has a device for passkeys, which nobody needs to touch. */
export type DevicePage = {
  readonly page: Page;
  readonly complaints: string[];
  readonly device: CDPSession;
  readonly deviceId: string;
};

type DeviceOptions = {
  readonly url: string;
  /** Whom the browser is logged in as. */
  readonly login?: TestLogin;
  /**
   * Whether the browser offers passkeys among the suggestions of a field. The device answers those at once, so a page
   * with a button for it may be left before the button is reached.
   */
  readonly suggests?: boolean;
};

/** Opens a page with a device. */
export async function openDevicePage(
  browser: Browser,
  options: Parameters<typeof openPage>[1] & DeviceOptions,
): Promise<DevicePage> {
  const { url, login, suggests = true, ...rest } = options;
  const { page, complaints } = await openPage(browser, rest);
  if (!suggests) await page.addInitScript(neverSuggest);
  if (login !== undefined) {
    const [name = "", value = ""] = login.cookie.split("=");
    await page.context().addCookies([{ name, value, url }]);
  }
  const device = await page.context().newCDPSession(page);
  await device.send("WebAuthn.enable", { enableUI: false });
  const { authenticatorId } = await device.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    page,
    complaints,
    device,
    deviceId: authenticatorId,
  };
}

/** Runs in the page: a browser that knows passkeys, and no suggestions of them. */
function neverSuggest(): void {
  const credential = (globalThis as { PublicKeyCredential?: object }).PublicKeyCredential;
  if (credential === undefined) return;
  Object.assign(credential, { isConditionalMediationAvailable: () => Promise.resolve(false) });
}
