import { expect, test } from "vitest";
import { MAX_IDENTIFIER_LENGTH } from "../../src/auth/client-id.ts";
import { listGrants } from "../../src/auth/grant-store.ts";
import { revokeGrant } from "../../src/auth/grants.ts";
import { SCOPES } from "../../src/auth/scope.ts";
import { createToken, verifyToken } from "../../src/auth/tokens.ts";
import { Database } from "../../src/db/database.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { NOW, testContext } from "../support/context.ts";
import { openLocked } from "../support/locked-database.ts";

const REQUEST = { scope: "create update", clientId: "https://app.example/" };

test("a token has 256 bits, the database only their hash, and its bearer the scopes it was made with", async () => {
  const { ctx } = await testContext();

  const { token, id } = await createToken(ctx, REQUEST);

  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  expect(JSON.stringify(ctx.db.all("SELECT * FROM tokens"))).not.toContain(token);
  const scopes = new Set(["create", "update"]);
  expect(await verifyToken(ctx, token)).toEqual({
    tokenId: id,
    grantId: id,
    clientId: "https://app.example/",
    scopes,
    writesMarkdown: false,
  });
});

test("nothing else is a token", async () => {
  const { ctx } = await testContext();
  const { token } = await createToken(ctx, REQUEST);
  const stored = ctx.db.get<{ token_hash: string }>("SELECT token_hash FROM tokens")?.token_hash ?? "";

  for (const bearer of ["", `${token}x`, token.slice(1), token.toUpperCase(), stored, "x".repeat(100_000)]) {
    expect(await verifyToken(ctx, bearer)).toBeUndefined();
  }
});

test("a revoked token does nothing from then on, in other processes too, and stays in the list", async () => {
  const { ctx, dir } = await testContext();
  const [first, second] = [await createToken(ctx, REQUEST), await createToken(ctx, REQUEST)];
  const other = { ...ctx, db: Database.open({ file: `${dir}/starpunk.db`, readers: 1 }) };

  await revokeGrant(ctx, first.id);

  expect(await verifyToken(other, first.token)).toBeUndefined();
  expect(await verifyToken(other, second.token)).toBeDefined();
  other.db.close();
  expect(listGrants(ctx.db).map(({ id, revokedAt }) => [id, revokedAt])).toEqual([
    [second.id, undefined],
    [first.id, NOW],
  ]);
  await expect(revokeGrant(ctx, first.id)).rejects.toMatchObject({ code: "not_found" });
});

test("its use is written down once an hour at most", async () => {
  const { ctx, clock } = await testContext();
  const { token } = await createToken(ctx, REQUEST);
  const lastUsed = () => listGrants(ctx.db)[0]?.lastUsedAt;
  expect(lastUsed()).toBeUndefined();

  await verifyToken(ctx, token);
  expect(lastUsed()).toBe(NOW);
  clock.advance(3599);
  await verifyToken(ctx, token);
  expect(lastUsed()).toBe(NOW);
  clock.advance(1);
  await verifyToken(ctx, token);
  expect(lastUsed()).toBe(addSeconds(NOW, 3600));
});

test("a database that cannot be written keeps no token from reading", async () => {
  const { ctx, dir } = await testContext();
  const { token } = await createToken(ctx, REQUEST);
  const locked = { ...ctx, db: openLocked(dir) };

  expect(await verifyToken(locked, token)).toBeDefined();
  expect(listGrants(ctx.db)[0]?.lastUsedAt).toBeUndefined();
});

test("every known scope can be given, each once", async () => {
  const { ctx } = await testContext();

  const { token } = await createToken(ctx, { ...REQUEST, scope: `${Object.keys(SCOPES).join("  ")}\ncreate` });

  const grant = await verifyToken(ctx, token);
  expect([...(grant?.scopes ?? [])]).toEqual([
    "create",
    "update",
    "delete",
    "undelete",
    "draft",
    "media",
    "profile",
    "metrics",
  ]);
});

test.each([
  ["an unknown scope", { ...REQUEST, scope: "create read" }, /no scope “read”. There are create, update/],
  ["a name every object has", { ...REQUEST, scope: "constructor" }, /no scope “constructor”/],
  ["no scope", { ...REQUEST, scope: " " }, /at least one scope/],
  ["no client", { ...REQUEST, clientId: "" }, /by its address/],
  ["a client that is no web address", { ...REQUEST, clientId: "javascript:alert(1)" }, /by its address/],
  ["a client with a password", { ...REQUEST, clientId: "https://ada:x@app.example/" }, /by its address/],
  ["a client with a fragment", { ...REQUEST, clientId: "https://app.example/#me" }, /by its address/],
  ["a client with a way up", { ...REQUEST, clientId: "https://app.example/a/%2E./b" }, /by its address/],
  ["a client past the limit", { ...REQUEST, clientId: longClient(MAX_IDENTIFIER_LENGTH + 1) }, /at most 2048 char/],
])("%s gives no token", async (_what, request, sentence) => {
  const { ctx } = await testContext();

  await expect(createToken(ctx, request)).rejects.toThrow(sentence);
  expect(listGrants(ctx.db)).toEqual([]);
});

test("a script may be named by the number of its machine, which no app may that asks for consent", async () => {
  const { ctx } = await testContext();

  await createToken(ctx, { ...REQUEST, clientId: "http://192.168.1.20/script" });

  expect(listGrants(ctx.db)[0]?.clientId).toBe("http://192.168.1.20/script");
});

test("a client's address may have 2,048 characters", async () => {
  const { ctx } = await testContext();

  await createToken(ctx, { ...REQUEST, clientId: longClient(MAX_IDENTIFIER_LENGTH) });

  expect(listGrants(ctx.db)[0]?.clientId).toHaveLength(MAX_IDENTIFIER_LENGTH);
});

function longClient(length: number): string {
  return `https://app.example/${"x".repeat(length - 20)}`;
}
