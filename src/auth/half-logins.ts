import { createHash } from "node:crypto";
import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import { seal, unseal } from "../lib/seal.ts";
import { createSecret, hashSecret } from "../lib/secrets.ts";
import type { HalfLogin } from "./second-step-store.ts";
import { findHalfLogin, insertHalfLogin, removeHalfLogin, removeHalfLoginsOutside } from "./second-step-store.ts";
import { secondsLeft } from "./time-left.ts";

/** How long a right password waits for its second step, in seconds. */
export const HALF_LOGIN_SECONDS = 600;

/**
 * Lets a right password wait for its second step, and returns the ticket that goes on with it: 256 bits, which alone open
 * the secret that the code is checked by. Only inside a write.
 */
export function startHalfLogin(ctx: Pick<Context, "db" | "clock">, sharedSecret: string): string {
  const ticket = createSecret();
  const now = ctx.clock();
  const half = {
    ticketHash: hashSecret(ticket),
    sealedSecret: seal(sharedSecret, toKey(ticket)),
    expiresAt: addSeconds(now, HALF_LOGIN_SECONDS),
  };
  removeHalfLoginsOutside(ctx.db, { past: now, future: addSeconds(now, 2 * HALF_LOGIN_SECONDS) });
  insertHalfLogin(ctx.db, half);
  isOpen(ctx, half); // Looked at once, its time passes also while the clock is set.
  return ticket;
}

/** The secret that the code of this ticket is checked by; undefined for a ticket that was used, has run out or never was. */
export function openHalfLogin(ctx: Pick<Context, "db" | "clock">, ticket: string): string | undefined {
  const half = findHalfLogin(ctx.db, hashSecret(ticket));
  return half && isOpen(ctx, half) ? unseal(half.sealedSecret, toKey(ticket)) : undefined;
}

/** Uses a ticket up; returns whether it was there. Only inside a write. */
export function endHalfLogin(ctx: Pick<Context, "db">, ticket: string): boolean {
  return removeHalfLogin(ctx.db, hashSecret(ticket));
}

function toKey(ticket: string): Buffer {
  return createHash("sha256").update(`second step ${ticket}`).digest();
}

function isOpen(ctx: Pick<Context, "db" | "clock">, { ticketHash, expiresAt }: HalfLogin): boolean {
  return secondsLeft(ctx, `half login ${ticketHash}`, { endsAt: expiresAt, longestSeconds: HALF_LOGIN_SECONDS }) > 0;
}
