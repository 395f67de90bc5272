import type { AuthorizationRequest } from "../indieauth/authorization-request.ts";
import type { ClientApp } from "../indieauth/client-store.ts";
import { profileUrl } from "../indieauth/identifiers.ts";
import type { Caution } from "../indieauth/look-closely.ts";
import { storedWords } from "../lib/stored-words.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { ConsentView } from "./app-views.ts";
import { scopeView } from "./scope-view.ts";

/** Choices of how long an app may, in the order of the page; the value is a name of `GRANT_LENGTHS`. */
const LENGTHS: ConsentView["lengths"] = [
  { value: "day", label: said`1 day`, isChecked: false },
  { value: "month", label: said`30 days`, isChecked: false },
  { value: "year", label: said`1 year`, isChecked: true },
  { value: "always", label: said`Until I revoke it`, isChecked: false },
];

/** With these an app sends texts. */
const WRITING_SCOPES: readonly string[] = ["create", "update", "draft"];

/** What the author is shown before she lets an app in. `requestName` is what the form carries. */
export function consentView(
  request: AuthorizationRequest,
  app: ClientApp,
  shown: {
    readonly siteUrl: string;
    readonly requestName: string;
    readonly cautions: readonly Caution[];
    readonly writesMarkdown: boolean;
  },
): ConsentView {
  const redirect = new URL(request.redirectUri);
  return {
    request: shown.requestName,
    name: app.name,
    clientId: request.clientId,
    clientHost: new URL(request.clientId).host,
    uri: app.uri,
    logoPath: app.hasLogo ? `/admin/apps/${app.id}/logo` : "",
    redirectUri: request.redirectUri,
    redirectHost: redirect.host === "" ? redirect.protocol : redirect.host,
    me: profileUrl(shown.siteUrl),
    scopes: request.scopes.map(scopeView),
    cautions: shown.cautions.map(cautionText),
    lengths: LENGTHS,
    writesText: request.scopes.some((scope) => WRITING_SCOPES.includes(scope)),
    writesMarkdown: shown.writesMarkdown,
  };
}

/** What a caution says, in whole sentences. */
function cautionText(caution: Caution): Words {
  switch (caution.kind) {
    case "lookalike":
      return said`${caution.host} looks much like ${caution.known}, but is another site. Do you mean this one?`;
    case "foreign-letters":
      return said`The app's name is written with letters that can be taken for others: ${caution.shown} is ${caution.host}.`;
    case "other-site":
      return said`Afterwards you are sent to ${caution.host}, another site than the app's own. The app lists it as its own.`;
    case "opens-app":
      return said`Afterwards a program on this device opens, by an address that begins with ${caution.scheme}:. The app lists it as its own.`;
    case "not-encrypted":
      return said`The app is reached without encryption: others in your network could read along.`;
    case "no-challenge":
      return said`The app does not use PKCE, so whoever reads along can take its place. You allowed such apps in the settings of apps.`;
    case "unknown-app":
      return said`What the app says of itself could not be read. ${storedWords(caution.problem)}`;
  }
}
