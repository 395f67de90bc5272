import type { AdminPage, LoginPasskeysView, NewPasskeyView, PasskeyView, Views } from "../../src/web/views.ts";

import { field } from "./sample-site.ts";

type SecurityViews = Pick<Views, "admin/security.njk" | "auth/login.njk">;

const KEPT = [{ name: "kept.content", value: "Two lines\nof a note" }];

const PASSKEYS: LoginPasskeysView = {
  origin: "https://blog.example",
  beginPath: "/login/passkey",
  scriptPaths: ["/static/passkeys.js", "/static/other.js"],
};

const NEW_PASSKEY: NewPasskeyView = { ...PASSKEYS, name: "Firefox on Linux", nameError: "", error: "" };

/** The pages about signing in with everything in them. */
export function fullSecurityViews(page: AdminPage): SecurityViews {
  return {
    "admin/security.njk": {
      ...page,
      securityPage: "/admin/security",
      passkeys: [passkey(1, "Phone"), passkey(2, `Long ${"and-long-".repeat(6)}`)],
      noPasskeys: "",
      passkeysError: "Two passkeys must stay.",
      newPasskeyForm: { ...NEW_PASSKEY, nameError: "Give it a name.", error: "That took too long." },
      password: { error: "This password is wrong.", isOn: true, canTurnOff: true },
    },
    "auth/login.njk": {
      ...page,
      next: "/admin/notes/1",
      error: "This password is wrong.",
      kept: KEPT,
      keptSummary: "Your login has ended. What you wrote (412 characters) is kept on this page.",
      passkeys: PASSKEYS,
      takesPassword: true,
      signIn: {
        isOffered: true,
        me: field("ada.example", "https://ada.example/ answered with status 404 instead of its page."),
        stoppedAt: "Signing in stopped at step 2 of 5: finding the server that speaks for it.",
        seen: {
          url: `https://ada.example/${"and-long-".repeat(20)}`,
          answer: "status 404",
          excerpt: "<h1>Not here</h1>",
        },
      },
    },
  };
}

/** The same with as little in them as there can be. */
export function bareSecurityViews(page: AdminPage): SecurityViews {
  return {
    "admin/security.njk": {
      ...page,
      securityPage: "/admin/security",
      passkeys: [],
      noPasskeys: "Browsers keep no passkeys over plain http.",
      passkeysError: "",
      newPasskeyForm: NEW_PASSKEY,
      password: { error: "", isOn: false, canTurnOff: false },
    },
    "auth/login.njk": {
      ...page,
      next: "/admin",
      error: "",
      kept: [],
      keptSummary: "",
      passkeys: null,
      takesPassword: true,
      signIn: { isOffered: false, me: field(), stoppedAt: "", seen: null },
    },
  };
}

function passkey(id: number, name: string): PasskeyView {
  return {
    id,
    name,
    made: "1 March 2026, 10:30",
    lastUsed: id === 1 ? "2 March 2026, 10:30" : "",
    isSynced: id === 1,
    renamePath: `/admin/security/passkeys/${id}/rename`,
    removePath: `/admin/security/passkeys/${id}/remove`,
  };
}
