import { said } from "../lib/words.ts";
import type { AppIcon } from "../media/app-icon.ts";
import type { Settings } from "../site/settings.ts";
import { SHARE_PATH } from "./session.ts";

/** An icon of the installed app: how it is drawn, and the file of our own that stands for it without an icon of the author's. */
export type NamedIcon = AppIcon & { readonly asset: string };

/** The icons of the installed app, by the last part of their address. */
export const APP_ICONS: Readonly<Record<string, NamedIcon>> = {
  "192.png": { size: 192, isMaskable: false, asset: "icon-192.png" },
  "512.png": { size: 512, isMaskable: false, asset: "icon-512.png" },
  "maskable.png": { size: 512, isMaskable: true, asset: "icon-maskable.png" },
};

/** Characters that a phone has room for below an icon. */
const SHORT_NAME_LENGTH = 12;

/**
 * The web app manifest: the author's pages as an app, with a place in the share sheet of the phone.
 * @see https://www.w3.org/TR/appmanifest/
 * @see https://w3c.github.io/web-share-target/
 */
export function manifestOf({ siteTitle, siteIcon, language }: Pick<Settings, "siteTitle" | "siteIcon" | "language">) {
  return {
    id: "/admin",
    name: siteTitle,
    short_name: [...siteTitle].slice(0, SHORT_NAME_LENGTH).join("").trim(),
    lang: language,
    start_url: "/admin",
    scope: "/",
    display: "standalone",
    background_color: "#fcfcfd",
    theme_color: "#fcfcfd",
    icons: Object.entries(APP_ICONS).map(([name, { size, isMaskable }]) => ({
      // Another icon has another address, or a phone would keep the old one.
      src: `/icons/${name}${siteIcon === "" ? "" : `?of=${siteIcon}`}`,
      sizes: `${size}x${size}`,
      type: "image/png",
      purpose: isMaskable ? "maskable" : "any",
    })),
    shortcuts: [{ name: said`Write a note`, url: "/admin/notes/new" }],
    share_target: {
      action: SHARE_PATH,
      method: "POST",
      enctype: "multipart/form-data",
      params: { title: "title", text: "text", url: "url", files: [{ name: "photos", accept: ["image/*"] }] },
    },
  };
}
