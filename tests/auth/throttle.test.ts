import { expect, test } from "vitest";
import { removeTry } from "../../src/auth/failed-login-store.ts";
import { logIn } from "../../src/auth/log-in.ts";
import { MAX_TRIES_IN_ALL, MAX_TRIES_PER_ADDRESS, reserveTry, TRY_SECONDS } from "../../src/auth/throttle.ts";
import type { Context } from "../../src/context/context.ts";
import { Database } from "../../src/db/database.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { createAuthor, PASSWORD, USER_AGENT } from "../support/author.ts";
import { NOW, testContext } from "../support/context.ts";

const HOME = { address: "192.0.2.7" };

test("limits are what the manual says", () => {
  expect([MAX_TRIES_PER_ADDRESS, MAX_TRIES_IN_ALL, TRY_SECONDS]).toEqual([20, 100, 3600]);
});

test("an address has 20 tries in an hour; the 21st is told how long to wait, another address is not", async () => {
  const { ctx, clock } = await testContext();
  for (let count = 0; count < MAX_TRIES_PER_ADDRESS; count += 1) {
    await reserveTry(ctx, HOME);
    clock.advance(10);
  }

  await expect(reserveTry(ctx, HOME)).rejects.toMatchObject({ code: "throttled", retryAfterSeconds: 3600 - 200 });
  await expect(reserveTry(ctx, { address: "192.0.2.8" })).resolves.toBeTypeOf("number");
});

test("whoever waits as long as told has one more try, and not before", async () => {
  const { ctx, clock } = await testContext();
  await tryOften(ctx, MAX_TRIES_PER_ADDRESS, () => HOME);

  clock.advance(TRY_SECONDS - 1);
  await expect(reserveTry(ctx, HOME)).rejects.toMatchObject({ retryAfterSeconds: 1 });
  clock.advance(1);
  await expect(reserveTry(ctx, HOME)).resolves.toBeTypeOf("number");
});

test("all addresses together have 100 tries in an hour", async () => {
  const { ctx } = await testContext();
  await tryOften(ctx, MAX_TRIES_IN_ALL, (count) => ({ address: `198.51.100.${count}` }));

  await expect(reserveTry(ctx, HOME)).rejects.toMatchObject({ code: "throttled" });
});

test("tries past the limit are not counted, so the wait does not grow", async () => {
  const { ctx } = await testContext();
  await tryOften(ctx, MAX_TRIES_PER_ADDRESS, () => HOME);

  for (let count = 0; count < 5; count += 1) await reserveTry(ctx, HOME).catch(() => undefined);

  expect(ctx.db.all("SELECT * FROM failed_logins")).toHaveLength(MAX_TRIES_PER_ADDRESS);
});

test("many tries at the same moment cannot pass the limit", async () => {
  const { ctx } = await testContext();

  const results = await Promise.allSettled(Array.from({ length: 60 }, () => reserveTry(ctx, HOME)));

  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(MAX_TRIES_PER_ADDRESS);
});

test("a browser that is logged in is not held up by strangers, but has a limit of its own", async () => {
  const { ctx } = await testContext();
  await tryOften(ctx, MAX_TRIES_IN_ALL, (count) => ({ address: `198.51.100.${count}` }));

  await tryOften(ctx, MAX_TRIES_PER_ADDRESS, () => ({ sessionId: 1 }));

  await expect(reserveTry(ctx, { sessionId: 1 })).rejects.toMatchObject({ code: "throttled" });
  await expect(reserveTry(ctx, { sessionId: 2 })).resolves.toBeTypeOf("number");
});

test("a /64 of IPv6 is one visitor, and IPv4 in its clothes is IPv4", async () => {
  const { ctx } = await testContext();
  await tryOften(ctx, MAX_TRIES_PER_ADDRESS, (count) => ({ address: `2001:db8:1:2::${count.toString(16)}` }));
  await tryOften(ctx, MAX_TRIES_PER_ADDRESS, () => ({ address: "::ffff:192.0.2.7" }));

  await expect(reserveTry(ctx, { address: "2001:db8:1:2:ffff::1" })).rejects.toMatchObject({ code: "throttled" });
  await expect(reserveTry(ctx, { address: "2001:db8:1:3::1" })).resolves.toBeTypeOf("number");
  await expect(reserveTry(ctx, HOME)).rejects.toMatchObject({ code: "throttled" });
});

test("a right password takes its try back, a wrong one stays counted", async () => {
  const { ctx } = await testContext();
  await createAuthor(ctx);
  const browser = { ...HOME, userAgent: USER_AGENT };

  await logIn(ctx, { ...browser, password: PASSWORD });
  expect(ctx.db.all("SELECT * FROM failed_logins")).toHaveLength(0);
  await logIn(ctx, { ...browser, password: "a quiet walk at dawn" }).catch(() => undefined);
  expect(ctx.db.all("SELECT * FROM failed_logins")).toHaveLength(1);
});

test("past the limit the right password is not even looked at", async () => {
  const { ctx } = await testContext();
  await createAuthor(ctx);
  await tryOften(ctx, MAX_TRIES_PER_ADDRESS, () => HOME);

  await expect(logIn(ctx, { ...HOME, userAgent: USER_AGENT, password: PASSWORD })).rejects.toMatchObject({
    code: "throttled",
  });
});

test("failed tries survive a restart", async () => {
  const { ctx, dir } = await testContext();
  await createAuthor(ctx);
  await tryOften(ctx, MAX_TRIES_PER_ADDRESS, () => HOME);

  const restarted = Database.open({ file: `${dir}/starpunk.db`, readers: 1 });

  const next = reserveTry({ db: restarted, clock: ctx.clock }, HOME);
  await expect(next.finally(() => restarted.close())).rejects.toMatchObject({ code: "throttled" });
});

test("a clock set back by ten years locks nobody out for longer than an hour", async () => {
  const { ctx, clock } = await testContext();
  await tryOften(ctx, MAX_TRIES_PER_ADDRESS, () => HOME);

  clock.set(addSeconds(NOW, -10 * 365 * 86_400));
  await expect(reserveTry(ctx, HOME)).rejects.toMatchObject({ code: "throttled", retryAfterSeconds: 3600 });
  clock.advance(TRY_SECONDS);
  await expect(reserveTry(ctx, HOME)).resolves.toBeTypeOf("number");
});

test("tries older than an hour are dropped, so the table stays small", async () => {
  const { ctx, clock } = await testContext();
  await tryOften(ctx, 30, (count) => ({ address: `198.51.100.${count}` }));

  clock.advance(TRY_SECONDS);
  const id = await reserveTry(ctx, HOME);
  await ctx.db.write(() => removeTry(ctx.db, id));

  expect(ctx.db.all("SELECT * FROM failed_logins")).toEqual([]);
});

test("no address can be read from the table, and the same one differs from site to site", async () => {
  const { ctx } = await testContext();
  const { ctx: other } = await testContext();
  for (const site of [ctx, other]) {
    await createAuthor(site);
    await reserveTry(site, HOME);
  }

  const networks = [ctx, other].map(
    ({ db }) => db.get<{ network: string }>("SELECT network FROM failed_logins")?.network,
  );
  expect(networks[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(networks[0]).not.toBe(networks[1]);
});

async function tryOften(
  ctx: Pick<Context, "db" | "clock">,
  count: number,
  visitor: (index: number) => Parameters<typeof reserveTry>[1],
): Promise<void> {
  for (let index = 0; index < count; index += 1) await reserveTry(ctx, visitor(index));
}
