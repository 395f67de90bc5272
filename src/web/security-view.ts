import type { Response } from "express";
import { isPasswordOff } from "../auth/author-store.ts";
import type { Passkey } from "../auth/passkey.ts";
import { MIN_PASSKEYS_ALONE } from "../auth/passkey.ts";
import { findPasskeySite, whyNoPasskeys } from "../auth/passkey-site.ts";
import { listPasskeys } from "../auth/passkey-store.ts";
import type { Context } from "../context/context.ts";
import { said } from "../lib/words.ts";
import { adminPage, shownTime } from "./admin-view.ts";
import { sendAuthorPage } from "./answer.ts";
import { modulePaths } from "./assets.ts";
import { deviceName } from "./device-name.ts";
import type { NewPasskeyView, PasskeyView, Render } from "./views.ts";

/** The page of how the author signs in. */
export const SECURITY = "/admin/security";

/** Where passkeys are added and changed. */
export const PASSKEYS = `${SECURITY}/passkeys`;

const SCRIPTS = modulePaths("passkeys.js");

/** What is wrong on the page, each beside its form. */
export type SecurityProblems = {
  readonly passkeys?: string;
  readonly newPasskey?: Partial<Pick<NewPasskeyView, "name" | "nameError" | "error">>;
  readonly password?: string;
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
    password: { error: problems.password ?? "", isOn, canTurnOff: isOn && passkeys.length >= MIN_PASSKEYS_ALONE },
  });
  sendAuthorPage(res, { html, status });
}

/** The form that adds a passkey; its name is that of the device in front of the author, unless one was typed. */
export function newPasskeyView(
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
