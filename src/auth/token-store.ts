import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** A bearer token, without the secret itself. */
export type Token = {
  readonly id: number;
  /** URL of the app or script that has it. */
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly createdAt: Timestamp;
  /** Exact to an hour; undefined: never used. */
  readonly lastUsedAt: Timestamp | undefined;
  /** Undefined: works until it is revoked. */
  readonly expiresAt: Timestamp | undefined;
  readonly revokedAt: Timestamp | undefined;
};

type TokenRow = {
  id: number;
  client_id: string;
  scope: string;
  created_at: Timestamp;
  last_used_at: Timestamp | null;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
};

/** Inserts a token by its hash and returns its id. Only inside a write. */
export function insertToken(
  db: Database,
  token: { tokenHash: string; clientId: string; scope: string; createdAt: Timestamp },
): number {
  return db.run(
    `INSERT INTO tokens (token_hash, client_id, scope, created_at)
     VALUES (:tokenHash, :clientId, :scope, :createdAt)`,
    token,
  ).lastInsertRowid;
}

/** The token with this hash, if it works now. */
export function findWorkingToken(db: Database, tokenHash: string, now: Timestamp): Token | undefined {
  const row = db.get<TokenRow>(
    `SELECT * FROM tokens
      WHERE token_hash = :tokenHash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)`,
    { tokenHash, now },
  );
  return row && toToken(row);
}

/** Every token ever made, revoked ones included, the newest first. */
export function listTokens(db: Database): Token[] {
  return db.all<TokenRow>("SELECT * FROM tokens ORDER BY id DESC").map(toToken);
}

/** Writes down that a token was used. Only inside a write. */
export function updateTokenUse(db: Database, id: number, now: Timestamp): void {
  db.run("UPDATE tokens SET last_used_at = :now WHERE id = :id", { id, now });
}

/** Revokes a token; returns whether there was one to revoke. Only inside a write. */
export function revokeTokenRow(db: Database, id: number, now: Timestamp): boolean {
  return db.run("UPDATE tokens SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL", { id, now }).changes > 0;
}

function toToken(row: TokenRow): Token {
  return {
    id: row.id,
    clientId: row.client_id,
    scopes: row.scope.split(" "),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  };
}
