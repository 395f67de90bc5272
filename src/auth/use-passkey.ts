import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/server";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { ChallengeUse } from "./challenges.ts";
import { CHALLENGE_SECONDS, createChallenge, takeChallenge } from "./challenges.ts";
import type { Passkey } from "./passkey.ts";
import { PASSKEY_FIELD, parseAssertion, parseClientData } from "./passkey-answer.ts";
import type { PasskeySite } from "./passkey-site.ts";
import { findPasskeyByCredential, updatePasskeyUse } from "./passkey-store.ts";
import { foreignOrigin, requirePasskeySite, USER_HANDLE } from "./register-passkey.ts";

/** A passkey whose signature was checked, before the use is written down. */
export type CheckedPasskey = { readonly passkey: Passkey; readonly signCount: number };

const TOO_LATE = said`That took too long, or this page was used before. Try again.`;
const UNKNOWN = said`This passkey does not belong to this site, or was removed. Take another one, or the password.`;
const NOT_SIGNED = said`The passkey's answer could not be checked. Try again, or take another way in.`;
const COPIED = said`This passkey's counter is behind, as if a copy of it were in use elsewhere. Take another way in, and remove this passkey.`;

/**
 * What a device is to sign, by any passkey of this site that it has. Throws `conflict` where the site can have none.
 * @see https://www.w3.org/TR/webauthn-3/#sctn-discoverable-credentials
 */
export async function beginPasskeyUse(
  ctx: Pick<Context, "db" | "clock" | "config">,
  use: ChallengeUse,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { rpId } = requirePasskeySite(ctx);
  const challenge = await createChallenge(ctx, use);
  return {
    challenge: Buffer.from(challenge).toString("base64url"),
    rpId,
    allowCredentials: [],
    userVerification: "required",
    timeout: CHALLENGE_SECONDS * 1000,
  };
}

/**
 * Checks the answer of a device: a challenge of this use, taken once; our origin; a passkey that we know; its signature,
 * by someone whom the device knows. Throws `invalid` for what is no answer, `forbidden` for what nobody asked (any more),
 * else `unauthorized` with what is wrong.
 * @see https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion
 */
export async function checkPasskey(
  ctx: Pick<Context, "db" | "clock" | "config">,
  given: ChallengeUse & { readonly answer: string },
): Promise<CheckedPasskey> {
  const site = requirePasskeySite(ctx);
  const answer = parseAssertion(given.answer);
  const { challenge, origin, isCrossOrigin } = parseClientData(answer.response.clientDataJSON);
  if (!(await takeChallenge(ctx, challenge, given))) throw new AppError("forbidden", TOO_LATE);
  if (origin !== site.origin || isCrossOrigin) throw refused(foreignOrigin(site));
  const passkey = findPasskeyByCredential(ctx.db, answer.id);
  if (passkey === undefined || !isOurs(answer)) throw refused(UNKNOWN);
  return { passkey, signCount: await verify(answer, { passkey, challenge, site }) };
}

/** Writes the use of a passkey down. Only inside a write; throws `unauthorized` when it was removed or its counter is behind. */
export function notePasskeyUse(ctx: Pick<Context, "db" | "clock">, { passkey, signCount }: CheckedPasskey): void {
  if (updatePasskeyUse(ctx.db, { id: passkey.id, signCount, now: ctx.clock() })) return;
  const isThere = findPasskeyByCredential(ctx.db, passkey.credentialId) !== undefined;
  throw refused(isThere ? COPIED : UNKNOWN);
}

/** A device that names whose key it is must mean the author. */
function isOurs({ response }: AuthenticationResponseJSON): boolean {
  return response.userHandle === undefined || Buffer.from(response.userHandle, "base64url").toString() === USER_HANDLE;
}

/** The device's counter, if the signature holds. */
async function verify(
  answer: AuthenticationResponseJSON,
  expected: { passkey: Passkey; challenge: string; site: PasskeySite },
): Promise<number> {
  const { passkey, challenge, site } = expected;
  try {
    const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      requireUserVerification: true,
      // The counter is compared as it is written down, so that of two uses at once only one counts.
      credential: { id: passkey.credentialId, publicKey: passkey.publicKey, counter: 0 },
    });
    if (!verified) throw new Error("The signature does not hold.");
    return authenticationInfo.newCounter;
  } catch (cause) {
    // The library throws plain errors, whose words are for developers.
    throw refused(NOT_SIGNED, cause);
  }
}

function refused(message: Words, cause?: unknown): AppError {
  return new AppError("unauthorized", message, { field: PASSKEY_FIELD, cause });
}
