import { expect, test } from "vitest";
import { isPasswordOff } from "../../src/auth/author-store.ts";
import { resetPassword } from "../../src/auth/change-password.ts";
import { logIn } from "../../src/auth/log-in.ts";
import { listPasskeys } from "../../src/auth/passkey-store.ts";
import { removePasskey, renamePasskey } from "../../src/auth/passkeys.ts";
import { turnPasswordOff, turnPasswordOn } from "../../src/auth/password-switch.ts";
import { beginRegistration, registerPasskey } from "../../src/auth/register-passkey.ts";
import type { Context } from "../../src/context/context.ts";
import { CHEAP, createAuthor, PASSWORD, USER_AGENT } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { createSoftDevice } from "../support/soft-device.ts";

const BROWSER = { userAgent: USER_AGENT, address: "192.0.2.7" };

async function withPasskeys(count: number): Promise<Context> {
  const { ctx } = await testContext();
  await createAuthor(ctx);
  for (let index = 0; index < count; index += 1) {
    const answer = createSoftDevice("https://blog.example").create(await beginRegistration(ctx, 1));
    await registerPasskey(ctx, { answer, name: `Device ${index}`, sessionId: 1 });
  }
  return ctx;
}

test("the password is turned off once there are two passkeys, and lets nobody in then", async () => {
  const one = await withPasskeys(1);
  const two = await withPasskeys(2);

  await expect(turnPasswordOff(one)).rejects.toMatchObject({ code: "conflict" });
  await turnPasswordOff(two);

  expect(isPasswordOff(one.db)).toBe(false);
  await expect(logIn(two, { ...BROWSER, password: PASSWORD })).rejects.toMatchObject({ code: "forbidden" });
  expect(two.db.all("SELECT * FROM sessions")).toEqual([]);
  await turnPasswordOn(two);
  expect(await logIn(two, { ...BROWSER, password: PASSWORD })).toHaveProperty("secret");
});

test("while the password is off the last two passkeys stay, with the remedy; a third one may go", async () => {
  const ctx = await withPasskeys(3);
  await turnPasswordOff(ctx);
  const [first, second] = listPasskeys(ctx.db).map(({ id }) => id) as [number, number];

  await removePasskey(ctx, { id: first, keepSessionId: 1 });
  const refusal = removePasskey(ctx, { id: second, keepSessionId: 1 });

  await expect(refusal).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("Turn the password on first"),
  });
  expect(listPasskeys(ctx.db)).toHaveLength(2);
  await turnPasswordOn(ctx);
  await removePasskey(ctx, { id: second, keepSessionId: 1 });
  expect(listPasskeys(ctx.db)).toHaveLength(1);
});

test("a passkey is renamed; one that is not there can be neither renamed nor removed", async () => {
  const ctx = await withPasskeys(1);
  const [{ id } = { id: 0 }] = listPasskeys(ctx.db);

  await renamePasskey(ctx, id, " Old  phone ");

  expect(listPasskeys(ctx.db)).toMatchObject([{ name: "Old phone" }]);
  await expect(renamePasskey(ctx, id, "")).rejects.toMatchObject({ field: "name" });
  await expect(renamePasskey(ctx, 99, "x")).rejects.toMatchObject({ code: "not_found" });
  await expect(removePasskey(ctx, { id: 99, keepSessionId: 1 })).rejects.toMatchObject({ code: "not_found" });
});

test("the operator's new password turns the password on, and removes passkeys only when told to", async () => {
  const ctx = await withPasskeys(2);
  await turnPasswordOff(ctx);
  const next = "another quiet walk";

  const kept = await resetPassword(ctx, { next, passwordCost: CHEAP });
  const opened = await logIn(ctx, { ...BROWSER, password: next });
  const removed = await resetPassword(ctx, { next, passwordCost: CHEAP, forgetsPasskeys: true });

  expect([kept, removed]).toEqual([{ passkeys: 2 }, { passkeys: 0 }]);
  expect(opened).toHaveProperty("secret");
  expect(listPasskeys(ctx.db)).toEqual([]);
});
