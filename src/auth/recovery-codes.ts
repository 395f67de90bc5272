import { randomBytes } from "node:crypto";
import { hashSecret } from "../lib/secrets.ts";

/** How many recovery codes are made at once. */
export const RECOVERY_CODES = 10;
/** Bytes of randomness in a recovery code: 80 bits, so that its hash tells nobody what it is. */
export const RECOVERY_CODE_BYTES = 10;

/** Crockford's base 32: no letter that is taken for a digit or another letter. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RECOVERY_CODE = /^[0-9A-HJKMNP-TV-Z]{16}$/;

/** Makes recovery codes, as they are shown: four groups of four signs. */
export function createRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const bits = BigInt(`0x${randomBytes(RECOVERY_CODE_BYTES).toString("hex")}`);
    const signs = Array.from({ length: 16 }, (_, index) => ALPHABET[Number((bits >> BigInt(5 * index)) & 31n)]);
    return signs.join("").replace(/.{4}(?=.)/g, "$&-");
  });
}

/** What is stored of a recovery code, however it was typed; undefined when it can be none. */
export function hashRecoveryCode(typed: string): string | undefined {
  const signs = typed.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return RECOVERY_CODE.test(signs) ? hashSecret(`recovery ${signs}`) : undefined;
}
