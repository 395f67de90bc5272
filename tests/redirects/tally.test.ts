import { expect, test } from "vitest";
import { addRedirect } from "../../src/redirects/change-redirects.ts";
import { listMissingPaths, listScans, MAX_MISSING_PATHS } from "../../src/redirects/missing-store.ts";
import { MAX_SOURCE_LENGTH } from "../../src/redirects/redirect.ts";
import { listRedirects } from "../../src/redirects/redirect-store.ts";
import { createTally, MAX_WAITING_PATHS } from "../../src/redirects/tally.ts";
import { testContext } from "../support/context.ts";

test("what was asked for in vain is counted by address, with the host of the newest page that led there", async () => {
  const { ctx, clock } = await testContext();
  const tally = createTally(ctx);
  const first = ctx.clock();

  tally.miss("/old/", "https://news.example/item?id=7");
  tally.miss("/old", undefined);
  clock.advance(1_000);
  tally.miss("/old", "https://other.example/secret/page");
  tally.miss("/x%20y", "not an address");
  await tally.flush();

  expect(listMissingPaths(ctx.db, { limit: 9 })).toEqual([
    { path: "/old", hits: 3, firstSeenAt: expect.any(String), lastSeenAt: ctx.clock(), referrer: "other.example" },
    { path: "/x y", hits: 1, firstSeenAt: expect.any(String), lastSeenAt: ctx.clock(), referrer: undefined },
  ]);
  expect(first < ctx.clock()).toBe(true);
});

test("what scanners ask for is one entry a group, however many addresses they try", async () => {
  const { ctx } = await testContext();
  const tally = createTally(ctx);
  const asked = ["/wp-login.php", "/blog/wp-admin/setup", "/index.php", "/a/b.asp", "/.env", "/.git/config", "/db.sql"];

  for (const path of asked) tally.miss(path, undefined);
  tally.miss("/.well-known/security.txt", undefined);
  tally.miss("/php-for-beginners", undefined);
  await tally.flush();

  expect(listMissingPaths(ctx.db, { limit: 9 }).map(({ path }) => path)).toEqual([
    "/.well-known/security.txt",
    "/php-for-beginners",
  ]);
  expect(listScans(ctx.db).map(({ path, hits }) => [path, hits])).toEqual([
    ["Hidden files (.env, .git)", 2],
    ["Programs (.php, .asp, .cgi)", 2],
    ["WordPress", 2],
    ["Backups and settings", 1],
  ]);
});

test("the log keeps as many addresses as its limit: first those go that were asked for once, the longest ago", async () => {
  const { ctx, clock } = await testContext();
  const tally = createTally(ctx);
  tally.miss("/twice", undefined);
  tally.miss("/twice", undefined);
  for (let number = 0; number < MAX_MISSING_PATHS; number += 1) {
    clock.advance(1_000);
    tally.miss(`/once-${number}`, undefined);
    if (number % MAX_WAITING_PATHS === MAX_WAITING_PATHS - 2) await tally.flush();
  }
  await tally.flush();

  const paths = listMissingPaths(ctx.db, { limit: 2 * MAX_MISSING_PATHS }).map(({ path }) => path);

  expect(paths).toHaveLength(MAX_MISSING_PATHS);
  expect(paths).toContain("/twice");
  expect(paths).not.toContain("/once-0");
  expect(paths).toContain("/once-1");
});

test("addresses that wait are bounded, and one that is too long is not kept", async () => {
  const { ctx } = await testContext();
  const tally = createTally(ctx);
  tally.miss(`/${"a".repeat(MAX_SOURCE_LENGTH - 1)}`, undefined);
  tally.miss(`/${"b".repeat(MAX_SOURCE_LENGTH)}`, undefined);
  for (let number = 0; number < MAX_WAITING_PATHS; number += 1) tally.miss(`/${number}`, undefined);
  await tally.flush();

  const paths = listMissingPaths(ctx.db, { limit: 2 * MAX_WAITING_PATHS }).map(({ path }) => path);

  expect(paths).toHaveLength(MAX_WAITING_PATHS);
  expect(paths.filter((path) => path.includes("b"))).toEqual([]);
});

test("a page of the log goes on where the one before it ended", async () => {
  const { ctx } = await testContext();
  const tally = createTally(ctx);
  for (const path of ["/a", "/b", "/b", "/c", "/d"]) tally.miss(path, undefined);
  await tally.flush();

  const first = listMissingPaths(ctx.db, { limit: 2 });
  const second = listMissingPaths(ctx.db, { after: first.at(-1), limit: 9 });

  expect([...first, ...second].map(({ path }) => path)).toEqual(["/b", "/a", "/c", "/d"]);
});

test("hits of a redirect add up over processes, and those of one that is gone meanwhile harm nothing", async () => {
  const { ctx } = await testContext();
  await addRedirect(ctx, { from: "/a", to: "/b", status: "301" });
  const [tally, second] = [createTally(ctx), createTally(ctx)];

  for (const each of [tally, tally, second]) each.hit(1);
  tally.hit(7);
  await Promise.all([tally.flush(), second.flush()]);

  expect(listRedirects(ctx.db, { after: "", limit: 9 })).toMatchObject([
    { source: "/a", hits: 3, lastHitAt: ctx.clock() },
  ]);
});
