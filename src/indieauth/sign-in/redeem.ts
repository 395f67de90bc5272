import type { Context } from "../../context/context.ts";
import type { JsonObject } from "../../lib/json-object.ts";
import { parseObject, textIn } from "../../lib/json-object.ts";
import type { FetchResult } from "../../lib/safe-fetch.ts";
import { createUrls } from "../../lib/urls.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import type { Refusal, Seen } from "./refusal.ts";
import { seenOf, shorten } from "./refusal.ts";
import type { SignIn } from "./sign-in-store.ts";

/** Largest answer to a code, in bytes. */
export const MAX_PROFILE_BYTES = 64 * 1024;
/** How long it may take while somebody waits, in milliseconds. */
export const REDEEM_WITHIN_MS = 5_000;

/** What an endpoint says that takes no codes: then the other one may. */
const NO_CODES_HERE: readonly number[] = [404, 405, 501];

/**
 * Redeems a code for who somebody is, and returns the `me` as it was sent: at the authorization endpoint (section 5.3.2),
 * or at the token endpoint where that one takes no codes. A token that comes with it is not looked at.
 */
export async function redeemCode(
  ctx: Pick<Context, "fetch" | "config">,
  signIn: SignIn,
  proof: { readonly code: string; readonly verifier: string },
): Promise<{ readonly me: string } | Refusal> {
  const urls = createUrls(ctx.config.SITE_URL);
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: proof.code,
    client_id: urls.clientDocument(),
    redirect_uri: urls.signInAnswer(),
    code_verifier: proof.verifier,
  }).toString();
  const { authorizationEndpoint, tokenEndpoint } = signIn;
  const answer = await send(ctx, authorizationEndpoint, body);
  const isElsewhere = answer.ok && NO_CODES_HERE.includes(answer.status);
  if (!isElsewhere || tokenEndpoint === undefined) return readMe(authorizationEndpoint, answer);
  return readMe(tokenEndpoint, await send(ctx, tokenEndpoint, body));
}

function send(ctx: Pick<Context, "fetch">, url: string, body: string): Promise<FetchResult> {
  return ctx.fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body,
    accept: "application/json",
    maxBytes: MAX_PROFILE_BYTES,
    withinMs: REDEEM_WITHIN_MS,
  });
}

function readMe(url: string, answer: FetchResult): { readonly me: string } | Refusal {
  const seen = seenOf(url, answer);
  if (!answer.ok) return refuse(said`The code could not be redeemed: ${answer.outcome.reason}`, seen);
  const given = parseObject(answer.body.toString());
  if (answer.status !== 200) return refuse(refusedCode(answer.status, given), seen);
  // What came may hold a token, which has no place on a page: only the names of its parts are shown.
  if (given === undefined) return refuse(said`The server took the code and answered with no JSON object.`, seen);
  const me = textIn(given, "me");
  if (me !== "") return { me };
  const names = shorten(Object.keys(given).join(", "));
  return refuse(said`The server took the code and did not say whose it is.`, { ...seen, excerpt: names });
}

function refusedCode(status: number, given: JsonObject | undefined): Words {
  const error = given === undefined ? "" : shorten(`${textIn(given, "error")} ${textIn(given, "error_description")}`);
  if (error === "") return said`The code was not taken. The server answered with status ${status}.`;
  return said`The code was not taken. The server answered with status ${status}: ${error}`;
}

function refuse(reason: Words, seen: Seen): Refusal {
  return { step: "code", reason, seen };
}
