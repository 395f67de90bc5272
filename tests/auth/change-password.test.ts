import { expect, test } from "vitest";
import { changePassword, resetPassword } from "../../src/auth/change-password.ts";
import { logIn } from "../../src/auth/log-in.ts";
import { listOpenSessions } from "../../src/auth/sessions.ts";
import { MAX_TRIES_IN_ALL, MAX_TRIES_PER_ADDRESS, reserveTry } from "../../src/auth/throttle.ts";
import { CHEAP, createAuthor, createLogin, PASSWORD, USER_AGENT } from "../support/author.ts";
import { testContext } from "../support/context.ts";

const NEXT = "rain on the tin roof";
const BROWSER = { userAgent: USER_AGENT, address: "192.0.2.7" };

test("a changed password ends all logins but the one that changed it", async () => {
  const { ctx } = await testContext();
  await createAuthor(ctx);
  await createLogin(ctx);
  const own = await createLogin(ctx);
  await createLogin(ctx);

  await changePassword(ctx, { current: PASSWORD, next: NEXT, keepSessionId: own.id, passwordCost: CHEAP });

  expect(listOpenSessions(ctx).map(({ id }) => id)).toEqual([own.id]);
  await expect(logIn(ctx, { ...BROWSER, password: PASSWORD })).rejects.toMatchObject({ code: "unauthorized" });
  await expect(logIn(ctx, { ...BROWSER, password: NEXT })).resolves.toBeDefined();
});

test.each([
  ["a wrong current password", { current: "a quiet walk at dawn", next: NEXT }, "current_password"],
  ["no current password", { current: "", next: NEXT }, "current_password"],
  ["a short new one", { current: PASSWORD, next: "short" }, "new_password"],
  ["a common new one", { current: PASSWORD, next: "password1234" }, "new_password"],
])("%s changes nothing", async (_what, passwords, field) => {
  const { ctx } = await testContext();
  await createAuthor(ctx);
  const [own, other] = [await createLogin(ctx), await createLogin(ctx)];

  const change = changePassword(ctx, { ...passwords, keepSessionId: own.id, passwordCost: CHEAP });

  await expect(change).rejects.toMatchObject({ code: "invalid", field });
  expect(listOpenSessions(ctx).map(({ id }) => id)).toEqual([other.id, own.id]);
  await expect(logIn(ctx, { ...BROWSER, password: PASSWORD })).resolves.toBeDefined();
});

test("a stolen login cannot guess the password without end, and its owner is not held up by strangers", async () => {
  const { ctx } = await testContext();
  await createAuthor(ctx);
  const [stolen, own] = [await createLogin(ctx), await createLogin(ctx)];
  for (let count = 0; count < MAX_TRIES_IN_ALL; count += 1) await reserveTry(ctx, { address: `198.51.100.${count}` });
  const change = (current: string, keepSessionId: number) =>
    changePassword(ctx, { current, next: NEXT, keepSessionId, passwordCost: CHEAP });

  for (let count = 0; count < MAX_TRIES_PER_ADDRESS; count += 1)
    await change("wrong", stolen.id).catch(() => undefined);

  await expect(change(PASSWORD, stolen.id)).rejects.toMatchObject({ code: "throttled" });
  await expect(change(PASSWORD, own.id)).resolves.toBeUndefined();
});

test("of two changes at once, one is told that it came too late", async () => {
  const { ctx } = await testContext();
  await createAuthor(ctx);
  const own = await createLogin(ctx);
  const change = (next: string) =>
    changePassword(ctx, { current: PASSWORD, next, keepSessionId: own.id, passwordCost: CHEAP });

  const results = await Promise.allSettled([change(NEXT), change("snow on the tin roof")]);

  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(results.find((result) => result.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
});

test("the operator's reset ends every login and forgets every failed one", async () => {
  const { ctx } = await testContext();
  await createAuthor(ctx);
  await createLogin(ctx);
  for (let count = 0; count < MAX_TRIES_PER_ADDRESS; count += 1) await reserveTry(ctx, BROWSER);

  await resetPassword(ctx, { next: NEXT, passwordCost: CHEAP });

  expect(listOpenSessions(ctx)).toEqual([]);
  await expect(logIn(ctx, { ...BROWSER, password: NEXT })).resolves.toBeDefined();
});

test("there is nothing to reset before set-up, and no weak password to reset to", async () => {
  const { ctx } = await testContext();

  await expect(resetPassword(ctx, { next: NEXT, passwordCost: CHEAP })).rejects.toMatchObject({ code: "not_found" });
  await createAuthor(ctx);
  await expect(resetPassword(ctx, { next: "ada", passwordCost: CHEAP })).rejects.toMatchObject({ code: "invalid" });
});
