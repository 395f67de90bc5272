import type { Doing } from "../audit/record.ts";
import { recordAlone } from "../audit/record.ts";
import { AppError } from "../lib/errors.ts";
import { findPasswordHash } from "./author-store.ts";
import { removeTry } from "./failed-login-store.ts";
import { isPassword, NOBODYS_HASH } from "./password.ts";
import { isPossiblePassword } from "./password-policy.ts";
import { removeSession } from "./session-store.ts";
import type { Browser, NewSession } from "./sessions.ts";
import { startSession } from "./sessions.ts";
import { reserveTry } from "./throttle.ts";
import { checkPasskey, notePasskeyUse } from "./use-passkey.ts";

/** A try to log in. The login that the browser had so far, if it had one, ends with the new one. */
export type LoginAttempt = Browser & { readonly password: string; readonly replacedSessionId?: number | undefined };

/**
 * Logs the author in from a browser. Throws `unauthorized` in the same words and after the same work whatever is wrong
 * (also while there is no author), and `throttled` after too many tries.
 */
export async function logIn(ctx: Doing<"db" | "clock">, attempt: LoginAttempt): Promise<NewSession> {
  const tryId = await reserveTry(ctx, { address: attempt.address });
  const passwordHash = findPasswordHash(ctx.db);
  const isRight = await verifyPassword(attempt.password, passwordHash);
  if (!isRight) {
    await recordAlone(ctx, { kind: "login.refuse", detail: "wrong password" });
    throw wrongPassword();
  }

  return ctx.db.write(() => {
    // It may have been changed meanwhile, which was to end every login made with the old one.
    if (findPasswordHash(ctx.db) !== passwordHash) throw wrongPassword();
    removeTry(ctx.db, tryId);
    return open(ctx, { ...attempt, way: "password" });
  });
}

/** A try to log in by a passkey: what the device answered, and what names the browser that was asked. */
export type PasskeyAttempt = Browser & {
  readonly answer: string;
  readonly holder: string;
  readonly replacedSessionId?: number | undefined;
};

/** Logs the author in by a passkey. Throws what `checkPasskey` and `notePasskeyUse` throw. */
export async function logInByPasskey(
  ctx: Doing<"db" | "clock" | "config">,
  attempt: PasskeyAttempt,
): Promise<NewSession> {
  try {
    const checked = await checkPasskey(ctx, { answer: attempt.answer, purpose: "login", holder: attempt.holder });
    return await ctx.db.write(() => {
      notePasskeyUse(ctx, checked);
      return open(ctx, { ...attempt, way: `passkey ${checked.passkey.name}` });
    });
  } catch (error) {
    // What nobody asked a device for is not worth a write: anyone can send it without end.
    if (error instanceof AppError && error.code === "unauthorized") {
      await recordAlone(ctx, { kind: "login.refuse", detail: `passkey: ${error.message}` });
    }
    throw error;
  }
}

/** Whether this is the author's password. Takes as long where it cannot be: too long, empty, or without an author. */
export async function verifyPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const isPossible = isPossiblePassword(password);
  const isRight = await isPassword(isPossible ? password : "", passwordHash ?? NOBODYS_HASH);
  return isRight && isPossible;
}

function open(
  ctx: Doing<"db" | "clock">,
  attempt: Browser & { readonly replacedSessionId?: number | undefined },
): NewSession {
  const opened = startSession(ctx, attempt);
  // After the new one has its id, which would else be that of the old one.
  if (attempt.replacedSessionId !== undefined) removeSession(ctx.db, attempt.replacedSessionId);
  return opened;
}

function wrongPassword(): AppError {
  return new AppError("unauthorized", "That is not the password. Check capitals and the keyboard's language.");
}
