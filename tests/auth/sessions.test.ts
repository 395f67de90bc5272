import { expect, test } from "vitest";
import { LAST_USED_SECONDS, SESSION_IDLE_SECONDS, SESSION_LIFETIME_SECONDS } from "../../src/auth/session.ts";
import {
  endOtherSessions,
  endSession,
  findSession,
  listOpenSessions,
  MAX_USER_AGENT_LENGTH,
  startSession,
  touchSession,
} from "../../src/auth/sessions.ts";
import type { Context } from "../../src/context/context.ts";
import { Database } from "../../src/db/database.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { NOW, testContext } from "../support/context.ts";
import { openLocked } from "../support/locked-database.ts";

const DAY = 86_400;
const start = (ctx: Context, userAgent = "Firefox") =>
  ctx.db.write(() => startSession(ctx, { userAgent, address: "2001:db8:1:2::3" }));

test("limits are what the manual says", () => {
  expect([SESSION_IDLE_SECONDS, SESSION_LIFETIME_SECONDS, LAST_USED_SECONDS]).toEqual([30 * DAY, 365 * DAY, 3600]);
  expect(SESSION_LIFETIME_SECONDS).toBeLessThan(400 * DAY);
});

test("a login that nobody uses ends after 30 days", async () => {
  const { ctx, clock } = await testContext();
  const { secret } = await start(ctx);

  clock.advance(SESSION_IDLE_SECONDS - 1);
  expect(findSession(ctx, secret)).toBeDefined();
  clock.advance(1);
  expect(findSession(ctx, secret)).toBeUndefined();
});

test("a login that is used every week goes on for a year and no longer", async () => {
  const { ctx, clock } = await testContext();
  const { secret } = await start(ctx);

  let days = 0;
  for (
    let session = findSession(ctx, secret);
    session !== undefined && days < 800;
    session = findSession(ctx, secret)
  ) {
    await touchSession(ctx, session);
    clock.advance(7 * DAY);
    days += 7;
  }

  expect(days).toBeGreaterThanOrEqual(365);
  expect(days).toBeLessThan(365 + 8);
});

test("its use is written down once an hour at most", async () => {
  const { ctx, clock } = await testContext();
  const { session } = await start(ctx);

  clock.advance(LAST_USED_SECONDS - 1);
  expect(await touchSession(ctx, session)).toBeUndefined();
  clock.advance(1);
  const touched = await touchSession(ctx, session);

  const lastUsedAt = addSeconds(NOW, LAST_USED_SECONDS);
  expect(touched).toMatchObject({ lastUsedAt, expiresAt: addSeconds(lastUsedAt, SESSION_IDLE_SECONDS) });
  expect(listOpenSessions(ctx)).toEqual([touched]);
});

test("a login from before the clock was set back lasts no longer than others", async () => {
  const { ctx, clock } = await testContext();
  const { secret } = await start(ctx);
  clock.set(addSeconds(NOW, -3650 * DAY));

  const session = findSession(ctx, secret);
  const touched = session && (await touchSession(ctx, session));

  expect(touched).toMatchObject({ createdAt: ctx.clock(), expiresAt: addSeconds(ctx.clock(), SESSION_IDLE_SECONDS) });
});

test("a database that cannot be written does not throw the author out", async () => {
  const { ctx, clock, dir } = await testContext();
  const { session, secret } = await start(ctx);
  clock.advance(LAST_USED_SECONDS);
  const locked = { ...ctx, db: openLocked(dir) };

  expect(await touchSession(locked, session)).toBeUndefined();
  expect(findSession(locked, secret)).toEqual(session);
});

test("an ended login is gone at once, in other processes too; another one is not", async () => {
  const { ctx, dir } = await testContext();
  const [first, second] = [await start(ctx), await start(ctx)];
  const other = { ...ctx, db: Database.open({ file: `${dir}/starpunk.db`, readers: 1 }) };
  expect(findSession(other, first.secret)).toBeDefined();

  await endSession(ctx, first.session.id);

  expect([findSession(other, first.secret), findSession(other, second.secret)?.id]).toEqual([
    undefined,
    second.session.id,
  ]);
  other.db.close();
  await expect(endSession(ctx, first.session.id)).rejects.toMatchObject({ code: "not_found" });
});

test("all others can be ended at once", async () => {
  const { ctx } = await testContext();
  const [first, second, third] = [await start(ctx), await start(ctx), await start(ctx)];

  await endOtherSessions(ctx, second.session.id);

  expect(findSession(ctx, second.secret)).toBeDefined();
  expect([findSession(ctx, first.secret), findSession(ctx, third.secret)]).toEqual([undefined, undefined]);
});

test("the list has the last used first, and none that ran out; those are dropped with the next login", async () => {
  const { ctx, clock } = await testContext();
  const old = await start(ctx, "old");
  clock.advance(SESSION_IDLE_SECONDS - 10);
  const kept = await start(ctx, "kept");
  clock.advance(20);
  const fresh = await start(ctx, "fresh");

  const ids = listOpenSessions(ctx).map(({ id }) => id);
  expect(ids).toEqual([fresh.session.id, kept.session.id]);
  expect(ctx.db.get("SELECT 1 FROM sessions WHERE id = :id", { id: old.session.id })).toBeUndefined();
});

test("a browser's name is cut, and its network is a /48", async () => {
  const { ctx } = await testContext();

  const { session } = await start(ctx, `${"x".repeat(MAX_USER_AGENT_LENGTH)}y`);

  expect(session.userAgent).toBe("x".repeat(MAX_USER_AGENT_LENGTH));
  expect(session.network).toBe("2001:db8:1::/48");
});
