import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { MAX_CREDENTIAL_LENGTH } from "./passkey.ts";

/** What the browser says of the answer, which the device signs with it. */
export type ClientData = {
  readonly type: string;
  readonly challenge: string;
  readonly origin: string;
  readonly isCrossOrigin: boolean;
};

/** Field of every form that carries the answer of a device. */
export const PASSKEY_FIELD = "passkey";

/** Transports that are kept of a device, at most. */
const MAX_TRANSPORTS = 8;
const BASE64URL = /^[\w-]+$/;

/** Reads a new key as `PublicKeyCredential.toJSON()` writes it. Throws `invalid`. */
export function parseRegistration(text: string): RegistrationResponseJSON {
  const { id, response } = parseEnvelope(text);
  const transports = Array.isArray(response.transports) ? (response.transports as unknown[]) : [];
  return {
    ...envelope(id),
    response: {
      clientDataJSON: base64url(response.clientDataJSON),
      attestationObject: base64url(response.attestationObject),
      transports: transports
        .filter((each) => typeof each === "string" && /^[\w-]{1,32}$/.test(each))
        .slice(0, MAX_TRANSPORTS) as string[],
    },
  };
}

/** Reads a signature as `PublicKeyCredential.toJSON()` writes it. Throws `invalid`. */
export function parseAssertion(text: string): AuthenticationResponseJSON {
  const { id, response } = parseEnvelope(text);
  return {
    ...envelope(id),
    response: {
      clientDataJSON: base64url(response.clientDataJSON),
      authenticatorData: base64url(response.authenticatorData),
      signature: base64url(response.signature),
      ...(typeof response.userHandle === "string" ? { userHandle: base64url(response.userHandle) } : {}),
    },
  };
}

/** What the browser says of an answer. Throws `invalid`. */
export function parseClientData(encoded: string): ClientData {
  const client = parseObject(Buffer.from(encoded, "base64url").toString());
  const text = (name: string) => (typeof client[name] === "string" ? client[name] : "");
  return {
    type: text("type"),
    challenge: text("challenge"),
    origin: text("origin"),
    isCrossOrigin: client.crossOrigin === true,
  };
}

function parseEnvelope(text: string): { id: string; response: Record<string, unknown> } {
  if (text.length > MAX_CREDENTIAL_LENGTH) throw unreadable();
  const { id, response } = parseObject(text);
  return { id: base64url(id), response: asObject(response) };
}

function envelope(id: string) {
  return { id, rawId: id, type: "public-key", clientExtensionResults: {} } as const;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text));
  } catch (cause) {
    throw unreadable(cause);
  }
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unreadable();
  return value as Record<string, unknown>;
}

function base64url(value: unknown): string {
  if (typeof value !== "string" || !BASE64URL.test(value)) throw unreadable();
  return value;
}

function unreadable(cause?: unknown): AppError {
  return new AppError("invalid", said`That is not what a device answers. Load the page again and try once more.`, {
    field: PASSKEY_FIELD,
    cause,
  });
}
