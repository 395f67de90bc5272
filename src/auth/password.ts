import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { createGate } from "../lib/gate.ts";
import { seal, unseal } from "../lib/seal.ts";

/** What one hash costs: 2^ln rounds over blocks of 128 · r bytes, p times one after the other. */
export type PasswordCost = { readonly ln: number; readonly r: number; readonly p: number };

/** The cost of every new hash: 32 MiB and about 0.3 s. */
export const PASSWORD_COST: PasswordCost = { ln: 15, r: 8, p: 3 };

/**
 * How many passwords are hashed at once; the others wait. A hash holds one of libuv's four threads, which files,
 * compression and name look-ups need too.
 */
export const MAX_HASHES_AT_ONCE = 2;

/** A hash that no password has, at the cost of a real one. It is verified where there is no author to verify against. */
export const NOBODYS_HASH = `$scrypt$ln=15,r=8,p=3$${"A".repeat(22)}$${"A".repeat(43)}`;

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const ENCODED = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;

const SEALED = /^\$scrypt-aes\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;

const gate = createGate(MAX_HASHES_AT_ONCE);
const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

/**
 * Hashes a password with scrypt, off the event loop. The text that it returns names scheme, cost and salt in PHC form.
 * The same password in another Unicode form has the same hash (NFKC, RFC 8265 §4.2.2), whatever keyboard it came from.
 */
export async function hashPassword(password: string, cost: PasswordCost = PASSWORD_COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await deriveKey(password, salt, cost);
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
}

/**
 * Seals a text so that only who knows the password can read it, at the cost of one hash. What is returned names scheme,
 * cost and salt, and is no hash of the password itself.
 */
export async function sealByPassword(
  text: string,
  password: string,
  cost: PasswordCost = PASSWORD_COST,
): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(password, salt, cost);
  return `$scrypt-aes$ln=${cost.ln},r=${cost.r},p=${cost.p}$${salt.toString("base64url")}$${seal(text, key)}`;
}

/** The text that was sealed by this password. Throws when it was another one. */
export async function unsealByPassword(sealed: string, password: string): Promise<string> {
  const [, ln, r, p, salt = "", box = ""] = SEALED.exec(sealed) ?? [];
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  return unseal(box, await deriveKey(password, Buffer.from(salt, "base64url"), cost));
}

/** Whether `encoded` is the hash of the password. Throws when it names a scheme that this program does not know. */
export async function isPassword(password: string, encoded: string): Promise<boolean> {
  const [, ln, r, p, salt, hash] = ENCODED.exec(encoded) ?? [];
  if (salt === undefined || hash === undefined) throw new Error("The password's hash is of a scheme unknown here.");
  const derived = await deriveKey(password, Buffer.from(salt, "base64url"), {
    ln: Number(ln),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(derived, Buffer.from(hash, "base64url"));
}

function deriveKey(password: string, salt: Buffer, { ln, r, p }: PasswordCost): Promise<Buffer> {
  const rounds = 2 ** ln;
  // Node's own limit is 32 MiB, which this cost just passes.
  const maxmem = 256 * rounds * r;
  return gate.run(() => derive(password.normalize("NFKC"), salt, HASH_BYTES, { N: rounds, r, p, maxmem }));
}
