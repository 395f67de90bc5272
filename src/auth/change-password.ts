import type { Doing } from "../audit/record.ts";
import { record, recordAlone } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { readSettings } from "../site/settings-store.ts";
import { findPasswordHash, updatePasswordHash } from "./author-store.ts";
import { removeTries, removeTry } from "./failed-login-store.ts";
import { verifyPassword } from "./log-in.ts";
import type { PasswordCost } from "./password.ts";
import { hashPassword } from "./password.ts";
import { parseNewPassword } from "./password-policy.ts";
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
    throw invalid("current_password", "That is not the current password. Check capitals and the keyboard's language.");
  }

  const newHash = await hashPassword(next, change.passwordCost);
  await ctx.db.write(() => {
    if (findPasswordHash(ctx.db) !== oldHash) {
      throw new AppError("conflict", "The password was changed elsewhere meanwhile. Try again with that one.");
    }
    removeTry(ctx.db, tryId);
    updatePasswordHash(ctx.db, newHash, ctx.clock());
    removeSessions(ctx.db, change.keepSessionId);
    record(ctx, { kind: "password.change" });
    noteProof(ctx, change.keepSessionId);
  });
}

/**
 * Sets a new password for the operator, who need not know the old one. Ends all logins and forgets failed tries, so that
 * an author who was locked out can log in at once. Throws `invalid`, and `not_found` when there is no author yet.
 */
export async function resetPassword(
  ctx: Doing<"db" | "clock">,
  reset: { readonly next: string; readonly passwordCost?: PasswordCost },
): Promise<void> {
  const next = parsePassword(ctx, reset.next, "password");
  const newHash = await hashPassword(next, reset.passwordCost);
  await ctx.db.write(() => {
    if (findPasswordHash(ctx.db) === undefined) {
      throw new AppError(
        "not_found",
        "This site is not set up yet, so there is no password to change. Set it up first.",
      );
    }
    updatePasswordHash(ctx.db, newHash, ctx.clock());
    removeSessions(ctx.db);
    removeTries(ctx.db);
    record(ctx, { kind: "password.reset" });
  });
}

function parsePassword(ctx: Pick<Context, "db">, password: string, field: string): string {
  const { authorName, siteTitle } = readSettings(ctx.db);
  return parseNewPassword(password, { field, names: [authorName, siteTitle] });
}
