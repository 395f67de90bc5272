import { createHash } from "node:crypto";
import { hashSecret } from "../../lib/secrets.ts";

/** What a sign-in has that is kept nowhere: the state, which travels, and the secret of this browser's cookie, which does not. */
export type SignInSecrets = { readonly state: string; readonly browserSecret: string };

/** The verifier of a sign-in's code, of 64 characters: made anew whenever it is needed, so that no table holds it. */
export function verifierOf({ state, browserSecret }: SignInSecrets): string {
  return hashSecret(`verifier ${browserSecret} ${state}`);
}

/** Its challenge by S256 (RFC 7636, section 4.2). */
export function challengeOf(secrets: SignInSecrets): string {
  return createHash("sha256").update(verifierOf(secrets)).digest("base64url");
}

/** By what the browser is known again that began a sign-in. */
export function browserHashOf(browserSecret: string): string {
  return hashSecret(`sign-in ${browserSecret}`);
}
