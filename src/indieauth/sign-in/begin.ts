import type { Doing } from "../../audit/record.ts";
import { reserveTry } from "../../auth/throttle.ts";
import type { Context } from "../../context/context.ts";
import { addSeconds } from "../../lib/clock.ts";
import { createSecret, hashSecret } from "../../lib/secrets.ts";
import { createUrls } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import { discoverServer } from "./discover.ts";
import type { FoundServer } from "./found-server.ts";
import { refuseOwn } from "./identities.ts";
import { listIdentities } from "./identity-store.ts";
import { isSameSite, parseProfileUrl } from "./profile-url.ts";
import type { SignInSecrets } from "./proof-key.ts";
import { browserHashOf, challengeOf } from "./proof-key.ts";
import type { Refusal } from "./refusal.ts";
import { isRefusal } from "./refusal.ts";
import { insertSignIn, removeOldSignIns } from "./sign-in-store.ts";

/** How long another server may take to answer a sign-in, with whoever reads its page, in seconds. */
export const SIGN_IN_SECONDS = 600;
/** Sign-ins that wait at once; the oldest goes first. No more begin within an hour than there may be failed logins. */
export const MAX_SIGN_INS = 100;

/** What somebody typed who wants to sign in, and where that was. */
export type SignInStart = {
  readonly typed: string;
  readonly address: string;
  /** Of the cookie by which the answer is known to come to the same browser. */
  readonly browserSecret: string;
  /** Where to go afterwards, already checked. */
  readonly next: string;
  /** A form that the login came in between, as JSON. */
  readonly kept: string | undefined;
};

type StartContext = Doing<"db" | "clock" | "config" | "fetch">;

/**
 * Begins to sign somebody in by an address: finds its server and returns where to send the browser. Only addresses on the
 * site of one that was let in are asked for anything. Counts as a failed login until it succeeds. Throws `invalid` for
 * what is no address of a person, `throttled` after too many tries.
 * @see https://indieauth.spec.indieweb.org/#authorization-request
 */
export async function beginSignIn(
  ctx: StartContext,
  start: SignInStart,
): Promise<{ readonly target: string } | Refusal> {
  const me = parseProfileUrl(start.typed);
  refuseOwn(ctx, me);
  const tryId = await reserveTry(ctx, { address: start.address });
  if (!listIdentities(ctx.db).some((identity) => isSameSite(identity.me, me))) return stranger(me);
  const found = await discoverServer(ctx, me);
  if (isRefusal(found)) return found;

  const secrets = { state: createSecret(), browserSecret: start.browserSecret };
  const createdAt = ctx.clock();
  await ctx.db.write(() => {
    removeOldSignIns(ctx.db, { now: createdAt, kept: MAX_SIGN_INS - 1 });
    insertSignIn(ctx.db, {
      ...found,
      stateHash: hashSecret(secrets.state),
      browserHash: browserHashOf(secrets.browserSecret),
      me,
      next: start.next,
      kept: start.kept,
      tryId,
      createdAt,
      expiresAt: addSeconds(createdAt, SIGN_IN_SECONDS),
    });
  });
  return { target: targetOf(ctx, { me, found, secrets }) };
}

/** Forgets the sign-ins that nobody finished, with the texts that a login came in between. */
export async function forgetSignIns(ctx: Pick<Context, "db" | "clock">): Promise<void> {
  await ctx.db.write(() => removeOldSignIns(ctx.db, { now: ctx.clock(), kept: MAX_SIGN_INS }));
}

/** Where the browser is sent: no scope, since nothing is wanted but who it is. */
function targetOf(
  ctx: Pick<Context, "config">,
  { me, found, secrets }: { me: string; found: FoundServer; secrets: SignInSecrets },
): string {
  const urls = createUrls(ctx.config.SITE_URL);
  const target = new URL(found.authorizationEndpoint);
  const parameters = {
    response_type: "code",
    client_id: urls.clientDocument(),
    redirect_uri: urls.signInAnswer(),
    state: secrets.state,
    code_challenge: challengeOf(secrets),
    code_challenge_method: "S256",
    me,
  };
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  return target.href;
}

function stranger(me: string): Refusal {
  return { step: "address", reason: said`${me} may not enter this site. Its author can let it in, under Logins.` };
}
