import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Session } from "./session.ts";

type SessionRow = {
  id: number;
  csrf_token: string;
  user_agent: string;
  network: string;
  created_at: Timestamp;
  last_used_at: Timestamp;
  expires_at: Timestamp;
  proved_at: Timestamp | null;
  is_known: 0 | 1;
};

/** Inserts a login and returns its id. Only inside a write. */
export function insertSession(db: Database, session: Omit<Session, "id"> & { secretHash: string }): number {
  return db.run(
    `INSERT INTO sessions
            (secret_hash, csrf_token, user_agent, network, created_at, last_used_at, expires_at, proved_at, is_known)
     VALUES (:secretHash, :csrfToken, :userAgent, :network, :createdAt, :lastUsedAt, :expiresAt, :provedAt, :isKnown)`,
    { ...session, isKnown: session.isKnown ? 1 : 0 },
  ).lastInsertRowid;
}

/** The login whose secret has this hash, also one that has run out. */
export function findSessionByHash(db: Database, secretHash: string): Session | undefined {
  const row = db.get<SessionRow>("SELECT * FROM sessions WHERE secret_hash = :secretHash", { secretHash });
  return row && toSession(row);
}

/** All logins, also those that have run out; the last used first. */
export function listSessions(db: Database): Session[] {
  return db.all<SessionRow>("SELECT * FROM sessions ORDER BY last_used_at DESC, id DESC").map(toSession);
}

/** Writes down when a login was used and how long it lasts now. Only inside a write. */
export function updateSessionTimes(
  db: Database,
  session: Pick<Session, "id" | "createdAt" | "lastUsedAt" | "expiresAt">,
): void {
  const { id, createdAt, lastUsedAt, expiresAt } = session;
  db.run(
    `UPDATE sessions
        SET created_at = :createdAt,
            last_used_at = :lastUsedAt,
            expires_at = :expiresAt
      WHERE id = :id`,
    { id, createdAt, lastUsedAt, expiresAt },
  );
}

/** Writes down when the author last proved in a login who they are. Only inside a write. */
export function updateSessionProof(db: Database, id: number, provedAt: Timestamp): void {
  db.run("UPDATE sessions SET proved_at = :provedAt WHERE id = :id", { id, provedAt });
}

/** Ties a login to the passkey that opened it, with which it ends; undefined: to none. Only inside a write. */
export function updateSessionPasskey(db: Database, id: number, passkeyId: number | undefined): void {
  db.run("UPDATE sessions SET passkey_id = :passkeyId WHERE id = :id", { id, passkeyId: passkeyId ?? null });
}

/** Writes down that the author knows of a login; returns whether that is news. Only inside a write. */
export function updateSessionKnown(db: Database, id: number): boolean {
  return db.run("UPDATE sessions SET is_known = 1 WHERE id = :id AND is_known = 0", { id }).changes > 0;
}

/** Logins that the author was not asked about yet, also those that have run out; the newest first. */
export function listUnknownSessions(db: Database): Session[] {
  return db
    .all<SessionRow>("SELECT * FROM sessions WHERE is_known = 0 ORDER BY created_at DESC, id DESC")
    .map(toSession);
}

/** Ends one login; returns whether it was there. Only inside a write. */
export function removeSession(db: Database, id: number): boolean {
  return db.run("DELETE FROM sessions WHERE id = :id", { id }).changes > 0;
}

/** Ends every login but one, or every one. Only inside a write. */
export function removeSessions(db: Database, keptId?: number): void {
  db.run("DELETE FROM sessions WHERE :keptId IS NULL OR id <> :keptId", { keptId });
}

function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    csrfToken: row.csrf_token,
    userAgent: row.user_agent,
    network: row.network,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    provedAt: row.proved_at ?? row.created_at,
    isKnown: row.is_known === 1,
  };
}
