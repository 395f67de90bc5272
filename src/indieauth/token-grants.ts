import { createHash } from "node:crypto";
import type { Doing } from "../audit/record.ts";
import { recordAppAct } from "../auth/app-acts.ts";
import type { StoredGrant } from "../auth/grant-store.ts";
import { endGrant, findGrant, insertGrant } from "../auth/grant-store.ts";
import { isGrantOpen } from "../auth/grants.ts";
import { secondsLeft } from "../auth/time-left.ts";
import { findFirstScopes, findUnrevokedToken, insertToken, revokeTokenRow } from "../auth/token-store.ts";
import type { Timestamp } from "../lib/clock.ts";
import { addSeconds } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { createSecret, hashSecret, isSameSecret } from "../lib/secrets.ts";
import { CODE_VERIFIER, readScopes } from "./authorization-request.ts";
import type { StoredCode } from "./authorization-store.ts";
import { findCode, updateCodeUse } from "./authorization-store.ts";
import { CODE_SECONDS } from "./consent.ts";
import type { RefreshToken } from "./refresh-store.ts";
import { findRefreshToken, insertRefreshToken, updateRefreshUse } from "./refresh-store.ts";

/** What an app sends to redeem a code (section 5.3). `clientId` is in its canonical form; empty: not sent. */
export type Redemption = {
  readonly code: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
};

/** What an app sends for a fresh token (section 5.5). */
export type Refresh = { readonly refreshToken: string; readonly clientId: string; readonly scope: string };

/** Fresh tokens: the only time that they can be seen. */
export type NewTokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly scopes: readonly string[];
  readonly grantId: number;
  /** When they end, with their grant; undefined: when it is revoked. */
  readonly expiresAt: Timestamp | undefined;
};

type TokenContext = Doing<"db" | "clock">;

/**
 * Redeems a code for tokens. Of any number of tries at once one wins; whoever brings a code that was redeemed ends what
 * it gave (RFC 6749, section 4.1.2). Throws `invalid` with the field `code` for every code that gives nothing.
 */
export async function redeemForTokens(ctx: TokenContext, redemption: Redemption): Promise<NewTokens> {
  return redeem(ctx, redemption, (code) => {
    if (code.scopes.length === 0) {
      throw invalid("code", "The author gave this code no scope, so there is no token for it (section 5.3.3).");
    }
    return grantTokens(ctx, code);
  });
}

/** Redeems a code for who the author is; returns the scopes that came with it. Throws as `redeemForTokens`. */
export async function redeemForProfile(
  ctx: TokenContext,
  redemption: Redemption,
): Promise<{ readonly scopes: readonly string[] }> {
  return redeem(ctx, redemption, ({ scopes }) => ({ scopes, grantId: undefined }));
}

/**
 * Gives the next tokens for a refresh token, which works once: the access token that came with it ends. One that comes
 * again ends the whole grant, since one of the two who have it stole it. The scope may shrink, for this access token
 * alone. An app that asks for all that it once was granted gets what the author has left of it. Throws `invalid` with the field `refresh_token` or `scope`.
 */
export async function refreshTokens(ctx: TokenContext, refresh: Refresh): Promise<NewTokens> {
  const asked = readScopes(refresh.scope);
  const tokens = await ctx.db.write(() => {
    const known = findRefreshToken(ctx.db, hashSecret(refresh.refreshToken));
    const grant = known && findGrant(ctx.db, known.grantId);
    if (known === undefined || grant === undefined || !isGrantOpen(ctx, grant)) return undefined;
    if (known.usedAt !== undefined) {
      endReplayed(ctx, grant.id, "refresh token");
      return undefined;
    }
    if (grant.clientId !== refresh.clientId) return undefined;
    const scopes = refreshedScopes(ctx, grant, asked);
    useRefreshToken(ctx, known);
    recordAppAct(ctx, grant, { kind: "token.refresh" });
    return insertTokens(ctx, grant, scopes);
  });
  if (tokens === undefined) throw invalid("refresh_token", "This refresh token does not work, or not any more.");
  return tokens;
}

/** Scopes of the next access token. Never more than the grant has now; asking for more than it ever had is an error. */
function refreshedScopes({ db }: TokenContext, grant: StoredGrant, asked: readonly string[]): readonly string[] {
  if (asked.length === 0) return grant.scopes;
  const atFirst = findFirstScopes(db, grant.id);
  const more = asked.find((scope) => !atFirst.includes(scope));
  if (more !== undefined) throw invalid("scope", `The author did not grant “${more}” to this app.`);
  const left = asked.filter((scope) => grant.scopes.includes(scope));
  if (left.length === 0) throw invalid("scope", "The author has taken away all that is asked for.");
  return left;
}

/**
 * Ends the grant that a token of either kind hangs on, since the app gives it up (section 7). Nothing happens for any
 * other text, and the answer tells nothing.
 */
export async function revokePresented(ctx: TokenContext, token: string): Promise<void> {
  const tokenHash = hashSecret(token);
  await ctx.db.write(() => {
    const id = (findRefreshToken(ctx.db, tokenHash) ?? findUnrevokedToken(ctx.db, tokenHash))?.grantId;
    const grant = id === undefined ? undefined : findGrant(ctx.db, id);
    if (grant === undefined || !endGrant(ctx.db, { id: grant.id, now: ctx.clock(), reason: "app" })) return;
    recordAppAct(ctx, grant, { kind: "grant.revoke", detail: "given up by the app" });
  });
}

async function redeem<Given extends { readonly grantId: number | undefined }>(
  ctx: TokenContext,
  redemption: Redemption,
  give: (code: StoredCode) => Given,
): Promise<Given> {
  const given = await ctx.db.write(() => {
    const now = ctx.clock();
    const code = findCode(ctx.db, hashSecret(redemption.code));
    if (code === undefined) return undefined;
    if (code.redeemedAt !== undefined) {
      endReplayed(ctx, code.grantId, "code");
      return undefined;
    }
    if (!isFresh(ctx, code) || !isFitting(code, redemption)) return undefined;
    const fresh = give(code);
    updateCodeUse(ctx.db, { codeHash: code.codeHash, now, grantId: fresh.grantId });
    return fresh;
  });
  if (given === undefined) throw invalid("code", "This code does not work, or not any more. Start again from the app.");
  return given;
}

function isFresh(ctx: TokenContext, { codeHash, expiresAt }: StoredCode): boolean {
  return secondsLeft(ctx, `code ${codeHash}`, { endsAt: expiresAt, longestSeconds: CODE_SECONDS }) > 0;
}

/** Whether a code was given for this: the same app, the same way back, and the verifier of its challenge (RFC 7636, 4.6). */
function isFitting(code: StoredCode, { clientId, redirectUri, codeVerifier }: Redemption): boolean {
  if (code.clientId !== clientId || code.redirectUri !== redirectUri) return false;
  // Without a challenge there must be no verifier either: somebody would have taken the challenge away.
  if (code.codeChallenge === undefined) return codeVerifier === "";
  const challenge = createHash("sha256").update(codeVerifier).digest("base64url");
  return CODE_VERIFIER.test(codeVerifier) && isSameSecret(challenge, code.codeChallenge);
}

function grantTokens(ctx: TokenContext, code: StoredCode): NewTokens {
  const { clientId, clientName, scopes, lastsSeconds, writesMarkdown } = code;
  const createdAt = ctx.clock();
  const expiresAt = lastsSeconds === undefined ? undefined : addSeconds(createdAt, lastsSeconds);
  const scope = scopes.join(" ");
  const made = { clientId, clientName, scope, madeBy: "consent", writesMarkdown, createdAt, expiresAt } as const;
  const grantId = insertGrant(ctx.db, made);
  recordAppAct(ctx, { id: grantId, clientId }, { kind: "token.issue", detail: scope });
  return insertTokens(ctx, { id: grantId, clientId, expiresAt }, scopes);
}

function insertTokens(
  ctx: TokenContext,
  grant: Pick<StoredGrant, "id" | "clientId" | "expiresAt">,
  scopes: readonly string[],
): NewTokens {
  const accessToken = createSecret();
  const refreshToken = createSecret();
  const createdAt = ctx.clock();
  const made = { grantId: grant.id, clientId: grant.clientId, scope: scopes.join(" "), createdAt };
  const tokenId = insertToken(ctx.db, { ...made, tokenHash: hashSecret(accessToken) });
  insertRefreshToken(ctx.db, { tokenHash: hashSecret(refreshToken), grantId: grant.id, tokenId, createdAt });
  return { accessToken, refreshToken, scopes, grantId: grant.id, expiresAt: grant.expiresAt };
}

/** Somebody else has a copy of what came again, so nothing that hangs on the grant works any more. */
function endReplayed(ctx: TokenContext, grantId: number | undefined, what: string): void {
  const grant = grantId === undefined ? undefined : findGrant(ctx.db, grantId);
  const isEnded = grant !== undefined && endGrant(ctx.db, { id: grant.id, now: ctx.clock(), reason: "replay" });
  // Once: what is brought again and again says nothing new.
  if (isEnded) recordAppAct(ctx, grant, { kind: "token.replay", detail: `a used ${what} came again` });
}

function useRefreshToken(ctx: TokenContext, known: RefreshToken): void {
  const now = ctx.clock();
  updateRefreshUse(ctx.db, known.tokenHash, now);
  revokeTokenRow(ctx.db, known.tokenId, now);
}
