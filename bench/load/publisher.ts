import { setTimeout as sleep } from "node:timers/promises";
import { generateNote } from "../sets/generate-note.ts";
import { createConnection } from "./connection.ts";

/** A client that publishes. */
export type Publisher = {
  /** Publishes the next note, and resolves with how long that took, in milliseconds. Throws when it was not published. */
  readonly publish: () => Promise<Published>;
  readonly close: () => void;
};

/** A note that was published just now. */
export type Published = { readonly ms: number; readonly location: string; readonly content: string };

/** Where a client publishes, and what. */
export type PublisherOptions = { readonly origin: string; readonly token: string; readonly texts: () => string };

/** Numbers of the generator from which on no set has a note. */
const FIRST_TEXT = 10_000_000;

/** Creates a source of texts that were never published: short ones, as most notes are, each with a word of its own. */
export function createTexts(): () => string {
  let number = FIRST_TEXT;
  return () => {
    number += 1;
    while (generateNote(number).title !== undefined) number += 1;
    return `${generateNote(number).content} note${number}`;
  };
}

/** What a client of the Micropub endpoint sends to publish a text. */
export function micropubRequest({ token, texts }: Pick<PublisherOptions, "token" | "texts">) {
  const content = texts();
  return {
    content,
    path: "/micropub",
    method: "POST" as const,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ h: "entry", content, category: "measured" }).toString(),
  };
}

/** Creates a client of the product's Micropub endpoint with one connection. */
export function createPublisher(options: PublisherOptions): Publisher {
  const connection = createConnection(options.origin);
  return {
    async publish() {
      const { content, ...post } = micropubRequest(options);
      const { status, headers, body, ms } = await connection.post(post);
      if (status !== 201) throw new Error(`A note was answered with ${status} instead of 201: ${body.slice(0, 200)}`);
      return { ms, location: headers.get("location") ?? "", content };
    },
    close: connection.close,
  };
}

/** Publishes so many notes a second until the signal; resolves with how long each took, and how many failed. */
export async function keepPublishing(
  publisher: Publisher,
  { perSecond, signal }: { perSecond: number; signal: AbortSignal },
): Promise<{ durations: number[]; failures: number }> {
  const durations: number[] = [];
  let failures = 0;
  const startedAt = performance.now();
  while (!signal.aborted) {
    try {
      durations.push((await publisher.publish()).ms);
    } catch {
      failures += 1; // Counted: whether there are any is what is asked.
    }
    const next = startedAt + ((durations.length + failures) * 1000) / perSecond;
    await sleep(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => undefined);
  }
  return { durations, failures };
}
