import type { Response } from "express";
import { isPasswordOff } from "../auth/author-store.ts";
import type { Passkey } from "../auth/passkey.ts";
import { MIN_PASSKEYS_ALONE } from "../auth/passkey.ts";
import { findPasskeySite, whyNoPasskeys } from "../auth/passkey-site.ts";
import { listPasskeys } from "../auth/passkey-store.ts";
import { countRecoveryCodes, findSecondStep } from "../auth/second-step-store.ts";
import type { Context } from "../context/context.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { adminPage, shownTime } from "./admin-view.ts";
import { sendAuthorPage } from "./answer.ts";
import { modulePaths } from "./assets.ts";
import { deviceName } from "./device-name.ts";
import type { NewPasskeyView, PasskeyView, Render, SecurityView } from "./views.ts";

/** The page of how the author signs in. */
export const SECURITY = "/admin/security";

/** Where passkeys are added and changed. */
export const PASSKEYS = `${SECURITY}/passkeys`;

/** Where the author begins to write: an empty editor. */
export const FIRST_PAGE = "/admin/notes/new";

/** Where a new author is offered a passkey, before that. */
export const FIRST_PASSKEY = `${SECURITY}/first-passkey`;

const SCRIPTS = modulePaths("passkeys.js");

/** What is wrong on the page, each beside its form. */
export type SecurityProblems = {
  readonly passkeys?: Words;
  readonly newPasskey?: Partial<Pick<NewPasskeyView, "name" | "nameError" | "error">>;
  readonly password?: Words;
  readonly passwordSwitch?: Words;
  readonly secondStep?: Words;
};

/** What is shown of a page, and with which status. */
export type SecurityAnswer = {
  readonly res: Response;
  readonly status?: number;
  readonly problems?: SecurityProblems;
};

/** Answers with the page of how the author signs in. */
export function sendSecurity(ctx: Context, render: Render, { res, status = 200, problems = {} }: SecurityAnswer): void {
  const passkeys = listPasskeys(ctx.db);
  const isOn = !isPasswordOff(ctx.db);
  const html = render("admin/security.njk", {
    ...adminPage(ctx, res, { section: "security", title: said`Signing in` }),
    securityPage: SECURITY,
    passkeys: passkeys.map((passkey) => passkeyView(ctx, passkey)),
    noPasskeys: whyNoPasskeys(ctx.config),
    passkeysError: problems.passkeys ?? "",
    newPasskeyForm: newPasskeyView(ctx, res, problems.newPasskey),
    password: {
      error: problems.password ?? "",
      isOn,
      canTurnOff: isOn && passkeys.length >= MIN_PASSKEYS_ALONE,
      passkeysNeeded: MIN_PASSKEYS_ALONE,
      switchError: problems.passwordSwitch ?? "",
    },
    secondStep: secondStepState(ctx, problems.secondStep),
  });
  sendAuthorPage(res, { html, status });
}

/** Answers with the offer of the first passkey, which can be passed over. */
export function sendFirstPasskey(
  ctx: Context,
  render: Render,
  { res, status = 200, problems = {} }: SecurityAnswer,
): void {
  const html = render("auth/first-passkey.njk", {
    ...adminPage(ctx, res, { section: "none", title: said`Sign in without a password?` }),
    newPasskeyForm: newPasskeyView(ctx, res, problems.newPasskey),
    action: FIRST_PASSKEY,
    nextPath: FIRST_PAGE,
  });
  sendAuthorPage(res, { html, status });
}

/** The form that adds a passkey; its name is that of the device in front of the author, unless one was typed. */
function newPasskeyView(
  ctx: Pick<Context, "config">,
  res: Response,
  typed: SecurityProblems["newPasskey"] = {},
): NewPasskeyView {
  return {
    name: deviceName(res.req.get("User-Agent") ?? ""),
    nameError: "",
    error: "",
    ...typed,
    origin: findPasskeySite(ctx.config)?.origin ?? "",
    beginPath: `${PASSKEYS}/begin`,
    scriptPaths: SCRIPTS,
  };
}

function secondStepState(ctx: Context, error: Words = ""): SecurityView["secondStep"] {
  const step = findSecondStep(ctx.db);
  const since = step === undefined ? "" : shownTime(ctx, step.createdAt);
  return { isOn: step !== undefined, since, recoveryCodes: countRecoveryCodes(ctx.db), error };
}

function passkeyView(ctx: Context, passkey: Passkey): PasskeyView {
  const { id, name, isSynced, createdAt, lastUsedAt } = passkey;
  return {
    id,
    name,
    isSynced,
    made: shownTime(ctx, createdAt),
    lastUsed: lastUsedAt === undefined ? "" : shownTime(ctx, lastUsedAt),
    renamePath: `${PASSKEYS}/${id}/rename`,
    removePath: `${PASSKEYS}/${id}/remove`,
  };
}
