import { expect, test } from "vitest";
import { updatePasswordOff } from "../../src/auth/author-store.ts";
import { changePassword } from "../../src/auth/change-password.ts";
import { proofHolder, proveByPasskey, proveByPassword } from "../../src/auth/proof.ts";
import { beginRegistration, registerPasskey } from "../../src/auth/register-passkey.ts";
import type { Session } from "../../src/auth/session.ts";
import { listSessions } from "../../src/auth/session-store.ts";
import { isProofFresh, PROOF_SECONDS, startSession } from "../../src/auth/sessions.ts";
import { beginPasskeyUse } from "../../src/auth/use-passkey.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import type { AppError } from "../../src/lib/errors.ts";
import { CHEAP, createAuthor, PASSWORD, USER_AGENT } from "../support/author.ts";
import type { TestContext } from "../support/context.ts";
import { testContext } from "../support/context.ts";
import { createSoftDevice } from "../support/soft-device.ts";

async function loggedIn(): Promise<TestContext & { readonly session: () => Session }> {
  const context = await testContext();
  const { ctx } = context;
  await createAuthor(ctx);
  await ctx.db.write(() => startSession(ctx, { userAgent: USER_AGENT, address: "192.0.2.7" }));
  return { ...context, session: () => listSessions(ctx.db)[0] as Session };
}

test(`a login is a proof for ${PROOF_SECONDS} seconds, and the password is one again`, async () => {
  const { ctx, clock, session } = await loggedIn();

  clock.advance(PROOF_SECONDS - 1);
  const before = isProofFresh(ctx, session());
  clock.advance(1);
  const after = isProofFresh(ctx, session());
  await expect(proveByPassword(ctx, session(), "not it at all")).rejects.toMatchObject({ field: "proof_password" });
  const refused = isProofFresh(ctx, session());
  await proveByPassword(ctx, session(), PASSWORD);
  const again = isProofFresh(ctx, session());
  clock.advance(PROOF_SECONDS);

  expect([before, after, refused, again, isProofFresh(ctx, session())]).toEqual([true, false, false, true, false]);
  expect(PROOF_SECONDS).toBe(15 * 60);
});

test("a clock that is set back does not make a proof last", async () => {
  const { ctx, clock, session } = await loggedIn();

  clock.set("2016-01-01T00:00:00.000Z" as Timestamp);
  clock.advance(PROOF_SECONDS);

  expect(isProofFresh(ctx, session())).toBe(false);
});

test("whoever changes the password has just proved who they are", async () => {
  const { ctx, clock, session } = await loggedIn();
  clock.advance(PROOF_SECONDS);

  const change = { current: PASSWORD, next: "another quiet walk", keepSessionId: session().id, passwordCost: CHEAP };
  await changePassword(ctx, change);

  expect(isProofFresh(ctx, session())).toBe(true);
});

test("a passkey is a proof in the login that asked for it, once, and in no other", async () => {
  const { ctx, clock, session } = await loggedIn();
  const device = createSoftDevice("https://blog.example");
  const made = device.create(await beginRegistration(ctx, session().id));
  await registerPasskey(ctx, { answer: made, name: "Phone", sessionId: session().id });
  clock.advance(PROOF_SECONDS);
  const asked = await beginPasskeyUse(ctx, { purpose: "confirm", holder: proofHolder(session()) });
  const answer = device.get(asked);
  const forLogin = device.get(await beginPasskeyUse(ctx, { purpose: "login", holder: proofHolder(session()) }));
  const other = { ...session(), id: session().id + 1 };

  const refusals = [
    await proveByPasskey(ctx, other, answer).catch((error: AppError) => error.field),
    await proveByPasskey(ctx, session(), forLogin).catch((error: AppError) => error.field),
    await proveByPasskey(ctx, session(), "no JSON").catch((error: AppError) => error.field),
  ];
  const before = isProofFresh(ctx, session());
  await proveByPasskey(ctx, session(), answer);
  const after = isProofFresh(ctx, session());
  await expect(proveByPasskey(ctx, session(), answer)).rejects.toMatchObject({ code: "invalid" });

  expect(refusals).toEqual(["proof_passkey", "proof_passkey", "proof_passkey"]);
  expect([before, after]).toEqual([false, true]);
});

test("while the password is off it is no proof", async () => {
  const { ctx, session } = await loggedIn();
  await ctx.db.write(() => updatePasswordOff(ctx.db, ctx.clock()));

  await expect(proveByPassword(ctx, session(), PASSWORD)).rejects.toThrow("turned off");
});
