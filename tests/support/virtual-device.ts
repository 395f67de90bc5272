import type { Browser, CDPSession, Page } from "playwright-core";
import type { TestLogin } from "./author.ts";
import { openPage } from "./chromium.ts";

/** A page whose browser has a device for passkeys, which nobody needs to touch. */
export type DevicePage = {
  readonly page: Page;
  readonly complaints: string[];
  readonly device: CDPSession;
  readonly deviceId: string;
  /** Whether the device answers: a browser's own suggestions are answered at once, too. */
  answers(isPresent: boolean): Promise<void>;
};

/** Opens a page with a device, of a browser that is logged in where `login` says so. */
export async function openDevicePage(
  browser: Browser,
  options: Parameters<typeof openPage>[1] & { readonly url: string; readonly login?: TestLogin },
): Promise<DevicePage> {
  const { url, login, ...rest } = options;
  const { page, complaints } = await openPage(browser, rest);
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
    async answers(isPresent) {
      await device.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled: isPresent });
    },
  };
}
