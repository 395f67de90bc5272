import type { Doing } from "../audit/record.ts";
import { record, recordAlone } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { readSettings } from "../site/settings-store.ts";
import { findPasswordHash } from "./author-store.ts";
import { removeTry } from "./failed-login-store.ts";
import type { PasswordCost } from "./password.ts";
import { sealByPassword } from "./password.ts";
import { verifyPassword } from "./password-check.ts";
import { createRecoveryCodes, hashRecoveryCode } from "./recovery-codes.ts";
import { findSecondStep, insertSecondStep, removeSecondStep, replaceRecoveryCodes } from "./second-step-store.ts";
import { reserveTry } from "./throttle.ts";
import { createSharedSecret, findCodeStep, isSharedSecret, sharedSecretAddress } from "./totp.ts";

/** What an authenticator app is to take, before it is turned on: nothing of it is stored yet. */
export type OfferedSecret = { readonly secret: string; readonly address: string };

/** What the author sends to turn the second step on; the fields of the errors are `current_password` and `code`. */
export type SecondStepChoice = {
  /** The one that was offered, base32. */
  readonly secret: string;
  readonly code: string;
  readonly password: string;
  readonly sessionId: number;
  readonly passwordCost?: PasswordCost;
};

/** Offers a secret for an authenticator app: a fresh one, or the one that was offered before. */
export async function offerSecret(ctx: Pick<Context, "db">, offered = ""): Promise<OfferedSecret> {
  const secret = isSharedSecret(offered) ? offered : await createSharedSecret();
  const { siteTitle, authorName } = readSettings(ctx.db);
  // A colon parts issuer and label there.
  const issuer = siteTitle.replaceAll(":", " ");
  const label = (authorName || siteTitle).replaceAll(":", " ");
  return { secret, address: await sharedSecretAddress({ secret, issuer, label }) };
}

/**
 * Turns the second step on, once the app has shown that it has the secret, and returns the recovery codes. The secret is
 * stored sealed under the password. Throws `invalid` for a wrong password or code, `conflict` when it is on, `throttled`.
 */
export async function turnOnSecondStep(ctx: Doing<"db" | "clock">, choice: SecondStepChoice): Promise<string[]> {
  const { secret, password, passwordCost } = choice;
  if (!isSharedSecret(secret))
    throw invalid("code", said`The form was out of date. Take in the new code of this page.`);
  const tryId = await reserveTry(ctx, { sessionId: choice.sessionId });
  const passwordHash = findPasswordHash(ctx.db);
  if (!(await verifyPassword(password, passwordHash))) {
    await recordAlone(ctx, { kind: "login.refuse", detail: "wrong password, to turn the second step on" });
    throw invalid(
      "current_password",
      said`That is not the current password. Check capitals and the keyboard's language.`,
    );
  }
  const step = await findCodeStep({ secret, code: toDigits(choice.code), now: ctx.clock() });
  if (step === undefined) {
    throw invalid(
      "code",
      said`That is not the code that the app shows now. Check the clocks of both devices, and take the newest code.`,
    );
  }

  const sealedSecret = await sealByPassword(secret, password, passwordCost);
  return ctx.db.write(() => {
    if (findSecondStep(ctx.db)) throw new AppError("conflict", said`The second step is on already.`);
    if (findPasswordHash(ctx.db) !== passwordHash) throw changedMeanwhile();
    removeTry(ctx.db, tryId);
    insertSecondStep(ctx.db, { sealedSecret, lastStep: step, createdAt: ctx.clock() });
    record(ctx, { kind: "two_factor.turn_on" });
    return storeRecoveryCodes(ctx);
  });
}

/** Turns the second step off: the password alone lets in again. The recovery codes go with it. */
export async function turnOffSecondStep(ctx: Doing<"db" | "clock">): Promise<void> {
  await ctx.db.write(() => {
    if (!findSecondStep(ctx.db)) return;
    removeSecondStep(ctx.db);
    record(ctx, { kind: "two_factor.turn_off" });
  });
}

/** Makes new recovery codes, and voids those that were. Throws `conflict` while there is no second step. */
export async function renewRecoveryCodes(ctx: Doing<"db" | "clock">): Promise<string[]> {
  return ctx.db.write(() => {
    if (!findSecondStep(ctx.db))
      throw new AppError("conflict", said`There is no second step that codes could stand in for.`);
    return storeRecoveryCodes(ctx);
  });
}

/** A code without the blanks that apps show in it. */
export function toDigits(code: string): string {
  return code.replace(/[\s-]/g, "");
}

function storeRecoveryCodes(ctx: Doing<"db" | "clock">): string[] {
  const codes = createRecoveryCodes();
  replaceRecoveryCodes(
    ctx.db,
    codes.flatMap((code) => hashRecoveryCode(code) ?? []),
  );
  record(ctx, { kind: "recovery_codes.make" });
  return codes;
}

function changedMeanwhile(): AppError {
  return new AppError("conflict", said`The password was changed elsewhere meanwhile. Try again with that one.`);
}
