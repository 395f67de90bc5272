import { MAX_IDENTIFIER_LENGTH } from "../../auth/client-id.ts";
import { isUrl } from "../../lib/is-url.ts";
import { urlKind } from "../../lib/safe-url.ts";
import { isAsSafeAs } from "./profile-url.ts";

/** Largest page or document that is read to find a server, in bytes. */
export const MAX_DISCOVERY_BYTES = 512 * 1024;
/** How long each of them may take while somebody waits, in milliseconds. */
export const DISCOVERY_WITHIN_MS = 5_000;

/** The server that speaks for an address. */
export type FoundServer = {
  /** Where the address led, after redirects. */
  readonly landed: string;
  readonly authorizationEndpoint: string;
  /** Undefined: none is named. */
  readonly tokenEndpoint: string | undefined;
  /** Undefined: the server has no metadata. */
  readonly issuer: string | undefined;
  /** Whether it says that its answers always carry `iss`. */
  readonly namesIssuer: boolean;
};

/**
 * The address of an endpoint, absolute against where it was named; undefined for what is none, and for plain http where
 * `me` has https.
 */
export function toEndpoint(me: string, base: string, target: string | undefined): string | undefined {
  if (target === undefined || target === "" || !isUrl(target, base)) return undefined;
  const url = new URL(target, base);
  url.hash = "";
  const isFine = urlKind(url.href) === "web" && url.href.length <= MAX_IDENTIFIER_LENGTH;
  return isFine && isAsSafeAs(me, url.href) ? url.href : undefined;
}
