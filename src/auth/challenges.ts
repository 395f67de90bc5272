import { randomBytes } from "node:crypto";
import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import { hashSecret, SECRET_BYTES } from "../lib/secrets.ts";
import type { ChallengePurpose, StoredChallenge } from "./challenge-store.ts";
import { findChallengeEnd, insertChallenge, removeChallenge, tidyChallenges } from "./challenge-store.ts";
import { secondsLeft } from "./time-left.ts";

/** How long a challenge may be answered, in seconds. */
export const CHALLENGE_SECONDS = 300;

/** Challenges that wait at once; past it the oldest goes. */
export const MAX_CHALLENGES = 1_000;

/** What a challenge is for, and whose it is: a text that names one browser or one login. */
export type ChallengeUse = { readonly purpose: ChallengePurpose; readonly holder: string };

/** Makes a challenge of 256 bits and returns it; the database has its hash. */
export async function createChallenge(
  ctx: Pick<Context, "db" | "clock">,
  use: ChallengeUse,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(randomBytes(SECRET_BYTES));
  const now = ctx.clock();
  const stored = {
    ...toKey(Buffer.from(bytes).toString("base64url"), use),
    expiresAt: addSeconds(now, CHALLENGE_SECONDS),
  };
  await ctx.db.write(() => {
    insertChallenge(ctx.db, stored);
    // What ends later than a challenge can was made before the clock was set back.
    tidyChallenges(ctx.db, { past: now, future: addSeconds(now, 2 * CHALLENGE_SECONDS), max: MAX_CHALLENGES });
  });
  isOpen(ctx, stored); // Looked at once, its time passes also while the clock is set.
  return bytes;
}

/**
 * Takes a challenge (base64url) out, and returns whether it was good: made for this purpose and holder, not taken before,
 * and not run out. One that is not ours costs no write.
 */
export async function takeChallenge(
  ctx: Pick<Context, "db" | "clock">,
  challenge: string,
  use: ChallengeUse,
): Promise<boolean> {
  const key = toKey(challenge, use);
  const expiresAt = findChallengeEnd(ctx.db, key);
  if (expiresAt === undefined) return false;
  const isFirst = await ctx.db.write(() => removeChallenge(ctx.db, key.challengeHash));
  return isFirst && isOpen(ctx, { ...key, expiresAt });
}

function toKey(challenge: string, { purpose, holder }: ChallengeUse): Omit<StoredChallenge, "expiresAt"> {
  return { challengeHash: hashSecret(challenge), purpose, holderHash: hashSecret(`challenge ${holder}`) };
}

function isOpen(ctx: Pick<Context, "db" | "clock">, { challengeHash, expiresAt }: StoredChallenge): boolean {
  const ending = { endsAt: expiresAt, longestSeconds: CHALLENGE_SECONDS };
  return secondsLeft(ctx, `challenge ${challengeHash}`, ending) > 0;
}
