import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** What a device is asked to sign for. */
export type ChallengePurpose = "register" | "login" | "confirm";

/** A challenge as it is stored. */
export type StoredChallenge = {
  readonly challengeHash: string;
  readonly purpose: ChallengePurpose;
  readonly holderHash: string;
  readonly expiresAt: Timestamp;
};

/** Inserts a challenge. Only inside a write. */
export function insertChallenge(db: Database, challenge: StoredChallenge): void {
  db.run(
    `INSERT INTO passkey_challenges (challenge_hash, purpose, holder_hash, expires_at)
     VALUES (:challengeHash, :purpose, :holderHash, :expiresAt)`,
    challenge,
  );
}

/** When the challenge of this hash, purpose and holder ends, in the past perhaps; undefined when there is none. */
export function findChallengeEnd(db: Database, challenge: Omit<StoredChallenge, "expiresAt">): Timestamp | undefined {
  return db.get<{ expires_at: Timestamp }>(
    `SELECT expires_at
       FROM passkey_challenges
      WHERE challenge_hash = :challengeHash AND purpose = :purpose AND holder_hash = :holderHash`,
    challenge,
  )?.expires_at;
}

/** Takes a challenge out; returns whether it was there. Only inside a write. */
export function removeChallenge(db: Database, challengeHash: string): boolean {
  return db.run("DELETE FROM passkey_challenges WHERE challenge_hash = :challengeHash", { challengeHash }).changes > 0;
}

/** Drops challenges that end up to `past` or after `future`, and the oldest until `max` are left. Only inside a write. */
export function tidyChallenges(db: Database, keep: { past: Timestamp; future: Timestamp; max: number }): void {
  db.run(
    `DELETE FROM passkey_challenges
      WHERE expires_at <= :past
         OR expires_at > :future
         OR id NOT IN (SELECT id FROM passkey_challenges ORDER BY id DESC LIMIT :max)`,
    keep,
  );
}
