import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import { discoverServer } from "./discover.ts";
import type { Identity } from "./identity-store.ts";
import { findIdentity } from "./identity-store.ts";
import { parseProfileUrl } from "./profile-url.ts";
import type { Refusal } from "./refusal.ts";
import { isRefusal, shorten } from "./refusal.ts";
import type { SignIn } from "./sign-in-store.ts";

/**
 * Confirms who somebody is: the address that the server names may enter, exactly as it is kept; and where it is not the
 * one that was entered or that led there, its own page names the same server. Any server could else speak for it.
 * @see https://indieauth.spec.indieweb.org/#authorization-server-confirmation
 */
export async function confirmIdentity(
  ctx: Pick<Context, "db" | "fetch">,
  signIn: SignIn,
  given: string,
): Promise<Identity | Refusal> {
  const me = canonical(given);
  if (me === undefined) {
    return refuse(said`The server says that you are ${shorten(given)}, which is no address of a person.`);
  }
  const identity = findIdentity(ctx.db, me);
  if (identity === undefined) {
    return refuse(said`You are ${me}, as the server says, and that address may not enter this site.`);
  }
  if (me === signIn.me || me === signIn.landed) return identity;

  const found = await discoverServer(ctx, me);
  if (isRefusal(found)) return { ...found, step: "confirmation" };
  const { authorizationEndpoint: asked } = signIn;
  const isSame = found.authorizationEndpoint === asked && found.issuer === signIn.issuer;
  if (isSame) return identity;
  const other = found.authorizationEndpoint;
  return refuse(
    said`The server says that you are ${me}, but that address names another server, ${other}, and not ${asked}.`,
  );
}

/** The address as it is kept; undefined for what is none, or was sent without its scheme. */
function canonical(given: string): string | undefined {
  if (!/^https?:\/\//i.test(given)) return undefined;
  try {
    return parseProfileUrl(given);
  } catch (error) {
    if (error instanceof AppError) return undefined; // Another server's words, not a field to be marked.
    throw error;
  }
}

function refuse(reason: Words): Refusal {
  return { step: "confirmation", reason };
}
