import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import type { FetchResponse } from "../lib/safe-fetch.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { loadSharp } from "../media/load-sharp.ts";
import type { Asker } from "./authorization-request.ts";
import type { ClientInformation } from "./client-information.ts";
import { NO_INFORMATION, readClientInformation } from "./client-information.ts";
import type { ClientApp } from "./client-store.ts";
import { findClientApp, keepClientApp, removeOldClientApps } from "./client-store.ts";
import { isLoopbackHost, isSameOrigin } from "./identifiers.ts";

/** Largest page or document of an app that is read, in bytes; largest logo, before it is made small. */
export const MAX_CLIENT_BYTES = 256 * 1024;
export const MAX_LOGO_BYTES = 1024 * 1024;
/** How long an app may take to say what it is while the author waits, in milliseconds; and its logo. */
export const CLIENT_WITHIN_MS = 5_000;
export const LOGO_WITHIN_MS = 3_000;
/** How long what an app says is believed, in seconds: what its headers say, within these, and else the usual. */
export const FRESH_SECONDS = { least: 300, usual: 3_600, most: 86_400, afterFailure: 60 } as const;
/** Apps that are remembered. */
export const MAX_CLIENT_APPS = 500;
/** Width and height of a logo, in pixels. */
export const LOGO_PIXELS = 96;
/** Pixels of a logo that are decoded at most. */
const MAX_LOGO_PIXELS = 16_000_000;

type ClientContext = Pick<Context, "db" | "clock" | "fetch">;
type Learned = {
  readonly information: ClientInformation;
  readonly logo: Buffer | undefined;
  readonly problem: string;
  readonly freshSeconds: number;
};

/**
 * What an app says of itself, fetched unless it is known freshly. What cannot be fetched or believed is a sentence in
 * `problem`. An app on the machine itself is never fetched, whatever the configuration allows (section 4.2).
 */
export async function findOrFetchClient(ctx: ClientContext, clientId: string): Promise<ClientApp> {
  const known = findClientApp(ctx.db, clientId);
  const now = ctx.clock();
  // A clock that was set back makes nothing fresh.
  if (known !== undefined && known.fetchedAt <= now && now < known.freshUntil) return known;
  const { information, logo, problem, freshSeconds } = await learn(ctx, clientId);
  const fetchedAt = ctx.clock();
  const freshUntil = addSeconds(fetchedAt, freshSeconds);
  const { name, uri, redirectUris } = information;
  return ctx.db.write(() => {
    keepClientApp(ctx.db, { clientId, name, uri, redirectUris, logo, problem, fetchedAt, freshUntil });
    removeOldClientApps(ctx.db, MAX_CLIENT_APPS);
    const kept = findClientApp(ctx.db, clientId);
    if (kept === undefined) throw new Error("An app that was just kept is not there.");
    return kept;
  });
}

/** Whether an app may have the author sent there: a page of its own, or an address that it lists (sections 4.2.2, 10.1). */
export function isAllowedRedirect({ clientId, redirectUri }: Asker, app: Pick<ClientApp, "redirectUris">): boolean {
  const isWeb = /^https?:$/.test(new URL(redirectUri).protocol);
  return (isWeb && isSameOrigin(redirectUri, clientId)) || app.redirectUris.includes(redirectUri);
}

async function learn(ctx: ClientContext, clientId: string): Promise<Learned> {
  if (isLoopbackHost(clientId)) return nothing(said`It runs on this machine, so nobody can vouch for it.`);
  const accept = "application/json, text/html;q=0.9";
  const limits = { maxBytes: MAX_CLIENT_BYTES, withinMs: CLIENT_WITHIN_MS, refusesLoopback: true };
  const answer = await ctx.fetch(clientId, { accept, ...limits });
  if (!answer.ok) return nothing(answer.outcome.reason);
  if (answer.status !== 200) return nothing(said`Its page answers with status ${answer.status}.`);
  // A redirect may lead anywhere: only the app's own site can speak for it.
  if (!isSameOrigin(answer.url, clientId)) return nothing(said`Its page leads to another site.`);
  const information = await readClientInformation(clientId, answer);
  if (information === undefined) return nothing(said`The document at its address speaks for another client_id.`);
  const logo = information.logoUrl === "" ? undefined : await fetchLogo(ctx, information.logoUrl);
  return { information, logo, problem: "", freshSeconds: freshSecondsOf(answer) };
}

function nothing(problem: Words): Learned {
  return {
    information: NO_INFORMATION,
    logo: undefined,
    problem: problem.toString(),
    freshSeconds: FRESH_SECONDS.afterFailure,
  };
}

/** How long an answer says that it is good for (RFC 9111, section 5.2.2.1), within our limits. */
function freshSecondsOf({ headers }: FetchResponse): number {
  const control = headers.get("cache-control") ?? "";
  if (/\bno-(?:store|cache)\b/i.test(control)) return FRESH_SECONDS.least;
  const seconds = Number(/\bmax-age\s*=\s*"?(\d{1,9})/i.exec(control)?.[1] ?? FRESH_SECONDS.usual);
  return Math.min(FRESH_SECONDS.most, Math.max(FRESH_SECONDS.least, seconds));
}

/** A small PNG of the logo, so that no page of ours asks the app's server; undefined for what is no image. */
async function fetchLogo(ctx: ClientContext, url: string): Promise<Buffer | undefined> {
  const limits = { maxBytes: MAX_LOGO_BYTES, withinMs: LOGO_WITHIN_MS, refusesLoopback: true };
  const answer = await ctx.fetch(url, { accept: "image/png, image/webp, image/jpeg, image/gif", ...limits });
  if (!answer.ok || answer.status !== 200) return undefined;
  try {
    const sharp = await loadSharp();
    const image = sharp(answer.body, { limitInputPixels: MAX_LOGO_PIXELS, failOn: "error" });
    return await image.resize(LOGO_PIXELS, LOGO_PIXELS, { fit: "inside" }).png().toBuffer();
  } catch {
    return undefined; // Not an image that is taken: an app without a logo is no worse for it.
  }
}
