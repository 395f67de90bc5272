import type { Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { createSecret, hashSecret } from "../lib/secrets.ts";
import { said } from "../lib/words.ts";
import { readSettings } from "../site/settings-store.ts";
import { recordAppAct } from "./app-acts.ts";
import { MAX_IDENTIFIER_LENGTH, readClientAddress } from "./client-id.ts";
import { insertGrant, updateFirstUse } from "./grant-store.ts";
import { hasTimeLeft } from "./grants.ts";
import { parseScope } from "./scope.ts";
import { isUseNews } from "./session.ts";
import type { Token } from "./token-store.ts";
import { findUnrevokedToken, insertToken, updateTokenUse } from "./token-store.ts";

/** What the bearer of a token may do. */
export type Grant = {
  readonly tokenId: number;
  readonly grantId: number;
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** Whether the app's texts are Markdown; else they are plain. */
  readonly writesMarkdown: boolean;
};

/**
 * Makes a token of 256 bits and returns it, the only time that it can be seen, with the id of
 * its grant. Throws `invalid` for an unknown scope, or
 * for a client that is no http(s) address.
 */
export async function createToken(
  ctx: Doing<"db" | "clock">,
  request: { readonly scope: unknown; readonly clientId: unknown },
): Promise<{ token: string; id: number }> {
  const scope = parseScope(request.scope).join(" ");
  const clientId = parseClientId(request.clientId);
  const token = createSecret();
  const createdAt = ctx.clock();
  const id = await ctx.db.write(() => {
    const made = { clientId, clientName: "", scope, madeBy: "hand", createdAt, expiresAt: undefined } as const;
    const writesMarkdown = readSettings(ctx.db).appTexts === "markdown";
    const grantId = insertGrant(ctx.db, { ...made, writesMarkdown });
    insertToken(ctx.db, { tokenHash: hashSecret(token), grantId, clientId, scope, createdAt });
    record(ctx, { kind: "token.make", detail: `${clientId} (grant ${grantId}): ${scope}` });
    return grantId;
  });
  return { token, id };
}

/** What a token allows; undefined when it was revoked, has run out, or never was. Notes its use, at most once an hour. */
export async function verifyToken(ctx: Doing<"db" | "clock">, bearer: string): Promise<Grant | undefined> {
  const token = findWorkingToken(ctx, bearer);
  if (token === undefined) return undefined;
  await noteUse(ctx, token);
  const { id: tokenId, grantId, clientId, writesMarkdown } = token;
  return { tokenId, grantId, clientId, scopes: scopesOf(token), writesMarkdown };
}

/** The token itself, if it works now; writes nothing down. */
export function findWorkingToken(ctx: Pick<Context, "db" | "clock">, bearer: string): Token | undefined {
  // The index is asked for the hash of 256 random bits: how long that takes tells nothing about a token.
  const tokenHash = hashSecret(bearer);
  const token = ctx.db.lookAhead(() => findUnrevokedToken(ctx.db, tokenHash)); // Who has one mostly writes.
  return token && hasTimeLeft(ctx, { id: token.grantId, expiresAt: token.expiresAt }) ? token : undefined;
}

/** What a token may do: what it was made for, as far as its grant still has it. */
export function scopesOf(token: Token): ReadonlySet<string> {
  return new Set(token.scopes.filter((name) => token.grantedScopes.includes(name)));
}

async function noteUse(ctx: Doing<"db" | "clock">, token: Token): Promise<void> {
  const now = ctx.clock();
  if (!isUseNews(token.lastUsedAt, now)) return;
  try {
    await ctx.db.write(() => {
      updateTokenUse(ctx.db, token.id, now);
      updateFirstUse(ctx.db, token.grantId, now);
      // The first use on a day is an event; the others would be too many.
      const isFirstToday = token.lastUsedAt?.slice(0, 10) !== now.slice(0, 10);
      if (isFirstToday) recordAppAct(ctx, { id: token.grantId, clientId: token.clientId }, { kind: "token.use" });
    });
  } catch (error) {
    // A full disk or a long lock must not keep anyone from reading what is there.
    if (!(error instanceof AppError)) throw error;
  }
}

function parseClientId(value: unknown): string {
  const url = readClientAddress(typeof value === "string" ? value.trim() : "");
  if (url !== undefined) return url.href;
  throw invalid(
    "client",
    said`Name the app or script by its address, such as https://example.com/app: without “#”, a password, “.” or “..” in its path, and of at most ${String(MAX_IDENTIFIER_LENGTH)} characters.`,
  );
}
