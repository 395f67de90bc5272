import type { Timestamp } from "../lib/clock.ts";

/** Most passkeys that the author has at once: devices, not visitors. */
export const MAX_PASSKEYS = 20;

/** Passkeys that must be there before the password may be off: one may be lost. */
export const MIN_PASSKEYS_ALONE = 2;

/** Longest name of a passkey, in characters. */
export const MAX_PASSKEY_NAME_LENGTH = 60;

/** Longest answer of a device, in characters of JSON. With a key of post-quantum size it has a few thousand. */
export const MAX_CREDENTIAL_LENGTH = 16_384;

/** A key that one of the author's devices keeps; of it only the public half is here. */
export type Passkey = {
  readonly id: number;
  /** As the device names it, base64url. */
  readonly credentialId: string;
  /** COSE. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** Goes up with each use, on devices that count; else 0. */
  readonly signCount: number;
  /** How a browser reaches the device, in WebAuthn's words. */
  readonly transports: readonly string[];
  /** Whether it is kept by an account that several devices share. */
  readonly isSynced: boolean;
  readonly name: string;
  readonly createdAt: Timestamp;
  readonly lastUsedAt: Timestamp | undefined;
};
