import { Agent } from "node:http";
import { percentile } from "../figures.ts";
import type { Question } from "./ask.ts";
import { ask } from "./ask.ts";
import type { LoadResult } from "./wrk.ts";

/** A load that this process makes itself: for warming up, for requests that wrk cannot make, and where there is no wrk. */
export type NodeLoad = {
  readonly origin: string;
  /** What the request with this number asks, from 0. */
  readonly question: (index: number) => Question & { readonly path: string };
  readonly status: number;
  readonly requests: number;
  readonly connections: number;
  /** Ends it before all are sent; undefined: nothing does. */
  readonly secondsAtMost?: number;
};

/** Sends so many requests over so many connections, as long as there is time. Throws when one is answered with another status. */
export async function runNodeLoad(load: NodeLoad): Promise<LoadResult> {
  const { origin, question, status, requests, connections, secondsAtMost = Number.POSITIVE_INFINITY } = load;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const durations: number[] = [];
  let bytes = 0;
  let sent = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + secondsAtMost * 1000;
  const work = async () => {
    while (sent < requests && performance.now() < endsAt) {
      const { path, ...asked } = question(sent++);
      const askedAt = performance.now();
      const answer = await ask(origin + path, { ...asked, agent });
      durations.push(performance.now() - askedAt);
      bytes += answer.body.length;
      if (answer.status !== status) {
        throw new Error(`${path.split("?")[0]} was answered with ${answer.status} instead of ${status}.`);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, work));
  } finally {
    agent.destroy();
  }
  return {
    requests: durations.length,
    seconds: (performance.now() - startedAt) / 1000,
    bytes,
    p50Ms: percentile(durations, 0.5),
    p99Ms: percentile(durations, 0.99),
  };
}

/** A number of this kind of address as it comes from another network each time. */
export function someAddress(index: number): string {
  return `11.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
}
