import { secondsLeft } from "../../auth/time-left.ts";
import type { Context } from "../../context/context.ts";
import { hashSecret, isSameSecret } from "../../lib/secrets.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import { SIGN_IN_SECONDS } from "./begin.ts";
import { browserHashOf } from "./proof-key.ts";
import type { Refusal } from "./refusal.ts";
import { shorten } from "./refusal.ts";
import type { SignIn } from "./sign-in-store.ts";
import { findSignIn, updateSignInUse } from "./sign-in-store.ts";

/** Longest code of another server, in characters. */
export const MAX_CODE_LENGTH = 4_096;

/** What another server's answer says (section 5.2.1), each empty where it is missing. */
export type SignInAnswer = {
  readonly state: string;
  readonly iss: string;
  readonly code: string;
  readonly error: string;
  readonly errorDescription: string;
};

/** The sign-in that an answer is for, as far as this browser may know of it, and what is wrong with the answer. */
export type TakenAnswer =
  | { readonly signIn: SignIn; readonly refusal: undefined }
  | { readonly signIn: SignIn | undefined; readonly refusal: Refusal };

type AnswerContext = Pick<Context, "db" | "clock">;

/**
 * Takes an answer for a sign-in of this browser. Of any number with one state the first counts, also where it is wrong; an
 * answer in another browser counts for nothing, and is told nothing.
 * @see https://indieauth.spec.indieweb.org/#authorization-response
 */
export async function takeAnswer(
  ctx: AnswerContext,
  answer: SignInAnswer,
  browserSecret: string,
): Promise<TakenAnswer> {
  const signIn = findSignIn(ctx.db, hashSecret(answer.state));
  if (signIn === undefined) return { signIn, refusal: refuse(UNKNOWN) };
  if (!isSameSecret(browserHashOf(browserSecret), signIn.browserHash)) {
    return { signIn: undefined, refusal: refuse(OTHER_BROWSER) };
  }
  const isFirst = await ctx.db.write(() => updateSignInUse(ctx.db, signIn.stateHash, ctx.clock()));
  if (!isFirst) return { signIn, refusal: refuse(REPLAYED) };
  const refusal = isFresh(ctx, signIn) ? problemOf(answer, signIn) : refuse(TOO_LATE);
  return refusal === undefined ? { signIn, refusal } : { signIn, refusal };
}

const UNKNOWN = said`This answer is for no sign-in that was begun here in the last ten minutes. Begin again.`;
const OTHER_BROWSER = said`This sign-in was begun in another browser, or this one has lost its cookies. Begin again here.`;
const REPLAYED = said`This answer came before, and counts only once. Begin again.`;
const TOO_LATE = said`The answer took longer than ten minutes. Begin again.`;

function problemOf(answer: SignInAnswer, { issuer, namesIssuer, authorizationEndpoint }: SignIn): Refusal | undefined {
  // A server that never said that it sends `iss` may leave it out (RFC 9207, section 2.4), but not send another one.
  const isFromThere = issuer === undefined || answer.iss === issuer || (answer.iss === "" && !namesIssuer);
  if (!isFromThere && answer.iss === "") {
    return refuse(said`The answer does not say which server it is from, and ${issuer} was asked.`);
  }
  if (!isFromThere) return refuse(said`The answer is from ${shorten(answer.iss)}, and ${issuer} was asked.`);
  const { host } = new URL(authorizationEndpoint);
  if (answer.error === "access_denied") return refuse(said`${host} says that you refused, so nobody is signed in.`);
  if (answer.error !== "") {
    return refuse(said`${host} answered with an error: ${shorten(`${answer.error} ${answer.errorDescription}`)}`);
  }
  if (answer.code === "" || answer.code.length > MAX_CODE_LENGTH) return refuse(said`${host} answered without a code.`);
  return undefined;
}

function isFresh(ctx: AnswerContext, { stateHash, expiresAt }: SignIn): boolean {
  return secondsLeft(ctx, `sign-in ${stateHash}`, { endsAt: expiresAt, longestSeconds: SIGN_IN_SECONDS }) > 0;
}

function refuse(reason: Words): Refusal {
  return { step: "answer", reason };
}
