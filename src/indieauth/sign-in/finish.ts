import { removeTry } from "../../auth/failed-login-store.ts";
import { removeSession } from "../../auth/session-store.ts";
import type { Browser, NewSession } from "../../auth/sessions.ts";
import { startSession } from "../../auth/sessions.ts";
import type { Context } from "../../context/context.ts";
import { said } from "../../lib/words.ts";
import { confirmIdentity } from "./confirm.ts";
import type { Identity } from "./identity-store.ts";
import { findIdentity, updateIdentityUse } from "./identity-store.ts";
import { verifierOf } from "./proof-key.ts";
import { redeemCode } from "./redeem.ts";
import type { Refusal } from "./refusal.ts";
import { isRefusal } from "./refusal.ts";
import type { SignIn } from "./sign-in-store.ts";
import type { SignInAnswer } from "./take-answer.ts";
import { takeAnswer } from "./take-answer.ts";

/** Whose browser brings an answer. The login that it had so far, if it had one, ends with the new one. */
export type AnsweredBrowser = Browser & {
  /** Undefined: it has no such cookie. */
  readonly browserSecret: string | undefined;
  readonly replacedSessionId: number | undefined;
};

/** How a sign-in ended; with what it was begun with, where this browser began it. */
export type FinishedSignIn = { readonly signIn: SignIn | undefined; readonly result: NewSession | Refusal };

/** Finishes a sign-in by another server's answer: checks it, redeems its code, confirms who it is, and makes a login. */
export async function finishSignIn(
  ctx: Pick<Context, "db" | "clock" | "config" | "fetch">,
  answer: SignInAnswer,
  browser: AnsweredBrowser,
): Promise<FinishedSignIn> {
  const { browserSecret = "" } = browser;
  const { signIn, refusal } = await takeAnswer(ctx, answer, browserSecret);
  if (refusal !== undefined) return { signIn, result: refusal };

  const verifier = verifierOf({ state: answer.state, browserSecret });
  const redeemed = await redeemCode(ctx, signIn, { code: answer.code, verifier });
  if (isRefusal(redeemed)) return { signIn, result: redeemed };
  const identity = await confirmIdentity(ctx, signIn, redeemed.me);
  if (isRefusal(identity)) return { signIn, result: identity };
  return { signIn, result: await openLogin(ctx, { signIn, identity, browser }) };
}

function openLogin(
  ctx: Pick<Context, "db" | "clock">,
  { signIn, identity, browser }: { signIn: SignIn; identity: Identity; browser: AnsweredBrowser },
): Promise<NewSession | Refusal> {
  return ctx.db.write(() => {
    // It may have been taken out meanwhile, which was to end every login made with it.
    const still = findIdentity(ctx.db, identity.me);
    if (still === undefined)
      return { step: "confirmation", reason: said`${identity.me} may no longer enter this site.` };
    removeTry(ctx.db, signIn.tryId);
    const opened = startSession(ctx, { ...browser, way: `by ${still.me}` });
    updateIdentityUse(ctx.db, { id: still.id, sessionId: opened.session.id, now: opened.session.createdAt });
    // After the new one has its id, which would else be that of the old one.
    if (browser.replacedSessionId !== undefined) removeSession(ctx.db, browser.replacedSessionId);
    return opened;
  });
}
