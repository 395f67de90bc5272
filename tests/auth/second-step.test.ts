import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Secret, TOTP } from "otpauth";
import { expect, test } from "vitest";
import { changePassword, resetPassword } from "../../src/auth/change-password.ts";
import { HALF_LOGIN_SECONDS } from "../../src/auth/half-logins.ts";
import { logIn, logInBySecondStep } from "../../src/auth/log-in.ts";
import { RECOVERY_CODES } from "../../src/auth/recovery-codes.ts";
import { offerSecret, renewRecoveryCodes, turnOffSecondStep, turnOnSecondStep } from "../../src/auth/second-step.ts";
import { countRecoveryCodes, findSecondStep } from "../../src/auth/second-step-store.ts";
import { MAX_TRIES_PER_ADDRESS } from "../../src/auth/throttle.ts";
import { CODE_SECONDS } from "../../src/auth/totp.ts";
import type { Context } from "../../src/context/context.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { toMilliseconds } from "../../src/lib/clock.ts";
import { CHEAP, createAuthor, PASSWORD, USER_AGENT } from "../support/author.ts";
import { testContext } from "../support/context.ts";

const BROWSER = { userAgent: USER_AGENT, address: "192.0.2.7" };
const SESSION = 7;

/** What the app shows at a moment, so many steps away. */
function codeOf(secret: string, now: Timestamp, steps = 0): string {
  const timestamp = toMilliseconds(now) + steps * CODE_SECONDS * 1000;
  return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp });
}

async function withSecondStep() {
  const opened = await testContext();
  const { ctx, clock } = opened;
  await createAuthor(ctx);
  const { secret } = await offerSecret(ctx);
  const choice = { secret, password: PASSWORD, sessionId: SESSION, passwordCost: CHEAP };
  const codes = await turnOnSecondStep(ctx, { ...choice, code: codeOf(secret, ctx.clock()) });
  clock.advance(CODE_SECONDS * 2);
  return { ...opened, secret, codes };
}

async function ticketOf(ctx: Context, password = PASSWORD): Promise<string> {
  const half = await logIn(ctx, { ...BROWSER, password });
  if (!("ticket" in half)) throw new Error("No second step was asked for.");
  return half.ticket;
}

function tryCode(ctx: Context, ticket: string, code: string) {
  return logInBySecondStep(ctx, { ...BROWSER, ticket, code }).then(
    () => "in",
    (error: { code: string }) => error.code,
  );
}

test("after the right password comes the app's code, also with a blank in it, and only then a login", async () => {
  const { ctx, secret } = await withSecondStep();

  const ticket = await ticketOf(ctx);
  const before = ctx.db.all("SELECT * FROM sessions");
  const code = codeOf(secret, ctx.clock());
  const opened = await logInBySecondStep(ctx, { ...BROWSER, ticket, code: `${code.slice(0, 3)} ${code.slice(3)}` });

  expect(before).toEqual([]);
  expect(opened.session.network).toBe("192.0.2.0/24");
  expect(ctx.db.all("SELECT * FROM half_logins")).toEqual([]);
  expect(ctx.db.all("SELECT * FROM failed_logins")).toEqual([]);
});

test("the codes of one step before and after do, those of two do not, and a wrong one leaves the ticket good", async () => {
  const { ctx, secret } = await withSecondStep();
  const results: string[] = [];

  for (const steps of [-2, 2, -1, 0, 1]) {
    results.push(await tryCode(ctx, await ticketOf(ctx), codeOf(secret, ctx.clock(), steps)));
  }
  const ticket = await ticketOf(ctx);
  const wrong = [await tryCode(ctx, ticket, "000000"), await tryCode(ctx, ticket, ""), await tryCode(ctx, ticket, "x")];

  expect(results).toEqual(["unauthorized", "unauthorized", "in", "in", "in"]);
  expect(wrong).toEqual(["unauthorized", "unauthorized", "unauthorized"]);
});

test("a code is taken once, and none of a step before it any more", async () => {
  const { ctx, secret } = await withSecondStep();
  const [first, second, third] = [await ticketOf(ctx), await ticketOf(ctx), await ticketOf(ctx)];
  const code = codeOf(secret, ctx.clock());

  const results = [
    await tryCode(ctx, first, code),
    await tryCode(ctx, second, code),
    await tryCode(ctx, third, codeOf(secret, ctx.clock(), -1)),
  ];

  expect(results).toEqual(["in", "unauthorized", "unauthorized"]);
});

test("of many at once with one code one gets in, and a ticket is used once", async () => {
  const { ctx, clock, secret } = await withSecondStep();
  const ticket = await ticketOf(ctx);
  const code = codeOf(secret, ctx.clock());

  const results = await Promise.all(Array.from({ length: 5 }, () => tryCode(ctx, ticket, code)));
  clock.advance(CODE_SECONDS);
  const later = await tryCode(ctx, ticket, codeOf(secret, ctx.clock()));

  expect(results.filter((each) => each === "in")).toHaveLength(1);
  expect(later).toBe("forbidden");
  expect(ctx.db.all("SELECT id FROM sessions")).toHaveLength(1);
});

test("a clock that was set back years does not keep the author out", async () => {
  const { ctx, clock, secret } = await withSecondStep();
  clock.set("2016-03-01T09:30:00.000Z" as Timestamp);

  expect(await tryCode(ctx, await ticketOf(ctx), codeOf(secret, ctx.clock()))).toBe("in");
});

test("a ticket lasts ten minutes, and nobody else's opens anything", async () => {
  const { ctx, clock, secret } = await withSecondStep();
  const [inTime, late] = [await ticketOf(ctx), await ticketOf(ctx)];

  clock.advance(HALF_LOGIN_SECONDS - 1);
  const results = [await tryCode(ctx, inTime, codeOf(secret, ctx.clock()))];
  clock.advance(CODE_SECONDS);
  results.push(await tryCode(ctx, late, codeOf(secret, ctx.clock())), await tryCode(ctx, "guessed", "123456"));

  expect(results).toEqual(["in", "forbidden", "forbidden"]);
});

test("wrong codes are slowed down as wrong passwords are, and a right one takes its try back", async () => {
  const { ctx, secret } = await withSecondStep();
  const ticket = await ticketOf(ctx);
  const tries: string[] = [];

  for (let index = 0; index <= MAX_TRIES_PER_ADDRESS; index += 1) tries.push(await tryCode(ctx, ticket, "000000"));
  const other = { ...BROWSER, address: "198.51.100.9" };
  await logInBySecondStep(ctx, { ...other, ticket, code: codeOf(secret, ctx.clock()) });

  expect(tries.slice(-2)).toEqual(["unauthorized", "throttled"]);
  expect(ctx.db.all("SELECT id FROM failed_logins")).toHaveLength(MAX_TRIES_PER_ADDRESS);
});

test("recovery codes stand in once each, however they are typed, and new ones void the old", async () => {
  const { ctx, codes } = await withSecondStep();
  const [first = "", second = "", third = ""] = codes;

  const results = [
    await tryCode(ctx, await ticketOf(ctx), first),
    await tryCode(ctx, await ticketOf(ctx), first),
    await tryCode(ctx, await ticketOf(ctx), second.toLowerCase().replaceAll("-", " ")),
  ];
  const left = countRecoveryCodes(ctx.db);
  const renewed = await renewRecoveryCodes(ctx);
  results.push(
    await tryCode(ctx, await ticketOf(ctx), third),
    await tryCode(ctx, await ticketOf(ctx), renewed[0] ?? ""),
  );

  expect(new Set([...codes, ...renewed]).size).toBe(2 * RECOVERY_CODES);
  expect(codes.every((code) => /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/.test(code))).toBe(true);
  expect(results).toEqual(["in", "unauthorized", "in", "unauthorized", "in"]);
  expect(left).toBe(RECOVERY_CODES - 2);
});

test("it is turned on by the password and a code that the app shows, and not twice", async () => {
  const { ctx } = await testContext();
  await createAuthor(ctx);
  const { secret, address } = await offerSecret(ctx);
  const turnOn = (changed: Partial<Parameters<typeof turnOnSecondStep>[1]>) =>
    turnOnSecondStep(ctx, {
      ...{ secret, code: codeOf(secret, ctx.clock()), password: PASSWORD, sessionId: SESSION, passwordCost: CHEAP },
      ...changed,
    }).catch((error: unknown) => error);

  const refused = [
    await turnOn({ password: "not the password" }),
    await turnOn({ code: "000000" }),
    await turnOn({ secret: "SHORT" }),
  ];
  const codes = await turnOn({});
  const again = await turnOn({});

  expect(address).toContain(`secret=${secret}`);
  expect(address).toMatch(/^otpauth:\/\/totp\/Ada%20writes:Ada\?/u);
  expect(refused).toMatchObject([{ field: "current_password" }, { field: "code" }, { field: "code" }]);
  expect(codes).toHaveLength(RECOVERY_CODES);
  expect(again).toMatchObject({ code: "conflict" });
});

test("turned off, the password alone lets in, and nothing of it is left", async () => {
  const { ctx } = await withSecondStep();
  const ticket = await ticketOf(ctx);

  await turnOffSecondStep(ctx);

  expect(await logIn(ctx, { ...BROWSER, password: PASSWORD })).toHaveProperty("secret");
  expect(await tryCode(ctx, ticket, "000000")).toBe("forbidden");
  expect(countRecoveryCodes(ctx.db)).toBe(0);
  await expect(renewRecoveryCodes(ctx)).rejects.toMatchObject({ code: "conflict" });
});

test("a new password takes the second step along, and voids what waited with the old one", async () => {
  const { ctx, secret } = await withSecondStep();
  const waiting = await ticketOf(ctx);
  const next = "another quiet walk";

  await changePassword(ctx, { current: PASSWORD, next, keepSessionId: SESSION, passwordCost: CHEAP });

  const code = codeOf(secret, ctx.clock());
  expect(await tryCode(ctx, waiting, code)).toBe("forbidden");
  expect(await tryCode(ctx, await ticketOf(ctx, next), code)).toBe("in");
});

test("the operator's new password lets in without the second step", async () => {
  const { ctx } = await withSecondStep();

  await resetPassword(ctx, { next: "another quiet walk", passwordCost: CHEAP });

  expect(findSecondStep(ctx.db)).toBeUndefined();
  expect(await logIn(ctx, { ...BROWSER, password: "another quiet walk" })).toHaveProperty("secret");
});

test("the database holds neither the app's secret nor a recovery code nor a ticket", async () => {
  const { ctx, dir, secret, codes } = await withSecondStep();
  const ticket = await ticketOf(ctx);

  await ctx.db.write(() => ctx.db.run("DELETE FROM failed_logins"));
  const bytes = ["starpunk.db", "starpunk.db-wal"].map((name) => readFileSync(join(dir, name), "latin1")).join("");

  const plain = [secret, ticket, ...codes, ...codes.map((code) => code.replaceAll("-", ""))];
  expect(plain.filter((each) => bytes.includes(each))).toEqual([]);
  expect(bytes).toContain("$scrypt-aes$");
});
