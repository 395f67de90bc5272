import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** A refresh token, without the secret itself. */
export type RefreshToken = {
  readonly tokenHash: string;
  readonly grantId: number;
  /** The access token that came with it. */
  readonly tokenId: number;
  /** Undefined: it still works, if its grant does. */
  readonly usedAt: Timestamp | undefined;
};

type RefreshRow = { token_hash: string; grant_id: number; token_id: number; used_at: Timestamp | null };

/** Stores a refresh token by its hash. Only inside a write. */
export function insertRefreshToken(
  db: Database,
  token: Omit<RefreshToken, "usedAt"> & { readonly createdAt: Timestamp },
): void {
  db.run(
    `INSERT INTO refresh_tokens (token_hash, grant_id, token_id, created_at)
     VALUES (:tokenHash, :grantId, :tokenId, :createdAt)`,
    token,
  );
}

/** The refresh token with this hash, also one that was used. */
export function findRefreshToken(db: Database, tokenHash: string): RefreshToken | undefined {
  const row = db.get<RefreshRow>("SELECT * FROM refresh_tokens WHERE token_hash = :tokenHash", { tokenHash });
  if (row === undefined) return undefined;
  return {
    tokenHash: row.token_hash,
    grantId: row.grant_id,
    tokenId: row.token_id,
    usedAt: row.used_at ?? undefined,
  };
}

/** Writes down that a refresh token was used. Only inside a write. */
export function updateRefreshUse(db: Database, tokenHash: string, now: Timestamp): void {
  db.run("UPDATE refresh_tokens SET used_at = :now WHERE token_hash = :tokenHash", { tokenHash, now });
}
