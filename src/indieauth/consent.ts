import type { Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import { secondsLeft } from "../auth/time-left.ts";
import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { createSecret, hashSecret } from "../lib/secrets.ts";
import { said } from "../lib/words.ts";
import type { Asker, AuthorizationError, AuthorizationRequest } from "./authorization-request.ts";
import type { StoredRequest } from "./authorization-store.ts";
import {
  findRequest,
  insertCode,
  insertRequest,
  removeCodesBefore,
  removeOldRequests,
  removeRequest,
} from "./authorization-store.ts";
import { profileUrl } from "./identifiers.ts";

/** How long the author may think about a request, in seconds. */
export const REQUEST_SECONDS = 3_600;
/** Requests that wait at once; the oldest goes first. */
export const MAX_WAITING_REQUESTS = 100;
/** How long an app may take to redeem a code, in seconds (section 5.3: at most ten minutes). */
export const CODE_SECONDS = 600;
/** How long a code is kept, to know it again when it comes twice, in seconds. */
export const CODE_KEPT_SECONDS = 86_400;

/** How long a grant may hold, by the name of the choice, in seconds; undefined: until it is revoked. */
export const GRANT_LENGTHS = {
  day: 86_400,
  month: 30 * 86_400,
  year: 365 * 86_400,
  always: undefined,
} as const;

/** Name of such a choice. */
export type GrantLength = keyof typeof GRANT_LENGTHS;

/** What the author allowed. */
export type Approval = {
  /** Of those that were asked for; others are left out. */
  readonly scopes: readonly string[];
  readonly length: GrantLength;
  readonly writesMarkdown: boolean;
};

type ConsentContext = Doing<"db" | "clock" | "config">;

/** Keeps what an app asks for until the author has answered, and returns the name by which the form knows it. */
export async function keepRequest(
  ctx: ConsentContext,
  request: AuthorizationRequest,
  clientName: string,
): Promise<string> {
  const name = createSecret();
  const createdAt = ctx.clock();
  const expiresAt = addSeconds(createdAt, REQUEST_SECONDS);
  await ctx.db.write(() => {
    insertRequest(ctx.db, { ...request, requestHash: hashSecret(name), clientName, createdAt, expiresAt });
    removeOldRequests(ctx.db, MAX_WAITING_REQUESTS);
    record(ctx, { kind: "app.ask", detail: describeAsked(request.clientId, request.scopes) });
  });
  return name;
}

/**
 * Approves a request: makes its code and returns where the browser is to go, with `code`, `state` and `iss`
 * (section 5.2.1). A request is answered once. Throws `not_found` for one that is answered, too old, or never was.
 */
export async function approveRequest(ctx: ConsentContext, name: string, approval: Approval): Promise<string> {
  const request = requireRequest(ctx, name);
  const code = createSecret();
  const createdAt = ctx.clock();
  const scopes = request.scopes.filter((scope) => approval.scopes.includes(scope));
  await ctx.db.write(() => {
    takeRequest(ctx, request);
    removeCodesBefore(ctx.db, addSeconds(createdAt, -CODE_KEPT_SECONDS));
    insertCode(ctx.db, {
      ...request,
      codeHash: hashSecret(code),
      scopes,
      lastsSeconds: GRANT_LENGTHS[approval.length],
      writesMarkdown: approval.writesMarkdown,
      createdAt,
      expiresAt: addSeconds(createdAt, CODE_SECONDS),
    });
    record(ctx, { kind: "app.allow", detail: `${describeAsked(request.clientId, scopes)}, ${approval.length}` });
  });
  return answerAddress(ctx, request, { code });
}

/** Refuses a request and returns where the browser is to go, with `error=access_denied`. Throws as `approveRequest`. */
export async function denyRequest(ctx: ConsentContext, name: string): Promise<string> {
  const request = requireRequest(ctx, name);
  await ctx.db.write(() => {
    takeRequest(ctx, request);
    record(ctx, { kind: "app.deny", detail: describeAsked(request.clientId, request.scopes) });
  });
  return errorAddress(ctx, request, { error: "access_denied", description: "The author refused." });
}

/** Where the browser takes an error to the app (RFC 6749, section 4.1.2.1). */
export function errorAddress(
  ctx: Pick<Context, "config">,
  to: Asker & { readonly state: string },
  { error, description }: AuthorizationError,
): string {
  // The characters of error_description are those of section 4.1.2.1: no quotes, nothing beyond ASCII.
  const plain = description.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'");
  return answerAddress(ctx, to, { error, error_description: plain });
}

/** The request that goes by this name. Throws `not_found` for one that is answered, too old, or never was. */
export function requireRequest(ctx: ConsentContext, name: string): StoredRequest {
  const request = findRequest(ctx.db, hashSecret(name));
  if (request === undefined || !isFresh(ctx, request)) throw answered();
  return request;
}

/** An app and what it may do, in the words of the audit log. */
function describeAsked(clientId: string, scopes: readonly string[]): string {
  return `${clientId}: ${scopes.join(" ") || "only who the author is"}`;
}

function takeRequest(ctx: ConsentContext, { requestHash }: StoredRequest): void {
  if (!removeRequest(ctx.db, requestHash)) throw answered();
}

function isFresh(ctx: ConsentContext, { requestHash, expiresAt }: StoredRequest): boolean {
  return secondsLeft(ctx, `request ${requestHash}`, { endsAt: expiresAt, longestSeconds: REQUEST_SECONDS }) > 0;
}

/** The address with parameters added: its own query stays, and `iss` names the server (RFC 9207). */
function answerAddress(
  ctx: Pick<Context, "config">,
  to: Asker & { readonly state: string },
  parameters: Readonly<Record<string, string>>,
): string {
  const state = to.state === "" ? {} : { state: to.state };
  const added = new URLSearchParams({ ...parameters, ...state, iss: profileUrl(ctx.config.SITE_URL) });
  return to.redirectUri + (to.redirectUri.includes("?") ? "&" : "?") + added;
}

function answered(): AppError {
  return new AppError(
    "not_found",
    said`This request was answered already, or is too old. Go back to the app and start again from there.`,
  );
}
