import { toScopes } from "../auth/grant-store.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";

/** A request that waits for the author's answer. */
export type StoredRequest = AuthorizationRequest & {
  readonly requestHash: string;
  /** As the app called itself on the consent page; empty: it did not. */
  readonly clientName: string;
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp;
};

/** A code, without the secret itself, and what it was given for. */
export type StoredCode = Omit<AuthorizationRequest, "state"> & {
  readonly codeHash: string;
  readonly clientName: string;
  /** How long its grant will hold; undefined: until it is revoked. */
  readonly lastsSeconds: number | undefined;
  /** Whether the app's texts will be Markdown. */
  readonly writesMarkdown: boolean;
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp;
  /** Undefined: nobody has redeemed it. */
  readonly redeemedAt: Timestamp | undefined;
  /** What it gave; undefined: nothing yet, or only who the author is. */
  readonly grantId: number | undefined;
};

type AskedRow = {
  client_id: string;
  client_name: string;
  redirect_uri: string;
  scope: string;
  code_challenge: string | null;
  created_at: Timestamp;
  expires_at: Timestamp;
};
type RequestRow = AskedRow & { request_hash: string; state: string };
type CodeRow = AskedRow & {
  code_hash: string;
  lasts_seconds: number | null;
  writes_markdown: 0 | 1;
  redeemed_at: Timestamp | null;
  grant_id: number | null;
};

/** Stores a request by the hash of its name. Only inside a write. */
export function insertRequest(db: Database, { scopes, ...request }: StoredRequest): void {
  db.run(
    `INSERT INTO authorization_requests
            (request_hash, client_id, client_name, redirect_uri, state, scope, code_challenge, created_at, expires_at)
     VALUES (:requestHash, :clientId, :clientName, :redirectUri, :state, :scope, :codeChallenge, :createdAt, :expiresAt)`,
    { ...request, scope: scopes.join(" ") },
  );
}

/** The request with this hash, also one that is too old. */
export function findRequest(db: Database, requestHash: string): StoredRequest | undefined {
  const row = db.get<RequestRow>("SELECT * FROM authorization_requests WHERE request_hash = :requestHash", {
    requestHash,
  });
  return row && { ...toAsked(row), requestHash: row.request_hash, state: row.state };
}

/** Takes a request out, so that it can be answered once; returns whether it was there. Only inside a write. */
export function removeRequest(db: Database, requestHash: string): boolean {
  const sql = "DELETE FROM authorization_requests WHERE request_hash = :requestHash";
  return db.run(sql, { requestHash }).changes > 0;
}

/** Drops all requests but the newest `kept`. Only inside a write. */
export function removeOldRequests(db: Database, kept: number): void {
  db.run(
    `DELETE FROM authorization_requests
      WHERE request_hash NOT IN (SELECT request_hash
                                   FROM authorization_requests
                                  ORDER BY created_at DESC
                                  LIMIT :kept)`,
    { kept },
  );
}

/** Stores a code by its hash. Only inside a write. */
export function insertCode(db: Database, code: Omit<StoredCode, "redeemedAt" | "grantId">): void {
  const { scopes, ...rest } = code;
  db.run(
    `INSERT INTO authorization_codes
            (code_hash, client_id, client_name, redirect_uri, scope, code_challenge, lasts_seconds, writes_markdown,
             created_at, expires_at)
     VALUES (:codeHash, :clientId, :clientName, :redirectUri, :scope, :codeChallenge, :lastsSeconds, :writesMarkdown,
             :createdAt, :expiresAt)`,
    { ...rest, scope: scopes.join(" "), writesMarkdown: rest.writesMarkdown ? 1 : 0 },
  );
}

/** The code with this hash, also one that is too old or was redeemed. */
export function findCode(db: Database, codeHash: string): StoredCode | undefined {
  const row = db.get<CodeRow>("SELECT * FROM authorization_codes WHERE code_hash = :codeHash", { codeHash });
  if (row === undefined) return undefined;
  return {
    ...toAsked(row),
    codeHash: row.code_hash,
    lastsSeconds: row.lasts_seconds ?? undefined,
    writesMarkdown: row.writes_markdown === 1,
    redeemedAt: row.redeemed_at ?? undefined,
    grantId: row.grant_id ?? undefined,
  };
}

/** Writes down that a code was redeemed, and what it gave. Only inside a write. */
export function updateCodeUse(
  db: Database,
  use: { codeHash: string; now: Timestamp; grantId: number | undefined },
): void {
  db.run("UPDATE authorization_codes SET redeemed_at = :now, grant_id = :grantId WHERE code_hash = :codeHash", use);
}

/** Drops codes that were made before `moment`. Only inside a write. */
export function removeCodesBefore(db: Database, moment: Timestamp): void {
  db.run("DELETE FROM authorization_codes WHERE created_at < :moment", { moment });
}

function toAsked(row: AskedRow) {
  return {
    clientId: row.client_id,
    clientName: row.client_name,
    redirectUri: row.redirect_uri,
    scopes: toScopes(row.scope),
    codeChallenge: row.code_challenge ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
