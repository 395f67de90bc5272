import type { Doing } from "../audit/record.ts";
import { record, recordAlone } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { readSettings } from "../site/settings-store.ts";
import { findPasswordHash, updatePasswordHash, updatePasswordOff } from "./author-store.ts";
import { removeTries, removeTry } from "./failed-login-store.ts";
import { countPasskeys, removePasskeyRows } from "./passkey-store.ts";
import type { PasswordCost } from "./password.ts";
import { hashPassword, sealByPassword, unsealByPassword } from "./password.ts";
import { verifyPassword } from "./password-check.ts";
import { parseNewPassword } from "./password-policy.ts";
import { findSecondStep, removeHalfLogins, removeSecondStep, updateSealedSecret } from "./second-step-store.ts";
import { removeSessions } from "./session-store.ts";
import { noteProof } from "./sessions.ts";
import { reserveTry } from "./throttle.ts";

/** What the author sends to change the password; the fields of the errors are `current_password` and `new_password`. */
export type PasswordChange = {
  readonly current: string;
  readonly next: string;
  /** The login that goes on; all others end. */
  readonly keepSessionId: number;
  readonly passwordCost?: PasswordCost;
};

/**
 * Changes the password of the author who is logged in, and ends all other logins. Throws `invalid` when the current one
 * is wrong or the new one breaks a rule, `throttled` after too many wrong ones from this login.
 */
export async function changePassword(ctx: Doing<"db" | "clock">, change: PasswordChange): Promise<void> {
  const next = parsePassword(ctx, change.next, "new_password");
  const tryId = await reserveTry(ctx, { sessionId: change.keepSessionId });
  const oldHash = findPasswordHash(ctx.db);
  if (!(await verifyPassword(change.current, oldHash))) {
    await recordAlone(ctx, { kind: "login.refuse", detail: "wrong password, to change it" });
    throw invalid(
      "current_password",
      said`That is not the current password. Check capitals and the keyboard's language.`,
    );
  }

  const newHash = await hashPassword(next, change.passwordCost);
  const second = findSecondStep(ctx.db);
  const resealed = second && (await reseal(second.sealedSecret, { ...change, next }));
  await ctx.db.write(() => {
    // Also a second step that was turned on meanwhile would be sealed under the old one.
    if (findPasswordHash(ctx.db) !== oldHash || findSecondStep(ctx.db)?.sealedSecret !== second?.sealedSecret) {
      throw new AppError("conflict", said`The password was changed elsewhere meanwhile. Try again with that one.`);
    }
    removeTry(ctx.db, tryId);
    updatePasswordHash(ctx.db, newHash, ctx.clock());
    if (resealed !== undefined) updateSealedSecret(ctx.db, resealed);
    removeHalfLogins(ctx.db);
    removeSessions(ctx.db, change.keepSessionId);
    record(ctx, { kind: "password.change" });
    noteProof(ctx, change.keepSessionId);
  });
}

/**
 * Sets a new password for the operator, who need not know the old one. Turns the password on, the second step off, ends
 * all logins and forgets failed tries, so that an author who was locked out can log in at once. Passkeys stay unless
 * `forgetsPasskeys`. Returns how many are left. Throws `invalid`, and `not_found` when there is no author yet.
 */
export async function resetPassword(
  ctx: Doing<"db" | "clock">,
  reset: { readonly next: string; readonly forgetsPasskeys?: boolean; readonly passwordCost?: PasswordCost },
): Promise<{ readonly passkeys: number }> {
  const next = parsePassword(ctx, reset.next, "password");
  const newHash = await hashPassword(next, reset.passwordCost);
  return ctx.db.write(() => {
    if (findPasswordHash(ctx.db) === undefined) {
      throw new AppError(
        "not_found",
        said`This site is not set up yet, so there is no password to change. Set it up first.`,
      );
    }
    updatePasswordHash(ctx.db, newHash, ctx.clock());
    updatePasswordOff(ctx.db, undefined);
    removeSecondStep(ctx.db);
    if (reset.forgetsPasskeys === true) removePasskeyRows(ctx.db);
    removeSessions(ctx.db);
    removeTries(ctx.db);
    record(ctx, { kind: "password.reset", detail: reset.forgetsPasskeys === true ? "passkeys removed" : "" });
    return { passkeys: countPasskeys(ctx.db) };
  });
}

/** What was sealed under the current password, under the next one. */
async function reseal(
  sealed: string,
  { current, next, passwordCost }: Pick<PasswordChange, "current" | "next" | "passwordCost">,
): Promise<string> {
  return sealByPassword(await unsealByPassword(sealed, current), next, passwordCost);
}

function parsePassword(ctx: Pick<Context, "db">, password: string, field: string): string {
  const { authorName, siteTitle } = readSettings(ctx.db);
  return parseNewPassword(password, { field, names: [authorName, siteTitle] });
}
