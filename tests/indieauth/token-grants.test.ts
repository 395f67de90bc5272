import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { listGrants } from "../../src/auth/grant-store.ts";
import { verifyToken } from "../../src/auth/tokens.ts";
import type { Context } from "../../src/context/context.ts";
import type { AuthorizationRequest } from "../../src/indieauth/authorization-request.ts";
import type { Approval } from "../../src/indieauth/consent.ts";
import {
  approveRequest,
  CODE_KEPT_SECONDS,
  CODE_SECONDS,
  denyRequest,
  keepRequest,
  MAX_WAITING_REQUESTS,
  REQUEST_SECONDS,
} from "../../src/indieauth/consent.ts";
import type { Redemption } from "../../src/indieauth/token-grants.ts";
import { redeemForProfile, redeemForTokens, refreshTokens, revokePresented } from "../../src/indieauth/token-grants.ts";
import { testContext } from "../support/context.ts";

const VERIFIER = "v".repeat(43);
const ASKED: AuthorizationRequest = {
  clientId: "https://app.example/",
  redirectUri: "https://app.example/cb?keep=1",
  state: "a state & more",
  scopes: ["create", "profile"],
  codeChallenge: createHash("sha256").update(VERIFIER).digest("base64url"),
};
const ALLOWED: Approval = { scopes: ["create", "profile"], length: "year", writesMarkdown: false };

/** Lets the app in and returns what it sends to redeem its code. */
async function letIn(ctx: Context, asked: Partial<AuthorizationRequest> = {}, allowed = ALLOWED): Promise<Redemption> {
  const request = { ...ASKED, ...asked };
  const target = new URL(await approveRequest(ctx, await keepRequest(ctx, request, "An app"), allowed));
  const { clientId, redirectUri } = request;
  return { code: target.searchParams.get("code") ?? "", clientId, redirectUri, codeVerifier: VERIFIER };
}

test("an approval leads back with code, state and issuer, and keeps the query of the way back", async () => {
  const { ctx } = await testContext();

  const target = await approveRequest(ctx, await keepRequest(ctx, ASKED, "An app"), ALLOWED);

  const { searchParams, origin, pathname } = new URL(target);
  expect(origin + pathname).toBe("https://app.example/cb");
  expect([...searchParams.keys()]).toEqual(["keep", "code", "state", "iss"]);
  expect(searchParams.get("state")).toBe(ASKED.state);
  expect(searchParams.get("iss")).toBe("https://blog.example/");
});

test("a request is answered once, approved or refused, and only within its time", async () => {
  const { ctx, clock } = await testContext();
  const [once, refused, late] = [
    await keepRequest(ctx, ASKED, ""),
    await keepRequest(ctx, ASKED, ""),
    await keepRequest(ctx, ASKED, ""),
  ];

  await approveRequest(ctx, once, ALLOWED);
  const denied = new URL(await denyRequest(ctx, refused));
  clock.advance(REQUEST_SECONDS);

  expect(denied.searchParams.get("error")).toBe("access_denied");
  for (const name of [once, refused, late, "never-was"]) {
    await expect(approveRequest(ctx, name, ALLOWED)).rejects.toMatchObject({ code: "not_found" });
    await expect(denyRequest(ctx, name)).rejects.toMatchObject({ code: "not_found" });
  }
});

test(`${MAX_WAITING_REQUESTS} requests wait at once; the oldest goes first`, async () => {
  const { ctx, clock } = await testContext();
  const names: string[] = [];
  for (let number = 0; number <= MAX_WAITING_REQUESTS; number += 1) {
    names.push(await keepRequest(ctx, ASKED, ""));
    clock.advance(1);
  }

  await expect(denyRequest(ctx, names[0] ?? "")).rejects.toMatchObject({ code: "not_found" });
  expect(await denyRequest(ctx, names[1] ?? "")).toContain("access_denied");
});

test("a code gives tokens for what the author allowed of what was asked, and no more", async () => {
  const { ctx } = await testContext();
  const redemption = await letIn(ctx, {}, { scopes: ["create", "delete"], length: "day", writesMarkdown: true });

  const tokens = await redeemForTokens(ctx, redemption);

  expect(tokens.scopes).toEqual(["create"]);
  expect(tokens.expiresAt).toBe("2026-03-02T09:30:00.000Z");
  const grant = await verifyToken(ctx, tokens.accessToken);
  expect(grant).toMatchObject({ clientId: ASKED.clientId, scopes: new Set(["create"]), writesMarkdown: true });
  expect(listGrants(ctx.db)).toMatchObject([{ clientName: "An app", madeBy: "consent", scopes: ["create"] }]);
});

test("of fifty tries at once with one code, one gets tokens; and the others end what it got", async () => {
  const { ctx } = await testContext();
  const redemption = await letIn(ctx);

  const tries = await Promise.allSettled(Array.from({ length: 50 }, () => redeemForTokens(ctx, redemption)));

  const given = tries.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  expect(given).toHaveLength(1);
  expect(await verifyToken(ctx, given[0]?.accessToken ?? "")).toBeUndefined();
  expect(listGrants(ctx.db)).toMatchObject([{ revokedFor: "replay" }]);
});

test.each<[string, Partial<Redemption>]>([
  ["guessed", { code: "a".repeat(43) }],
  ["of another app", { clientId: "https://other.example/" }],
  ["with another way back", { redirectUri: "https://app.example/cb" }],
  ["with another verifier", { codeVerifier: "w".repeat(43) }],
  ["without a verifier", { codeVerifier: "" }],
])("a code that is %s gives nothing, and harms nobody", async (_name, wrong) => {
  const { ctx } = await testContext();
  const redemption = await letIn(ctx);

  await expect(redeemForTokens(ctx, { ...redemption, ...wrong })).rejects.toMatchObject({ field: "code" });
  await expect(redeemForProfile(ctx, { ...redemption, ...wrong })).rejects.toMatchObject({ field: "code" });
  await expect(redeemForTokens(ctx, redemption)).resolves.toMatchObject({ scopes: ALLOWED.scopes });
});

test("a code works until its time is over, also when the clock is set meanwhile", async () => {
  const { ctx, clock } = await testContext();
  const [early, late] = [await letIn(ctx), await letIn(ctx)];

  clock.advance(CODE_SECONDS - 1);
  await redeemForTokens(ctx, early);
  clock.advance(1);

  await expect(redeemForTokens(ctx, late)).rejects.toMatchObject({ field: "code" });
});

test("a code without a scope gives no token, but still says who the author is", async () => {
  const { ctx } = await testContext();
  const redemption = await letIn(ctx, { scopes: [] });

  await expect(redeemForTokens(ctx, redemption)).rejects.toThrow("no scope");
  await expect(redeemForProfile(ctx, redemption)).resolves.toMatchObject({ scopes: [] });
  await expect(redeemForProfile(ctx, redemption)).rejects.toMatchObject({ field: "code" });
});

test("without a challenge no verifier is taken", async () => {
  const { ctx } = await testContext();
  const redemption = await letIn(ctx, { codeChallenge: undefined });

  await expect(redeemForTokens(ctx, redemption)).rejects.toMatchObject({ field: "code" });
  await expect(redeemForTokens(ctx, { ...redemption, codeVerifier: "" })).resolves.toBeDefined();
});

test("codes are forgotten a day later", async () => {
  const { ctx, clock } = await testContext();
  await redeemForTokens(ctx, await letIn(ctx));

  clock.advance(CODE_KEPT_SECONDS + 1);
  await letIn(ctx);

  expect(ctx.db.all("SELECT 1 FROM authorization_codes")).toHaveLength(1);
});

test("a refresh token gives the next tokens, with the scope of the grant or less, and ends the last ones", async () => {
  const { ctx } = await testContext();
  const first = await redeemForTokens(ctx, await letIn(ctx));

  const less = await refresh(ctx, first.refreshToken, "create");
  const whole = await refresh(ctx, less.refreshToken);

  expect([less.scopes, whole.scopes]).toEqual([["create"], ["create", "profile"]]);
  expect(await verifyToken(ctx, first.accessToken)).toBeUndefined();
  expect(await verifyToken(ctx, less.accessToken)).toBeUndefined();
  expect((await verifyToken(ctx, whole.accessToken))?.scopes).toEqual(new Set(["create", "profile"]));
  expect(listGrants(ctx.db)).toHaveLength(1);
});

test("more than was granted is refused, and costs nothing", async () => {
  const { ctx } = await testContext();
  const first = await redeemForTokens(ctx, await letIn(ctx));

  await expect(refresh(ctx, first.refreshToken, "create delete")).rejects.toMatchObject({ field: "scope" });
  await expect(refresh(ctx, first.refreshToken)).resolves.toBeDefined();
});

test("a refresh token that comes again ends its whole family", async () => {
  const { ctx } = await testContext();
  const first = await redeemForTokens(ctx, await letIn(ctx));
  const second = await refresh(ctx, first.refreshToken);

  await expect(refresh(ctx, first.refreshToken)).rejects.toMatchObject({ field: "refresh_token" });

  expect(await verifyToken(ctx, second.accessToken)).toBeUndefined();
  await expect(refresh(ctx, second.refreshToken)).rejects.toMatchObject({ field: "refresh_token" });
  expect(listGrants(ctx.db)).toMatchObject([{ revokedFor: "replay" }]);
});

test("a refresh token of another app, of none, or whose time is over gives nothing", async () => {
  const { ctx, clock } = await testContext();
  const first = await redeemForTokens(ctx, await letIn(ctx, {}, { ...ALLOWED, length: "day" }));
  const asOther = { refreshToken: first.refreshToken, clientId: "https://other.example/", scope: "" };

  await expect(refreshTokens(ctx, asOther)).rejects.toMatchObject({ field: "refresh_token" });
  await expect(refresh(ctx, "x".repeat(43))).rejects.toMatchObject({ field: "refresh_token" });
  await expect(refresh(ctx, first.accessToken)).rejects.toMatchObject({ field: "refresh_token" });
  clock.advance(86_400);
  await expect(refresh(ctx, first.refreshToken)).rejects.toMatchObject({ field: "refresh_token" });
  expect(await verifyToken(ctx, first.accessToken)).toBeUndefined();
});

test.each(["accessToken", "refreshToken"] as const)("giving up the %s ends both", async (kind) => {
  const { ctx } = await testContext();
  const tokens = await redeemForTokens(ctx, await letIn(ctx));

  await revokePresented(ctx, tokens[kind]);
  await revokePresented(ctx, "never-was");

  expect(await verifyToken(ctx, tokens.accessToken)).toBeUndefined();
  await expect(refresh(ctx, tokens.refreshToken)).rejects.toMatchObject({ field: "refresh_token" });
  expect(listGrants(ctx.db)).toMatchObject([{ revokedFor: "app" }]);
});

test("nothing in the database can be used by who reads it", async () => {
  const { ctx } = await testContext();
  const waiting = await keepRequest(ctx, ASKED, "");
  const unused = await letIn(ctx);
  const tokens = await redeemForTokens(ctx, await letIn(ctx));
  const tables = ["authorization_requests", "authorization_codes", "refresh_tokens", "tokens", "grants"];

  const dump = tables.map((table) => JSON.stringify(ctx.db.all(SELECTS[table] ?? ""))).join("\n");

  for (const secret of [waiting, unused.code, tokens.accessToken, tokens.refreshToken]) {
    expect(dump).not.toContain(secret);
  }
  for (const stored of dump.match(/[0-9a-f]{64}/g) ?? []) {
    expect(await verifyToken(ctx, stored)).toBeUndefined();
    await expect(redeemForTokens(ctx, { ...unused, code: stored })).rejects.toMatchObject({ field: "code" });
    await expect(refresh(ctx, stored)).rejects.toMatchObject({ field: "refresh_token" });
  }
});

const SELECTS: Readonly<Record<string, string>> = {
  authorization_requests: "SELECT * FROM authorization_requests",
  authorization_codes: "SELECT * FROM authorization_codes",
  refresh_tokens: "SELECT * FROM refresh_tokens",
  tokens: "SELECT * FROM tokens",
  grants: "SELECT * FROM grants",
};

function refresh(ctx: Context, refreshToken: string, scope = "") {
  return refreshTokens(ctx, { refreshToken, clientId: ASKED.clientId, scope });
}
