import type { Database } from "../../db/database.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { FoundServer } from "./found-server.ts";

/** A sign-in that waits for another server's answer. */
export type SignIn = FoundServer & {
  readonly stateHash: string;
  readonly browserHash: string;
  /** As entered, in its canonical form. */
  readonly me: string;
  readonly next: string;
  /** A form that the login came in between, as JSON; undefined: none. */
  readonly kept: string | undefined;
  readonly tryId: number;
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp;
  /** Undefined: no answer came yet. */
  readonly usedAt: Timestamp | undefined;
};

type SignInRow = {
  state_hash: string;
  browser_hash: string;
  me: string;
  landed: string;
  authorization_endpoint: string;
  token_endpoint: string | null;
  issuer: string | null;
  names_issuer: 0 | 1;
  next: string;
  kept: string | null;
  try_id: number;
  created_at: Timestamp;
  expires_at: Timestamp;
  used_at: Timestamp | null;
};

/** Stores a sign-in by the hash of its state. Only inside a write. */
export function insertSignIn(db: Database, signIn: Omit<SignIn, "usedAt">): void {
  db.run(
    `INSERT INTO sign_ins
            (state_hash, browser_hash, me, landed, authorization_endpoint, token_endpoint, issuer, names_issuer,
             next, kept, try_id, created_at, expires_at)
     VALUES (:stateHash, :browserHash, :me, :landed, :authorizationEndpoint, :tokenEndpoint, :issuer, :namesIssuer,
             :next, :kept, :tryId, :createdAt, :expiresAt)`,
    { ...signIn, namesIssuer: signIn.namesIssuer ? 1 : 0 },
  );
}

/** The sign-in whose state has this hash, also one that is too old or was answered. */
export function findSignIn(db: Database, stateHash: string): SignIn | undefined {
  const row = db.get<SignInRow>("SELECT * FROM sign_ins WHERE state_hash = :stateHash", { stateHash });
  return row && toSignIn(row);
}

/** Marks a sign-in as answered, and forgets its form; returns false when it was already. Only inside a write. */
export function updateSignInUse(db: Database, stateHash: string, now: Timestamp): boolean {
  const sql = "UPDATE sign_ins SET used_at = :now, kept = NULL WHERE state_hash = :stateHash AND used_at IS NULL";
  return db.run(sql, { stateHash, now }).changes > 0;
}

/** Drops what ends before `now`, and all but the newest `kept`. Only inside a write. */
export function removeOldSignIns(db: Database, { now, kept }: { now: Timestamp; kept: number }): void {
  db.run(
    `DELETE FROM sign_ins
      WHERE expires_at < :now
         OR state_hash NOT IN (SELECT state_hash
                                 FROM sign_ins
                                ORDER BY created_at DESC
                                LIMIT :kept)`,
    { now, kept },
  );
}

function toSignIn(row: SignInRow): SignIn {
  return {
    stateHash: row.state_hash,
    browserHash: row.browser_hash,
    me: row.me,
    landed: row.landed,
    authorizationEndpoint: row.authorization_endpoint,
    tokenEndpoint: row.token_endpoint ?? undefined,
    issuer: row.issuer ?? undefined,
    namesIssuer: row.names_issuer === 1,
    next: row.next,
    kept: row.kept ?? undefined,
    tryId: row.try_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at ?? undefined,
  };
}
