import type { Request, RequestHandler, Response } from "express";
import { isPasswordOff } from "../auth/author-store.ts";
import { proveByPasskey, proveByPassword } from "../auth/proof.ts";
import { isProofFresh } from "../auth/sessions.ts";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { acting } from "./acting.ts";
import { adminPage } from "./admin-view.ts";
import { sendAuthorPage } from "./answer.ts";
import type { Form } from "./form.ts";
import { readForm } from "./form.ts";
import { toKeptForm } from "./kept-form.ts";
import { passkeysAsked } from "./login-page.ts";
import { isScript } from "./session.ts";
import { currentSession } from "./session-cookie.ts";
import type { Render } from "./views.ts";

/** The page that asks and does nothing else. */
export const PROOF_PATH = "/admin/proof";
/** Field in which a form brings the password along that it was asked for again; no form that is kept carries it on. */
export const PROOF_FIELD = "proof_password";

/** Field in which it brings the answer of a device along; by it a script knows the field, too. */
const PASSKEY_PROOF_FIELD = "proof_passkey";

/** Where a page asks for what its device is to sign. */
export const PASSKEY_PROOF_PATH = `${PROOF_PATH}/passkey`;

/** Of which forms the proof is asked; default: every one. */
export type ProofOptions = {
  readonly when?: (form: Form) => boolean;
  /** Content security policy of the page that asks, where the usual one would stop what the form leads to. */
  readonly policy?: (form: Form) => string | undefined;
  /** Where the proof leads instead of to what was asked for: behind a download the page that asks would stay standing. */
  readonly leadsTo?: string;
};

const ASK_A_SCRIPT = said`Prove first that it is still you: load the page again.`;

/**
 * Stands before acts that open doors: passwords, passkeys, tokens, how to sign in. Where the author has not proved in
 * the last quarter of an hour who they are, a page asks (403) and carries on what was sent; sent again with the
 * password, the form is done as if nothing had come between. A page that is read is led to from the proof.
 */
export function requireProof(ctx: Context, render: Render, options: ProofOptions = {}): RequestHandler {
  return async (req, res, next) => {
    const form = await readForm(req);
    if (options.when?.(form) === false || isProofFresh(ctx, currentSession(res))) return next();
    if (isScript(req)) throw new AppError("forbidden", ASK_A_SCRIPT);
    if (req.method !== "POST") return res.redirect(303, proofPath(options.leadsTo ?? req.originalUrl));
    const error = hasProof(form) ? await tryProof(ctx, req, form) : "";
    if (error === undefined) return next();
    askForProof(ctx, render, { req, res, form, error, policy: options.policy?.(form) });
  };
}

function hasProof(form: Form): boolean {
  return form.has(PROOF_FIELD) || form.has(PASSKEY_PROOF_FIELD);
}

/** The page that asks for a proof and leads on to `path`. */
export function proofPath(path: string): string {
  return `${PROOF_PATH}?next=${encodeURIComponent(path)}`;
}

/** Takes the password or the answer of a device that a form brought; returns what is wrong with it, as a sentence. */
export async function tryProof(ctx: Context, req: Request, form: Form): Promise<Words | undefined> {
  const session = req.res && currentSession(req.res);
  if (session === undefined) throw new Error("A proof is asked for behind requireAuthor.");
  try {
    const answer = form.text(PASSKEY_PROOF_FIELD);
    if (answer !== "") await proveByPasskey(acting(ctx, req), session, answer);
    else await proveByPassword(acting(ctx, req), session, form.text(PROOF_FIELD));
    return undefined;
  } catch (error) {
    // Said at the field, beside all that was sent.
    if (error instanceof AppError && error.code === "invalid") return error.said;
    throw error;
  }
}

type Question = {
  readonly req: Request;
  readonly res: Response;
  readonly form: Form;
  readonly error: Words;
  /** 403 unless said. */
  readonly status?: number;
  readonly policy?: string | undefined;
};

/** Answers with the page that asks, and that sends everything again which was sent. */
export function askForProof(ctx: Context, render: Render, question: Question): void {
  const { req, res, form, error, status = 403, policy } = question;
  const kept = toKeptForm(req, form);
  const passkeys = passkeysAsked(ctx, PASSKEY_PROOF_PATH);
  if (policy !== undefined) res.set("Content-Security-Policy", policy);
  const html = render("auth/proof.njk", {
    ...adminPage(ctx, res, { section: "none", title: said`Is it still you?` }),
    action: kept.action,
    fields: kept.fields.filter(({ name }) => name !== PASSKEY_PROOF_FIELD),
    error,
    passkeys,
    takesPassword: !isPasswordOff(ctx.db),
  });
  sendAuthorPage(res, { html, status });
}
