import { expect, test } from "vitest";
import { updatePasswordHash } from "../../src/auth/author-store.ts";
import type { LoginAttempt } from "../../src/auth/log-in.ts";
import { logIn as tryLogIn } from "../../src/auth/log-in.ts";
import { hashPassword } from "../../src/auth/password.ts";
import { findSession } from "../../src/auth/sessions.ts";
import { CHEAP, createAuthor, PASSWORD, USER_AGENT } from "../support/author.ts";
import { NOW, testContext } from "../support/context.ts";

const BROWSER = { userAgent: USER_AGENT, address: "192.0.2.7" };

/** A login of an author without a second step. */
async function logIn(ctx: Parameters<typeof tryLogIn>[0], attempt: LoginAttempt) {
  const opened = await tryLogIn(ctx, attempt);
  if ("ticket" in opened) throw new Error("A second step was asked for.");
  return opened;
}

test("the right password opens a login, of which the database has neither secret nor whole address", async () => {
  const { ctx } = await testContext();
  await createAuthor(ctx);

  const { session, secret } = await logIn(ctx, { ...BROWSER, password: PASSWORD });

  expect(findSession(ctx, secret)).toEqual(session);
  expect(session).toMatchObject({ network: "192.0.2.0/24", userAgent: USER_AGENT, createdAt: NOW });
  const stored = JSON.stringify([ctx.db.all("SELECT * FROM sessions"), ctx.db.all("SELECT * FROM failed_logins")]);
  expect(stored).not.toContain(secret);
  expect(stored).not.toContain(BROWSER.address);
  expect(Buffer.from(secret, "base64url")).toHaveLength(32);
});

test("each login has its own secret and its own token", async () => {
  const { ctx } = await testContext();
  await createAuthor(ctx);

  const first = await logIn(ctx, { ...BROWSER, password: PASSWORD });
  const second = await logIn(ctx, { ...BROWSER, password: PASSWORD });

  expect(first.secret).not.toBe(second.secret);
  expect(first.session.csrfToken).not.toBe(second.session.csrfToken);
});

test("whatever is wrong, the words are the same", async () => {
  const { ctx } = await testContext();
  const { ctx: empty } = await testContext();
  await createAuthor(ctx);

  const wrong = ["", "a quiet walk at dawn", "x".repeat(1025), `${PASSWORD} `, PASSWORD.toUpperCase()];
  const refusals = await Promise.all([
    ...wrong.map((password) => logIn(ctx, { ...BROWSER, password }).catch((error: unknown) => error)),
    logIn(empty, { ...BROWSER, password: PASSWORD }).catch((error: unknown) => error),
  ]);

  expect(new Set(refusals.map((refusal) => (refusal as Error).message)).size).toBe(1);
  expect(new Set(refusals.map((refusal) => (refusal as { code: string }).code))).toEqual(new Set(["unauthorized"]));
  expect(ctx.db.all("SELECT * FROM sessions")).toEqual([]);
});

test("a wrong password, an impossible one and one for nobody take as long as a right one", async () => {
  const { ctx } = await testContext();
  const { ctx: empty } = await testContext();
  await createAuthor(ctx);
  const passwordHash = await hashPassword(PASSWORD);
  await ctx.db.write(() => updatePasswordHash(ctx.db, passwordHash, NOW));
  const timeOf = async (of: typeof ctx, password: string) => {
    const startedAt = performance.now();
    await logIn(of, { ...BROWSER, password }).catch(() => undefined);
    return performance.now() - startedAt;
  };

  const right = await timeOf(ctx, PASSWORD);
  const others = [
    await timeOf(ctx, "a quiet walk at dawn"),
    await timeOf(ctx, ""),
    await timeOf(ctx, "y".repeat(5_000)),
  ];
  const nobody = await timeOf(empty, PASSWORD);

  // Measured with room for a busy machine; without the hash each would take a hundredth of it.
  for (const time of [...others, nobody]) expect(time).toBeGreaterThan(right / 4);
});

test("a password that is changed during a login opens nothing", async () => {
  const { ctx } = await testContext();
  await createAuthor(ctx);
  const otherHash = await hashPassword("another quiet walk", CHEAP);

  const login = logIn(ctx, { ...BROWSER, password: PASSWORD });
  const changed = ctx.db.write(() => updatePasswordHash(ctx.db, otherHash, NOW));

  await changed;
  const result = await login.then(
    ({ secret }) => findSession(ctx, secret) && "opened",
    (error: { code: string }) => error.code,
  );
  expect(result).toBe("unauthorized");
});
