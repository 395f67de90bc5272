import { domainToUnicode } from "node:url";
import { countChanges } from "../lib/nearest.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";
import { isLoopbackHost, isSameOrigin } from "./identifiers.ts";

/** Letters by which two hosts may differ and still be taken for one another. */
export const LOOKALIKE_CHANGES = 2;
/** Hosts shorter than this are like many others, so nothing is said of them. */
export const MIN_LOOKALIKE_LENGTH = 8;

/** What the author is to look at twice before consenting. */
export type Caution =
  | { readonly kind: "other-site"; readonly host: string }
  | { readonly kind: "opens-app"; readonly scheme: string }
  | { readonly kind: "not-encrypted" }
  | { readonly kind: "foreign-letters"; readonly shown: string; readonly host: string }
  | { readonly kind: "lookalike"; readonly host: string; readonly known: string }
  | { readonly kind: "no-challenge" }
  | { readonly kind: "unknown-app"; readonly problem: string };

/** What there is to compare an app with. */
export type Surroundings = {
  /** Hosts that the author knows: her own, and those of apps that she allowed before. */
  readonly knownHosts: readonly string[];
  /** Why the app's own page could not be read; empty: it was. */
  readonly problem: string;
};

/** Everything about a request that should make the author look twice, the most telling first. */
export function cautionsFor(request: AuthorizationRequest, { knownHosts, problem }: Surroundings): Caution[] {
  const client = new URL(request.clientId);
  const known = knownHosts.find((host) => isLookalike(client.hostname, host));
  const isForeign = client.hostname.split(".").some((label) => label.startsWith("xn--"));
  return [
    ...(known === undefined ? [] : [{ kind: "lookalike", host: client.hostname, known } as const]),
    ...(isForeign ? [foreignLetters(client.hostname)] : []),
    ...redirectCautions(request),
    ...(client.protocol === "http:" && !isLoopbackHost(request.clientId) ? [{ kind: "not-encrypted" } as const] : []),
    ...(request.codeChallenge === undefined ? [{ kind: "no-challenge" } as const] : []),
    ...(problem === "" ? [] : [{ kind: "unknown-app", problem } as const]),
  ];
}

function redirectCautions(request: AuthorizationRequest): Caution[] {
  const target = new URL(request.redirectUri);
  if (!/^https?:$/.test(target.protocol)) return [{ kind: "opens-app", scheme: target.protocol.slice(0, -1) }];
  return isSameOrigin(request.redirectUri, request.clientId) ? [] : [{ kind: "other-site", host: target.host }];
}

function foreignLetters(host: string): Caution {
  return { kind: "foreign-letters", shown: domainToUnicode(host), host };
}

/** Whether a host could be taken for a known one: not the same, nor a part of it, and few letters away. */
function isLookalike(host: string, known: string): boolean {
  if (host === known || host.endsWith(`.${known}`) || known.endsWith(`.${host}`)) return false;
  if (Math.min(host.length, known.length) < MIN_LOOKALIKE_LENGTH) return false;
  return countChanges(host, known) <= LOOKALIKE_CHANGES;
}
