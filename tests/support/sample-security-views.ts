import { assetPath } from "../../src/web/assets.ts";
import type { AdminPage, LoginPasskeysView, NewPasskeyView, PasskeyView, Views } from "../../src/web/views.ts";

import { field } from "./sample-site.ts";

type SecurityViews = Pick<
  Views,
  | "admin/security.njk"
  | "admin/second-step.njk"
  | "admin/recovery-codes.njk"
  | "admin/audit.njk"
  | "auth/code.njk"
  | "auth/first-passkey.njk"
  | "auth/login.njk"
>;

const KEPT = [{ name: "kept.content", value: "Two lines\nof a note" }];

const PASSKEYS: LoginPasskeysView = {
  origin: "https://blog.example",
  beginPath: "/login/passkey",
  scriptPaths: [assetPath("passkeys.js")],
};

const NEW_PASSKEY: NewPasskeyView = { ...PASSKEYS, name: "Firefox on Linux", nameError: "", error: "" };

const OFFER = {
  qr: { viewBox: "0 0 3 3", path: "M1 1h1v1h-1z" },
  secret: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
  shownSecret: "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567",
};

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
      password: {
        error: "This password is wrong.",
        isOn: true,
        canTurnOff: true,
        passkeysNeeded: 2,
        switchError: "There must be two passkeys.",
      },
      secondStep: { isOn: true, since: "1 March 2026, 10:30", recoveryCodes: 9, error: "It is off." },
    },
    "admin/second-step.njk": {
      ...page,
      securityPage: "/admin/security/second-step",
      ...OFFER,
      error: "The second step is on already.",
      code: field("123456", "That is not the code."),
      password: field("", "That is not the password."),
    },
    "admin/recovery-codes.njk": {
      ...page,
      securityPage: "/admin/security/second-step",
      codes: Array.from({ length: 10 }, (_, index) => `0123-4567-89AB-CDE${index}`),
      isFirst: true,
    },
    "auth/code.njk": {
      ...page,
      next: "/admin",
      ticket: "ticket",
      code: field("12", "That code does not do."),
      kept: KEPT,
    },
    "auth/first-passkey.njk": {
      ...page,
      newPasskeyForm: { ...NEW_PASSKEY, nameError: "Give it a name.", error: "That took too long." },
      action: "/admin/security/first-passkey",
      nextPath: "/admin/notes/new",
    },
    "admin/audit.njk": {
      ...page,
      securityPage: "/admin/audit",
      subjects: [{ value: "apps", label: "Apps and their tokens", isChosen: true }],
      doers: [{ value: "", label: "Everybody", isChosen: true }],
      isFiltered: true,
      events: [
        {
          what: "Wrote a note",
          who: `https://app.example/${"and-long-".repeat(20)}`,
          whoPath: "/admin/audit?who=app",
          when: "March 1, 2026 at 10:30 AM",
          whenAt: "2026-03-01T09:30:00.000Z",
          detail: `<b>published</b> ${"and-long-".repeat(20)}`,
          network: "2001:db8:7::/48",
          device: "Firefox on Android",
          requestId: "9mQk3v2J9sT4uWlZr8a",
          notePath: "/admin/notes/1/edit",
        },
      ],
      nextPath: "/admin/audit?before=7",
      jsonPath: "/admin/audit/export.jsonl",
      csvPath: "/admin/audit/export.csv",
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
      password: { error: "", isOn: false, canTurnOff: false, passkeysNeeded: 2, switchError: "" },
      secondStep: { isOn: false, since: "", recoveryCodes: 0, error: "" },
    },
    "admin/second-step.njk": {
      ...page,
      securityPage: "/admin/security/second-step",
      ...OFFER,
      error: "",
      code: field(),
      password: field(),
    },
    "admin/recovery-codes.njk": { ...page, securityPage: "/admin/security/second-step", codes: [], isFirst: false },
    "auth/code.njk": { ...page, next: "/admin", ticket: "ticket", code: field(), kept: [] },
    "auth/first-passkey.njk": {
      ...page,
      newPasskeyForm: NEW_PASSKEY,
      action: "/admin/security/first-passkey",
      nextPath: "/admin/notes/new",
    },
    "admin/audit.njk": {
      ...page,
      securityPage: "/admin/audit",
      subjects: [],
      doers: [],
      isFiltered: false,
      events: [],
      nextPath: "",
      jsonPath: "/admin/audit/export.jsonl",
      csvPath: "/admin/audit/export.csv",
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
