import type { Request, Response } from "express";
import { isPasswordOff } from "../auth/author-store.ts";
import { findPasskeySite } from "../auth/passkey-site.ts";
import { countPasskeys } from "../auth/passkey-store.ts";
import type { Context } from "../context/context.ts";
import { paths } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { unlistedPage, visitorView } from "./admin-view.ts";
import { sendAuthorPage } from "./answer.ts";
import { modulePaths } from "./assets.ts";
import type { KeptForm } from "./kept-form.ts";
import { carryFields, keptSummary } from "./kept-form.ts";
import type { FailedSignIn } from "./sign-in-view.ts";
import { signInView } from "./sign-in-view.ts";
import type { LoginPasskeysView, Render } from "./views.ts";

/** Where a browser asks for what its device is to sign. */
export const PASSKEY_LOGIN = `${paths.login()}/passkey`;

const PASSKEY_SCRIPTS = modulePaths("passkeys.js");

/** What the login page is to say. */
export type LoginPage = {
  readonly req: Request;
  readonly res: Response;
  readonly status: number;
  /** Where to go afterwards, already checked. */
  readonly next: string;
  readonly error?: Words | undefined;
  readonly kept?: KeptForm | undefined;
  /** The address of another site that was to sign in, and why it did not. */
  readonly signIn?: FailedSignIn;
};

const NOT_SET_UP = said`This site is not set up yet. Open the set-up link that the server printed when it started; a restart prints a fresh one.`;

/** Answers with the login page, or says that there is nobody yet to log in. */
export function sendLoginPage(ctx: Context, render: Render, page: LoginPage): void {
  const { req, res, status, next, error = "", kept } = page;
  const views = unlistedPage(ctx, said`Log in`);
  const html = render("auth/login.njk", {
    ...views,
    admin: visitorView(ctx, req, res),
    next,
    error: views.site.isSetUp ? error : NOT_SET_UP,
    kept: carryFields(kept),
    keptSummary: keptSummary(kept),
    signIn: signInView(ctx, page.signIn),
    passkeys: passkeysAsked(ctx, PASSKEY_LOGIN),
    takesPassword: !isPasswordOff(ctx.db),
  });
  sendAuthorPage(res, { html, status });
}

/** Answers with the page that asks for the code after the password. */
export function sendCodePage(ctx: Context, render: Render, page: LoginPage & { readonly ticket: string }): void {
  const { req, res, status, next, ticket, error = "", kept } = page;
  const html = render("auth/code.njk", {
    ...unlistedPage(ctx, said`Log in`),
    admin: visitorView(ctx, req, res),
    next,
    ticket,
    code: { value: "", error },
    kept: carryFields(kept),
  });
  sendAuthorPage(res, { html, status });
}

/** How a page asks for a passkey; null where there is none, or the site's address can have none (any more). */
export function passkeysAsked(ctx: Pick<Context, "db" | "config">, beginPath: string): LoginPasskeysView | null {
  const site = findPasskeySite(ctx.config);
  if (site === undefined || countPasskeys(ctx.db) === 0) return null;
  return { origin: site.origin, beginPath, scriptPaths: PASSKEY_SCRIPTS };
}
