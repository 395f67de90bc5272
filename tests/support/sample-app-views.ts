import { assetPath } from "../../src/web/assets.ts";
import type { Views } from "../../src/web/views.ts";

/** A request for everything, of an app that looks like another. */
export function sampleConsent(): Views["auth/consent.njk"]["consent"] {
  return {
    request: "a-request",
    name: "Quill",
    clientId: "https://quiil.example/",
    clientHost: "quiil.example",
    uri: "https://quiil.example/about",
    logoPath: assetPath("icon.png"),
    redirectUri: `https://quiil.example/callback?${"a=b&".repeat(30)}`,
    redirectHost: "quiil.example",
    me: "https://blog.example/",
    scopes: [
      { name: "create", meaning: "Publish new notes", isKnown: true },
      { name: "read", meaning: "Not known to this site.", isKnown: false },
    ],
    cautions: ["quiil.example looks much like quill.example, but is another site. Do you mean this one?"],
    writesText: true,
    writesMarkdown: true,
    lengths: [
      { value: "day", label: "1 day", isChecked: false },
      { value: "year", label: "1 year", isChecked: true },
    ],
  };
}
