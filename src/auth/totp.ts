import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds } from "../lib/clock.ts";

/** Digits of a code of an authenticator app. */
export const CODE_DIGITS = 6;
/** How long a code stands, in seconds. */
export const CODE_SECONDS = 30;
/** Steps of time before and after the present one whose code is taken: clocks differ, and typing takes a while. */
export const CODE_WINDOW = 1;
/** Bytes of randomness in the secret that an app shares: what HMAC-SHA-1 takes in whole. */
export const SHARED_SECRET_BYTES = 20;

const BASE32_SECRET = /^[A-Z2-7]{32}$/;

/** Makes a secret for an authenticator app: 160 bits in base32. */
export async function createSharedSecret(): Promise<string> {
  const { Secret } = await import("otpauth");
  return new Secret({ size: SHARED_SECRET_BYTES }).base32;
}

/** Whether a text is such a secret. */
export function isSharedSecret(text: string): boolean {
  return BASE32_SECRET.test(text);
}

/** The address by which an app takes the secret, as its QR code has it. `issuer` and `label` say there whose it is. */
export async function sharedSecretAddress(shared: { secret: string; issuer: string; label: string }): Promise<string> {
  const { TOTP } = await import("otpauth");
  return new TOTP({ ...OPTIONS, ...shared }).toString();
}

/**
 * The step of time whose code this is, if it is one of the steps around `now`; else undefined.
 * @see https://www.rfc-editor.org/rfc/rfc6238#section-5.2
 */
export async function findCodeStep(given: {
  secret: string;
  code: string;
  now: Timestamp;
}): Promise<number | undefined> {
  const { Secret, TOTP } = await import("otpauth");
  const timestamp = toMilliseconds(given.now);
  const secret = Secret.fromBase32(given.secret);
  const delta = TOTP.validate({ ...OPTIONS, secret, token: given.code, timestamp, window: CODE_WINDOW });
  return delta === null ? undefined : stepAt(given.now) + delta;
}

/** The step of time that a moment is in. */
export function stepAt(now: Timestamp): number {
  return Math.floor(toMilliseconds(now) / (CODE_SECONDS * 1000));
}

const OPTIONS = { algorithm: "SHA1", digits: CODE_DIGITS, period: CODE_SECONDS } as const;
