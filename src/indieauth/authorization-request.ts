import { AppError, invalid } from "../lib/errors.ts";
import { parseClientId, parseRedirectUri } from "./identifiers.ts";

/** Characters of `state`, which goes back to the app as it came. */
export const MAX_STATE_LENGTH = 2_000;
/** Scopes that one request may name, and characters of each. */
export const MAX_SCOPES = 30;
export const MAX_SCOPE_LENGTH = 60;
/** What a code verifier looks like (RFC 7636, section 4.1). */
export const CODE_VERIFIER = /^[\w.~-]{43,128}$/;

/** The parameters of a request by name, each with all its values. */
export type Parameters = { all(name: string): readonly string[] };

/** Who asks, and where the answer goes. Nothing is sent there before both have been checked. */
export type Asker = { readonly clientId: string; readonly redirectUri: string };

/** What an app asks for (section 5.2). */
export type AuthorizationRequest = Asker & {
  readonly state: string;
  /** In the order of the request, each once; none: it only wants to know who the author is. */
  readonly scopes: readonly string[];
  /** Undefined: without PKCE. */
  readonly codeChallenge: string | undefined;
};

/** An error that goes back to the app (RFC 6749, section 4.1.2.1). */
export type AuthorizationError = {
  readonly error: "invalid_request" | "unsupported_response_type" | "invalid_scope" | "access_denied";
  readonly description: string;
};

/** Reads who asks. Throws `invalid` with a sentence for the author, since there is no place to send it to. */
export function readAsker(sent: Parameters): Asker {
  const clientId = parseClientId(one(sent, "client_id"));
  return { clientId, redirectUri: parseRedirectUri(one(sent, "redirect_uri")) };
}

/**
 * Reads the rest of the request. Returns the error that the app gets for what it got wrong; a request without a code
 * challenge is one such, unless `allowsNoChallenge`.
 * @see https://indieauth.spec.indieweb.org/#authorization-request
 */
export function readAuthorizationRequest(
  sent: Parameters,
  asker: Asker,
  options: { readonly allowsNoChallenge: boolean },
): AuthorizationRequest | AuthorizationError {
  try {
    const type = one(sent, "response_type");
    if (type !== "code") {
      return { error: "unsupported_response_type", description: "response_type must be code." };
    }
    const scopes = readScopes(one(sent, "scope"));
    return { ...asker, state: readState(sent), scopes, codeChallenge: readChallenge(sent, options) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { error: error.field === "scope" ? "invalid_scope" : "invalid_request", description: error.message };
  }
}

/** Reads scopes with spaces between, known here or not, each once. Throws `invalid` past a limit or for odd characters. */
export function readScopes(scope: string): string[] {
  const names = [...new Set(scope.split(" ").filter((name) => name !== ""))];
  const isFine = names.every((name) => name.length <= MAX_SCOPE_LENGTH && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name));
  if (isFine && names.length <= MAX_SCOPES) return names;
  throw invalid(
    "scope",
    `scope may name ${MAX_SCOPES} scopes of at most ${MAX_SCOPE_LENGTH} printable characters each, without quotes.`,
  );
}

function readState(sent: Parameters): string {
  const state = one(sent, "state");
  if (state.length > MAX_STATE_LENGTH) throw invalid("state", `state may have ${MAX_STATE_LENGTH} characters.`);
  return state;
}

function readChallenge(sent: Parameters, options: { readonly allowsNoChallenge: boolean }): string | undefined {
  const challenge = one(sent, "code_challenge");
  const method = one(sent, "code_challenge_method");
  if (challenge === "" && method === "" && options.allowsNoChallenge) return undefined;
  if (method !== "S256")
    throw invalid("code_challenge_method", "PKCE is required, and its code_challenge_method is S256.");
  // What S256 gives is 43 characters long, always.
  if (!/^[\w-]{43}$/.test(challenge)) {
    throw invalid("code_challenge", "code_challenge must be the 43 characters of a SHA-256 in base64url.");
  }
  return challenge;
}

/** The one value of a parameter, empty where it is missing. Throws `invalid` when it comes twice (RFC 6749, section 3.1). */
export function one(sent: Parameters, name: string): string {
  const values = sent.all(name);
  if (values.length > 1) throw invalid(name, `${name} was sent ${values.length} times. Send it once.`);
  return values[0] ?? "";
}
