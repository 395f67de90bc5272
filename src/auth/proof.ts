import type { Doing } from "../audit/record.ts";
import { record, recordAlone } from "../audit/record.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { findPasswordHash, isPasswordOff } from "./author-store.ts";
import { removeTry } from "./failed-login-store.ts";
import { verifyPassword } from "./password-check.ts";
import type { Session } from "./session.ts";
import { noteProof } from "./sessions.ts";
import { reserveTry } from "./throttle.ts";
import { checkPasskey, notePasskeyUse } from "./use-passkey.ts";

/**
 * Takes the password as a proof in a login, good for PROOF_SECONDS. Throws `invalid` with the field `proof_password` for a wrong one, `throttled`
 * after too many of them.
 */
export async function proveByPassword(ctx: Doing<"db" | "clock">, session: Session, password: string): Promise<void> {
  if (isPasswordOff(ctx.db)) throw invalid("proof_password", said`The password is turned off. Take a passkey.`);
  const tryId = await reserveTry(ctx, { sessionId: session.id });
  if (!(await verifyPassword(password, findPasswordHash(ctx.db)))) {
    await recordAlone(ctx, { kind: "login.refuse", detail: "wrong password, asked again" });
    throw invalid("proof_password", said`That is not the password. Check capitals and the keyboard's language.`);
  }
  await ctx.db.write(() => {
    removeTry(ctx.db, tryId);
    noteProof(ctx, session.id);
    record(ctx, { kind: "login.prove", detail: "password" });
  });
}

/** What names a login, for the challenges of its proofs. */
export function proofHolder({ id }: Pick<Session, "id">): string {
  return `proof in login ${id}`;
}

/**
 * Takes the answer of a device as a proof in a login, good for PROOF_SECONDS. Throws `invalid` with the field
 * `proof_passkey` and what is wrong with it.
 */
export async function proveByPasskey(
  ctx: Doing<"db" | "clock" | "config">,
  session: Session,
  answer: string,
): Promise<void> {
  try {
    const checked = await checkPasskey(ctx, { answer, purpose: "confirm", holder: proofHolder(session) });
    await ctx.db.write(() => {
      notePasskeyUse(ctx, checked);
      noteProof(ctx, session.id);
      record(ctx, { kind: "login.prove", detail: `passkey ${checked.passkey.name}` });
    });
  } catch (error) {
    if (!(error instanceof AppError && ["unauthorized", "forbidden", "invalid"].includes(error.code))) throw error;
    if (error.code === "unauthorized")
      await recordAlone(ctx, { kind: "login.refuse", detail: `passkey: ${error.message}` });
    throw invalid("proof_passkey", error.said);
  }
}
