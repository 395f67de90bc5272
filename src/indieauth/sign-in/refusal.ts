import type { FetchResult } from "../../lib/safe-fetch.ts";
import { cleanText, excerpt } from "../../lib/text.ts";
import type { Words } from "../../lib/words.ts";

/** Characters that are shown of what another server answered. */
export const MAX_SEEN_LENGTH = 200;

/** The steps of a sign-in, in their order. */
export const SIGN_IN_STEPS = ["address", "server", "answer", "code", "confirmation"] as const;

/** One of these steps. */
export type SignInStep = (typeof SIGN_IN_STEPS)[number];

/** What another server did that ended a sign-in. Plain text; nothing of it is safe as HTML. */
export type Seen = {
  readonly url: string;
  /** 0: it did not answer. */
  readonly status: number;
  /** The beginning of its answer; empty: nothing, or nothing to be shown. */
  readonly excerpt: string;
};

/** Why a sign-in ended: at which step, a sentence for whoever tried, and what was seen. */
export type Refusal = { readonly step: SignInStep; readonly reason: Words; readonly seen?: Seen };

/** Whether a sign-in, or a step of it, came to nothing. */
export function isRefusal(result: object): result is Refusal {
  return "reason" in result && "step" in result;
}

/** What is shown of an answer of the server at `url`. */
export function seenOf(url: string, answer: FetchResult): Seen {
  if (!answer.ok) return { url, status: 0, excerpt: "" };
  return { url: answer.url, status: answer.status, excerpt: shorten(answer.body.toString("utf8", 0, 4_096)) };
}

/** A text of another server in one short line. */
export function shorten(text: string): string {
  return excerpt(cleanText(text), MAX_SEEN_LENGTH);
}
