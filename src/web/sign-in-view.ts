import type { Context } from "../context/context.ts";
import { listIdentities } from "../indieauth/sign-in/identity-store.ts";
import type { Refusal, Seen, SignInStep } from "../indieauth/sign-in/refusal.ts";
import { SIGN_IN_STEPS } from "../indieauth/sign-in/refusal.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { SignInView } from "./sign-in-views.ts";

/** An address that did not sign in, as typed or as entered, and why. */
export type FailedSignIn = { readonly me: string; readonly refusal: Refusal };

/** What each step does, in words. */
const STEPS: Readonly<Record<SignInStep, Words>> = {
  address: said`reading the address`,
  server: said`finding the server that speaks for it`,
  answer: said`checking that server's answer`,
  code: said`exchanging its code for who you are`,
  confirmation: said`confirming who you are`,
};

/** The part of the login page that signs somebody in by another site, with what came of the last try. */
export function signInView(ctx: Pick<Context, "db">, failed?: FailedSignIn): SignInView {
  const isOffered = failed !== undefined || listIdentities(ctx.db).length > 0;
  if (failed === undefined) return { isOffered, me: { value: "", error: "" }, stoppedAt: "", seen: null };
  const { step, reason, seen } = failed.refusal;
  const number = SIGN_IN_STEPS.indexOf(step) + 1;
  return {
    isOffered,
    me: { value: failed.me, error: reason },
    stoppedAt: said`Signing in stopped at step ${number} of ${SIGN_IN_STEPS.length}: ${STEPS[step]}.`,
    seen: seen === undefined ? null : seenView(seen),
  };
}

function seenView({ url, status, excerpt }: Seen): SignInView["seen"] {
  return { url, answer: status === 0 ? said`nothing` : said`status ${status}`, excerpt };
}
