import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import type { Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { cleanText } from "../lib/text.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { readSettings } from "../site/settings-store.ts";
import { CHALLENGE_SECONDS, createChallenge, takeChallenge } from "./challenges.ts";
import { MAX_PASSKEY_NAME_LENGTH, MAX_PASSKEYS } from "./passkey.ts";
import { PASSKEY_FIELD, parseClientData, parseRegistration } from "./passkey-answer.ts";
import type { PasskeySite } from "./passkey-site.ts";
import { findPasskeySite, whyNoPasskeys } from "./passkey-site.ts";
import { countPasskeys, findPasskeyByCredential, insertPasskey, listPasskeys } from "./passkey-store.ts";

/**
 * What devices know the author by. There is one author, so it is the same for all passkeys and all set-ups: a device
 * that made a passkey for this host before keeps the new one in its place.
 */
export const USER_HANDLE = "author";

/** Kinds of keys that every Node that runs this can check: Ed25519, P-256, RSA. */
const ALGORITHMS = [-8, -7, -257];

const NOT_MADE = said`The device's answer could not be checked, so no passkey was added. Try again.`;
const TOO_LATE = said`That took too long, or the page was used twice. Nothing was added; try again.`;

/** What a device is to make a passkey from. Throws `conflict` where the site can have none, or has enough. */
export async function beginRegistration(
  ctx: Pick<Context, "db" | "clock" | "config">,
  sessionId: number,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { rpId } = requirePasskeySite(ctx);
  refusePastLimit(ctx);
  const { siteTitle, authorName } = readSettings(ctx.db);
  const [challenge, { generateRegistrationOptions }] = await Promise.all([
    createChallenge(ctx, toUse(sessionId)),
    import("@simplewebauthn/server"),
  ]);
  return generateRegistrationOptions({
    rpName: siteTitle,
    rpID: rpId,
    userName: authorName || siteTitle,
    userDisplayName: authorName || siteTitle,
    userID: new TextEncoder().encode(USER_HANDLE),
    challenge,
    timeout: CHALLENGE_SECONDS * 1000,
    attestationType: "none",
    excludeCredentials: listPasskeys(ctx.db).map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

/**
 * Adds the passkey that a device made. Throws `invalid` for what is no new key for this site and this login, `conflict`
 * for a key that is known and past the limit.
 * @see https://www.w3.org/TR/webauthn-3/#sctn-registering-a-new-credential
 */
export async function registerPasskey(
  ctx: Doing<"db" | "clock" | "config">,
  made: { readonly answer: string; readonly name: string; readonly sessionId: number },
): Promise<void> {
  const site = requirePasskeySite(ctx);
  const answer = parseRegistration(made.answer);
  const name = parsePasskeyName(made.name);
  const { challenge, origin, isCrossOrigin } = parseClientData(answer.response.clientDataJSON);
  if (!(await takeChallenge(ctx, challenge, toUse(made.sessionId)))) throw invalid(PASSKEY_FIELD, TOO_LATE);
  if (origin !== site.origin || isCrossOrigin) throw invalid(PASSKEY_FIELD, foreignOrigin(site));
  const { credential, credentialBackedUp } = await verify(answer, { challenge, site });

  await ctx.db.write(() => {
    refusePastLimit(ctx);
    if (findPasskeyByCredential(ctx.db, credential.id)) {
      throw new AppError("conflict", said`This passkey is in the list already.`, { field: PASSKEY_FIELD });
    }
    insertPasskey(ctx.db, {
      credentialId: credential.id,
      publicKey: credential.publicKey,
      signCount: credential.counter,
      transports: credential.transports ?? [],
      isSynced: credentialBackedUp,
      name,
      createdAt: ctx.clock(),
    });
    record(ctx, { kind: "passkey.add", detail: name });
  });
}

/** Reads the author's name for a passkey. Throws `invalid` when it is empty or too long. */
export function parsePasskeyName(text: string): string {
  const name = cleanText(text).replace(/\s+/gu, " ").trim();
  if (name === "") throw invalid("name", said`Give the passkey a name that says where it is, such as “Phone”.`);
  if ([...name].length > MAX_PASSKEY_NAME_LENGTH) {
    throw invalid("name", said`The name is longer than ${MAX_PASSKEY_NAME_LENGTH} characters; shorten it.`);
  }
  return name;
}

/** What passkeys belong to. Throws `conflict` with the reason where browsers make none. */
export function requirePasskeySite(ctx: Pick<Context, "config">): PasskeySite {
  const site = findPasskeySite(ctx.config);
  if (site === undefined) throw new AppError("conflict", whyNoPasskeys(ctx.config));
  return site;
}

/** What to say of an answer that was made for another address. */
export function foreignOrigin({ origin }: PasskeySite): Words {
  return said`The answer was made for another address. Passkeys of this site work at ${origin}: open it there.`;
}

async function verify(answer: RegistrationResponseJSON, expected: { challenge: string; site: PasskeySite }) {
  const { challenge, site } = expected;
  try {
    await refuseCertificates(answer.response.attestationObject);
    const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
    const { registrationInfo } = await verifyRegistrationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (registrationInfo === undefined) throw new Error("The attestation does not hold.");
    return registrationInfo;
  } catch (cause) {
    // The library throws plain errors, whose words are for developers.
    throw new AppError("invalid", NOT_MADE, { field: PASSKEY_FIELD, cause });
  }
}

/** Nobody asked what kind of device it is: a certificate would only make the server look up what its address says. */
async function refuseCertificates(attestationObject: string): Promise<void> {
  const { decodeAttestationObject } = await import("@simplewebauthn/server/helpers");
  const attestation = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, "base64url")));
  const format = attestation.get("fmt");
  const isOwn = format === "packed" && attestation.get("attStmt").get("x5c") === undefined;
  if (format !== "none" && !isOwn) throw new Error(`An attestation that was not asked for: ${format}.`);
}

function refusePastLimit(ctx: Pick<Context, "db">): void {
  if (countPasskeys(ctx.db) < MAX_PASSKEYS) return;
  throw new AppError("conflict", said`There are ${MAX_PASSKEYS} passkeys, which is the limit. Remove one first.`);
}

function toUse(sessionId: number) {
  return { purpose: "register", holder: `session ${sessionId}` } as const;
}
