import type { Doing } from "../audit/record.ts";
import { record, recordAlone } from "../audit/record.ts";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { findPasswordHash, isPasswordOff } from "./author-store.ts";
import { removeTry } from "./failed-login-store.ts";
import { endHalfLogin, openHalfLogin, startHalfLogin } from "./half-logins.ts";
import { unsealByPassword } from "./password.ts";
import { verifyPassword } from "./password-check.ts";
import { hashRecoveryCode } from "./recovery-codes.ts";
import { toDigits } from "./second-step.ts";
import { findSecondStep, updateLastStep, updateRecoveryCodeUse } from "./second-step-store.ts";
import { removeSession, updateSessionPasskey } from "./session-store.ts";
import type { Browser, NewSession } from "./sessions.ts";
import { startSession } from "./sessions.ts";
import { reserveTry } from "./throttle.ts";
import { findCodeStep, stepAt } from "./totp.ts";
import { checkPasskey, notePasskeyUse } from "./use-passkey.ts";

/** The browser that tries. The login that it had so far, if it had one, ends with the new one. */
type Attempt = Browser & { readonly replacedSessionId?: number | undefined };

/** A try to log in by password. */
export type LoginAttempt = Attempt & { readonly password: string };

/** A right password whose second step is still to come: its ticket goes on with it, once. */
export type SecondStepNeeded = { readonly ticket: string };

/** A try of the second step: the code of the app, or a recovery code. */
export type SecondStepAttempt = Attempt & { readonly ticket: string; readonly code: string };

/** A try to log in by a passkey: what the device answered, and what names the browser that was asked. */
export type PasskeyAttempt = Attempt & { readonly answer: string; readonly holder: string };

/**
 * Logs the author in from a browser, or asks for the second step. Throws `unauthorized` in the same words and after the
 * same work whatever is wrong (also while there is no author), `forbidden` while the password is off, and `throttled`
 * after too many tries.
 */
export async function logIn(ctx: Doing<"db" | "clock">, attempt: LoginAttempt): Promise<NewSession | SecondStepNeeded> {
  if (isPasswordOff(ctx.db)) throw passwordOff();
  const tryId = await reserveTry(ctx, { address: attempt.address });
  const passwordHash = findPasswordHash(ctx.db);
  const isRight = await verifyPassword(attempt.password, passwordHash);
  if (!isRight) {
    await recordAlone(ctx, { kind: "login.refuse", detail: "wrong password" });
    throw wrongPassword();
  }

  const second = findSecondStep(ctx.db);
  const secret = second && (await unsealByPassword(second.sealedSecret, attempt.password));
  return ctx.db.write(() => {
    // It may have been changed meanwhile, which was to end every login made with the old one.
    if (findPasswordHash(ctx.db) !== passwordHash) throw wrongPassword();
    if (isPasswordOff(ctx.db)) throw passwordOff();
    removeTry(ctx.db, tryId);
    const isStillNeeded = findSecondStep(ctx.db) !== undefined;
    if (isStillNeeded && secret === undefined) throw outOfDate();
    if (isStillNeeded && secret !== undefined) return { ticket: startHalfLogin(ctx, secret) };
    return open(ctx, { ...attempt, way: "password" });
  });
}

/**
 * Logs the author in by the second step. Throws `unauthorized` for a wrong code and one that was taken before, `forbidden`
 * when the password must be given anew, and `throttled` after too many tries.
 */
export async function logInBySecondStep(ctx: Doing<"db" | "clock">, attempt: SecondStepAttempt): Promise<NewSession> {
  const secret = openHalfLogin(ctx, attempt.ticket);
  if (secret === undefined) throw outOfDate();
  const tryId = await reserveTry(ctx, { address: attempt.address });
  const step = await findCodeStep({ secret, code: toDigits(attempt.code), now: ctx.clock() });
  const opened = await ctx.db.write(() => {
    const way = takeCode(ctx, { step, typed: attempt.code });
    if (way === undefined) return undefined;
    if (!endHalfLogin(ctx, attempt.ticket)) throw outOfDate();
    removeTry(ctx.db, tryId);
    return open(ctx, { ...attempt, way });
  });
  if (opened !== undefined) return opened;
  await recordAlone(ctx, { kind: "login.refuse", detail: "wrong code after the password" });
  throw new AppError(
    "unauthorized",
    said`That code does not do. Take the newest one of the app, or a recovery code that was not used yet.`,
  );
}

/** Logs the author in by a passkey. Throws what `checkPasskey` and `notePasskeyUse` throw. */
export async function logInByPasskey(
  ctx: Doing<"db" | "clock" | "config">,
  attempt: PasskeyAttempt,
): Promise<NewSession> {
  try {
    const checked = await checkPasskey(ctx, { answer: attempt.answer, purpose: "login", holder: attempt.holder });
    return await ctx.db.write(() => {
      notePasskeyUse(ctx, checked);
      const opened = open(ctx, { ...attempt, way: `passkey ${checked.passkey.name}` });
      updateSessionPasskey(ctx.db, opened.session.id, checked.passkey.id);
      return opened;
    });
  } catch (error) {
    // What nobody asked a device for is not worth a write: anyone can send it without end.
    if (error instanceof AppError && error.code === "unauthorized") {
      await recordAlone(ctx, { kind: "login.refuse", detail: `passkey: ${error.message}` });
    }
    throw error;
  }
}

/** Takes a code of the app, each step's once, or a recovery code; returns how that was the author. */
function takeCode(
  ctx: Doing<"db" | "clock">,
  { step, typed }: { step: number | undefined; typed: string },
): string | undefined {
  const second = findSecondStep(ctx.db);
  if (second === undefined) return undefined;
  if (step !== undefined) {
    // A last step far ahead was taken before the clock was set back, and says nothing about now.
    const isTaken = step <= second.lastStep && second.lastStep <= stepAt(ctx.clock()) + 1;
    if (isTaken) return undefined;
    updateLastStep(ctx.db, step);
    return "password and code";
  }
  const hash = hashRecoveryCode(typed);
  if (hash === undefined || !updateRecoveryCodeUse(ctx.db, hash, ctx.clock())) return undefined;
  record(ctx, { kind: "recovery_codes.use" });
  return "password and recovery code";
}

function open(ctx: Doing<"db" | "clock">, attempt: Attempt): NewSession {
  const opened = startSession(ctx, attempt);
  // After the new one has its id, which would else be that of the old one.
  if (attempt.replacedSessionId !== undefined) removeSession(ctx.db, attempt.replacedSessionId);
  return opened;
}

function wrongPassword(): AppError {
  return new AppError("unauthorized", said`That is not the password. Check capitals and the keyboard's language.`);
}

function passwordOff(): AppError {
  return new AppError("forbidden", said`The password is turned off. Log in with a passkey.`);
}

function outOfDate(): AppError {
  return new AppError("forbidden", said`That took too long, or was done already. Please enter the password again.`);
}
