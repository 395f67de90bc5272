import { expect, test } from "vitest";
import { findPasswordHash, hasAuthor } from "../../src/auth/author-store.ts";
import { isPassword } from "../../src/auth/password.ts";
import { checkSetUp, createSetupLink, isSetupSecret, SETUP_LINK_SECONDS, setUp } from "../../src/auth/set-up.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { CHEAP, PASSWORD } from "../support/author.ts";
import { testContext } from "../support/context.ts";

const INPUT = {
  name: "Ada",
  siteTitle: "Ada writes",
  password: PASSWORD,
  timeZone: "Europe/Berlin",
  passwordCost: CHEAP,
};

test("a link has 256 bits, and the database only their hash", async () => {
  const { ctx } = await testContext();

  const secret = await createSetupLink(ctx);

  expect(Buffer.from(secret, "base64url")).toHaveLength(32);
  expect(JSON.stringify(ctx.db.all("SELECT * FROM setup_links"))).not.toContain(secret);
  expect(isSetupSecret(ctx, secret)).toBe(true);
  expect(isSetupSecret(ctx, `${secret}x`)).toBe(false);
  expect(isSetupSecret(ctx, "")).toBe(false);
});

test("set-up makes the author and the settings, and the password is known", async () => {
  const { ctx } = await testContext();
  const secret = await createSetupLink(ctx);

  await setUp(ctx, INPUT, { secret });

  expect(hasAuthor(ctx.db)).toBe(true);
  expect(readSettings(ctx.db)).toMatchObject({ authorName: "Ada", siteTitle: "Ada writes", timeZone: "Europe/Berlin" });
  expect(await isPassword(PASSWORD, findPasswordHash(ctx.db) ?? "")).toBe(true);
});

test("a link is good for an hour and not a second longer", async () => {
  const { ctx, clock } = await testContext();
  const secret = await createSetupLink(ctx);

  clock.advance(SETUP_LINK_SECONDS - 1);
  expect(isSetupSecret(ctx, secret)).toBe(true);
  clock.advance(1);
  expect(isSetupSecret(ctx, secret)).toBe(false);
  await expect(setUp(ctx, INPUT, { secret })).rejects.toMatchObject({ code: "forbidden" });
  expect(hasAuthor(ctx.db)).toBe(false);
});

test("several links are good at once, and using one voids all", async () => {
  const { ctx } = await testContext();
  const first = await createSetupLink(ctx);
  const second = await createSetupLink(ctx);
  expect([isSetupSecret(ctx, first), isSetupSecret(ctx, second)]).toEqual([true, true]);

  await setUp(ctx, INPUT, { secret: second });

  expect([isSetupSecret(ctx, first), isSetupSecret(ctx, second)]).toEqual([false, false]);
  expect(ctx.db.all("SELECT * FROM setup_links")).toEqual([]);
});

test("a link made after set-up opens nothing", async () => {
  const { ctx } = await testContext();
  await setUp(ctx, INPUT, "headless");

  const secret = await createSetupLink(ctx);

  expect(isSetupSecret(ctx, secret)).toBe(false);
  await expect(setUp(ctx, INPUT, { secret })).rejects.toMatchObject({ code: "conflict" });
});

test("links that ran out do not pile up", async () => {
  const { ctx, clock } = await testContext();
  await createSetupLink(ctx);
  clock.advance(SETUP_LINK_SECONDS);

  await createSetupLink(ctx);

  expect(ctx.db.all("SELECT * FROM setup_links")).toHaveLength(1);
});

test.each([1, 2, 3])("of twelve set-ups at once exactly one wins (round %i)", async () => {
  const { ctx } = await testContext();
  const secrets = await Promise.all(Array.from({ length: 6 }, () => createSetupLink(ctx)));
  const proofs = [...secrets, ...secrets].map((secret, index) =>
    index % 5 === 0 ? ("headless" as const) : { secret },
  );

  const results = await Promise.allSettled(
    proofs.map((proof, index) => setUp(ctx, { ...INPUT, name: `Author ${index}` }, proof)),
  );

  const winners = results.flatMap(({ status }, index) => (status === "fulfilled" ? [`Author ${index}`] : []));
  expect(winners).toHaveLength(1);
  expect(readSettings(ctx.db).authorName).toBe(winners[0]);
  const lost = results.flatMap((result) =>
    result.status === "rejected" ? [(result.reason as { code: string }).code] : [],
  );
  expect(new Set(lost)).toEqual(new Set(["conflict"]));
});

test("every wrong answer is said at once, and nothing is made of them", async () => {
  const { ctx } = await testContext();
  const input = { name: "", siteTitle: "", password: "short", timeZone: "Nowhere", passwordCost: CHEAP };

  expect(Object.keys(checkSetUp(input).problems)).toEqual(["name", "siteTitle", "password", "timeZone"]);
  await expect(setUp(ctx, input, "headless")).rejects.toMatchObject({ code: "invalid", field: "name" });
  expect(hasAuthor(ctx.db)).toBe(false);
});

test("name and title are no passwords", () => {
  const problems = (password: string) =>
    checkSetUp({ ...INPUT, name: "Augusta Ada King", siteTitle: "The first programmer", password }).problems;

  expect(problems("augusta ada king").password).toMatch(/Everyone knows/);
  expect(problems("The First Programmer").password).toMatch(/Everyone knows/);
  expect(problems(PASSWORD)).toEqual({});
});
