import { hash, randomBytes, timingSafeEqual } from "node:crypto";

/** Bytes of randomness in a secret: 256 bits. */
export const SECRET_BYTES = 32;

/** Makes a fresh secret: 43 characters of base64url. */
export function createSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** SHA-256 as 64 lower-case hex digits: what is stored of a secret, and what names content. Text counts as UTF-8. */
export function hashSecret(secret: string | Buffer): string {
  return hash("sha256", secret);
}

/** Whether two texts are the same, in a time that says nothing about where they differ, nor how long they are. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(a)), Buffer.from(hashSecret(b)));
}
