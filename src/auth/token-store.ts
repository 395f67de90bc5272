import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { toScopes } from "./grant-store.ts";

/** A bearer token, without the secret itself, and what it hangs on. */
export type Token = {
  readonly id: number;
  readonly grantId: number;
  /** URL of the app or script that has it. */
  readonly clientId: string;
  /** Its own, which the grant may have lost meanwhile. */
  readonly scopes: readonly string[];
  /** Of the grant: whether the app's texts are Markdown. */
  readonly writesMarkdown: boolean;
  /** Of the grant: what any token of it may do at most. */
  readonly grantedScopes: readonly string[];
  readonly createdAt: Timestamp;
  /** Exact to an hour; undefined: never used. */
  readonly lastUsedAt: Timestamp | undefined;
  /** Of the grant; undefined: works until it is revoked. */
  readonly expiresAt: Timestamp | undefined;
};

type TokenRow = {
  id: number;
  grant_id: number;
  client_id: string;
  scope: string;
  grant_scope: string;
  writes_markdown: 0 | 1;
  created_at: Timestamp;
  last_used_at: Timestamp | null;
  grant_ends_at: Timestamp | null;
};

/** Inserts a token by its hash and returns its id. Only inside a write. */
export function insertToken(
  db: Database,
  token: { tokenHash: string; grantId: number; clientId: string; scope: string; createdAt: Timestamp },
): number {
  return db.run(
    `INSERT INTO tokens (token_hash, grant_id, client_id, scope, created_at)
     VALUES (:tokenHash, :grantId, :clientId, :scope, :createdAt)`,
    token,
  ).lastInsertRowid;
}

/** The token with this hash, if neither it nor its grant was revoked. Whether its time is over is for who asks to see. */
export function findUnrevokedToken(db: Database, tokenHash: string): Token | undefined {
  const row = db.get<TokenRow>(
    `SELECT tokens.id, tokens.grant_id, tokens.client_id, tokens.scope, tokens.created_at, tokens.last_used_at,
            grants.scope AS grant_scope, grants.writes_markdown, grants.expires_at AS grant_ends_at
       FROM tokens
       JOIN grants ON grants.id = tokens.grant_id
      WHERE tokens.token_hash = :tokenHash AND tokens.revoked_at IS NULL AND grants.revoked_at IS NULL`,
    { tokenHash },
  );
  return row && toToken(row);
}

/** What a grant allowed at first: its oldest token has all of it. Empty where there is none. */
export function findFirstScopes(db: Database, grantId: number): string[] {
  const row = db.get<{ scope: string }>("SELECT scope FROM tokens WHERE grant_id = :grantId ORDER BY id LIMIT 1", {
    grantId,
  });
  return toScopes(row?.scope ?? "");
}

/** Writes down that a token was used. Only inside a write. */
export function updateTokenUse(db: Database, id: number, now: Timestamp): void {
  db.run("UPDATE tokens SET last_used_at = :now WHERE id = :id", { id, now });
}

/** Revokes one token, while its grant goes on. Only inside a write. */
export function revokeTokenRow(db: Database, id: number, now: Timestamp): void {
  db.run("UPDATE tokens SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL", { id, now });
}

function toToken(row: TokenRow): Token {
  return {
    id: row.id,
    grantId: row.grant_id,
    clientId: row.client_id,
    scopes: toScopes(row.scope),
    grantedScopes: toScopes(row.grant_scope),
    writesMarkdown: row.writes_markdown === 1,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    expiresAt: row.grant_ends_at ?? undefined,
  };
}
