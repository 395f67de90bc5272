import { expect, test } from "vitest";
import { SESSION_IDLE_SECONDS } from "../../src/auth/session.ts";
import { findSession, listOpenSessions, startSession, touchSession } from "../../src/auth/sessions.ts";
import { createSetupLink, isSetupSecret, SETUP_LINK_SECONDS } from "../../src/auth/set-up.ts";
import { MAX_TRIES_IN_ALL, MAX_TRIES_PER_ADDRESS, reserveTry, TRY_SECONDS } from "../../src/auth/throttle.ts";
import { createToken, verifyToken } from "../../src/auth/tokens.ts";
import type { Context } from "../../src/context/context.ts";
import { Database } from "../../src/db/database.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { createTestClock, NOW, testContext } from "../support/context.ts";

// What holds while the clock of a running server is set: by the network after the start, or by mistake.

const YEARS = 10 * 365 * 86_400;
const STEPS = [YEARS, -YEARS, 1800, -1800];
const HOME = { address: "192.0.2.7" };
const BROWSER = { userAgent: "Firefox", address: "192.0.2.7" };

async function tryOften(ctx: Context, count: number, address = (_index: number) => HOME.address) {
  for (let index = 0; index < count; index += 1) await reserveTry(ctx, { address: address(index) });
}

test.each(STEPS)("a clock set by %i s gives no more tries, and makes nobody wait longer than told", async (seconds) => {
  const { ctx, clock } = await testContext();
  await tryOften(ctx, MAX_TRIES_PER_ADDRESS);
  clock.advance(600);

  clock.set(addSeconds(ctx.clock(), seconds));

  await expect(reserveTry(ctx, HOME)).rejects.toMatchObject({ retryAfterSeconds: TRY_SECONDS - 600 });
  clock.advance(TRY_SECONDS - 601);
  await expect(reserveTry(ctx, HOME)).rejects.toMatchObject({ retryAfterSeconds: 1 });
  clock.advance(1);
  await expect(reserveTry(ctx, HOME)).resolves.toBeTypeOf("number");
});

test.each(STEPS)("a clock set by %i s between tries lets no more than 100 through in an hour", async (seconds) => {
  const { ctx, clock } = await testContext();
  await tryOften(ctx, MAX_TRIES_IN_ALL / 2, (index) => `198.51.100.${index}`);

  clock.set(addSeconds(NOW, seconds));
  await tryOften(ctx, MAX_TRIES_IN_ALL / 2, (index) => `203.0.113.${index}`);

  await expect(reserveTry(ctx, HOME)).rejects.toMatchObject({ code: "throttled" });
});

test("a clock that is set to and fro gives no more tries either", async () => {
  const { ctx, clock } = await testContext();

  const results: string[] = [];
  for (let count = 0; count < 2 * MAX_TRIES_PER_ADDRESS; count += 1) {
    clock.set(addSeconds(NOW, (count % 2) * YEARS));
    const result = reserveTry(ctx, HOME);
    results.push(
      await result.then(
        () => "let through",
        () => "refused",
      ),
    );
  }

  expect(results.filter((result) => result === "let through")).toHaveLength(MAX_TRIES_PER_ADDRESS);
});

test("the next process counts the hour on from where it was, once a try has been made under the new time", async () => {
  const { ctx, clock, dir } = await testContext();
  await tryOften(ctx, MAX_TRIES_PER_ADDRESS);
  clock.advance(600);
  clock.set(addSeconds(NOW, YEARS));
  await reserveTry(ctx, { address: "192.0.2.8" });

  const restarted = { db: Database.open({ file: `${dir}/starpunk.db`, readers: 1 }), clock: ctx.clock };

  const next = reserveTry(restarted, HOME).finally(() => restarted.db.close());
  await expect(next).rejects.toMatchObject({ code: "throttled", retryAfterSeconds: TRY_SECONDS - 600 });
});

test("a process that starts under a clock set back makes nobody wait for more than an hour", async () => {
  const { ctx, dir } = await testContext();
  await tryOften(ctx, MAX_TRIES_PER_ADDRESS);

  const clock = createTestClock();
  clock.set(addSeconds(NOW, -YEARS));
  const db = Database.open({ file: `${dir}/starpunk.db`, readers: 1 });

  await expect(reserveTry({ db, clock: clock.now }, HOME)).rejects.toMatchObject({ retryAfterSeconds: TRY_SECONDS });
  clock.advance(TRY_SECONDS);
  await expect(reserveTry({ db, clock: clock.now }, HOME).finally(() => db.close())).resolves.toBeTypeOf("number");
});

test.each(STEPS)("a clock set by %i s ends no login, and lets none last longer", async (seconds) => {
  const { ctx, clock } = await testContext();
  const { session, secret } = await ctx.db.write(() => startSession(ctx, BROWSER));

  clock.set(addSeconds(NOW, seconds));
  const stillOpen = findSession(ctx, secret);
  await touchSession(ctx, session);
  const touched = findSession(ctx, secret);
  clock.advance(SESSION_IDLE_SECONDS - 1);
  const lastSecond = findSession(ctx, secret);
  clock.advance(1);

  expect([stillOpen?.id, touched?.id, lastSecond?.id]).toEqual([session.id, session.id, session.id]);
  expect(findSession(ctx, secret)).toBeUndefined();
});

test("a login from before a clock was set ten years on is kept for its other processes, and by other logins", async () => {
  const { ctx, clock, dir } = await testContext();
  const { session, secret } = await ctx.db.write(() => startSession(ctx, BROWSER));
  clock.set(addSeconds(NOW, YEARS));

  await ctx.db.write(() => startSession(ctx, { ...BROWSER, userAgent: "another" }));
  const listed = listOpenSessions(ctx).length;
  await touchSession(ctx, session);
  const other = { db: Database.open({ file: `${dir}/starpunk.db`, readers: 1 }), clock: ctx.clock };
  const elsewhere = findSession(other, secret);
  other.db.close();

  expect(listed).toBe(2);
  expect(elsewhere).toMatchObject({ id: session.id, createdAt: ctx.clock() });
});

test.each(STEPS)("a set-up link lasts its hour when the clock is set by %i s after the start", async (seconds) => {
  const { ctx, clock } = await testContext();
  const secret = await createSetupLink(ctx);

  clock.set(addSeconds(NOW, seconds));
  clock.advance(SETUP_LINK_SECONDS - 1);
  const lastSecond = isSetupSecret(ctx, secret);
  clock.advance(1);

  expect([lastSecond, isSetupSecret(ctx, secret)]).toEqual([true, false]);
});

test("a link that a clock far ahead has dated is void with the next start", async () => {
  const { ctx, clock } = await testContext();
  clock.set(addSeconds(NOW, YEARS));
  const old = await createSetupLink(ctx);

  clock.set(NOW);
  const fresh = await createSetupLink(ctx);

  expect([isSetupSecret(ctx, old), isSetupSecret(ctx, fresh)]).toEqual([false, true]);
});

test.each(STEPS)("a token works on when the clock is set by %i s", async (seconds) => {
  const { ctx, clock } = await testContext();
  const { token, id } = await createToken(ctx, { scope: "create", clientId: "https://app.example/" });
  await verifyToken(ctx, token);

  clock.set(addSeconds(NOW, seconds));

  expect(await verifyToken(ctx, token)).toMatchObject({ tokenId: id });
});
