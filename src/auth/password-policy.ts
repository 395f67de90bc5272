import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { isCommonPassword } from "./common-passwords.ts";

/** Fewest characters of a password, as code points after NFKC. */
export const MIN_PASSWORD_LENGTH = 12;
/** Most bytes of a password, in UTF-8 after NFKC. */
export const MAX_PASSWORD_BYTES = 1024;

/**
 * Reads a new password. Throws `invalid` for `field` when it is too short or too long, stands in the list of common
 * passwords, or is the author's name or the site's title. There is no other rule: no kinds of characters, no expiry.
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
 */
export function parseNewPassword(value: unknown, known: { field: string; names: readonly string[] }): string {
  const { field, names } = known;
  const password = typeof value === "string" ? value.normalize("NFKC") : "";
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH) {
    throw invalid(field, said`The password needs at least ${MIN_PASSWORD_LENGTH} characters; a few words will do.`);
  }
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) {
    throw invalid(field, said`The password is longer than ${MAX_PASSWORD_BYTES} bytes; shorten it.`);
  }
  if (isCommonPassword(password)) {
    throw invalid(field, said`Attackers try this password first, since many people have it; take one of your own.`);
  }
  if (names.some((name) => fold(name) === fold(password))) {
    throw invalid(field, said`Everyone knows your name and your site's title; take a password that only you know.`);
  }
  return password;
}

/** Whether a text may be a password at all. What is longer is wrong without a look, but costs the same time. */
export function isPossiblePassword(value: string): boolean {
  return value !== "" && Buffer.byteLength(value.normalize("NFKC")) <= MAX_PASSWORD_BYTES;
}

function fold(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}
