import type { IncomingMessage } from "node:http";
import { toVisitorNetwork } from "../auth/network.ts";
import type { Context } from "../context/context.ts";
import { createClientAddress } from "./client-address.ts";

/** How often one network may do something: so many times at once, and once more whenever `everyMs` have passed. */
export type Rate = { readonly atOnce: number; readonly everyMs: number };

/** Searches: more than anyone reads, less than a machine asks for. */
export const SEARCH_RATE: Rate = { atOnce: 30, everyMs: 1_000 };

/** Wrong tokens and wrong set-up links. Of 256 bits nothing can be guessed; this keeps those who try from being a load. */
export const WRONG_SECRET_RATE: Rate = { atOnce: 20, everyMs: 60_000 };

/** Challenges for passkeys, before a login: each is a write, and a browser asks for a few. */
export const CHALLENGE_RATE: Rate = { atOnce: 20, everyMs: 15_000 };

/** Networks that one limit keeps in mind. Past it, whoever came longest ago is forgotten. */
export const MAX_NETWORKS = 10_000;

/** How often those are forgotten who may do everything at once again, in milliseconds. */
export const SWEEP_MS = 60_000;

/** Turns of each network, in the memory of this process alone. */
export type RateLimit = {
  /** Takes a turn and returns 0; or takes none and returns the whole seconds until there will be one. */
  take(network: string): number;
  /** Networks in mind. */
  size(): number;
};

/** Creates a token bucket for each network. `now` is in milliseconds and never goes back, whatever is done to the clock. */
export function createRateLimit(rate: Rate, now: () => number = () => performance.now()): RateLimit {
  /** When the bucket of each network will be full again; the network that came last is last. */
  const fullAt = new Map<string, number>();
  let sweptAt = now();

  const sweep = (moment: number) => {
    sweptAt = moment;
    for (const [network, full] of fullAt) if (full <= moment) fullAt.delete(network);
  };

  return {
    size: () => fullAt.size,
    take(network) {
      const moment = now();
      if (moment - sweptAt >= SWEEP_MS) sweep(moment);
      const full = Math.max(fullAt.get(network) ?? 0, moment);
      const waitMs = full - moment - (rate.atOnce - 1) * rate.everyMs;
      if (waitMs > 0) return Math.ceil(waitMs / 1000);

      fullAt.delete(network);
      fullAt.set(network, full + rate.everyMs);
      const [oldest] = fullAt.keys();
      if (fullAt.size > MAX_NETWORKS && oldest !== undefined) fullAt.delete(oldest);
      return 0;
    },
  };
}

/** Creates the function that takes a turn for the network of a request; returns as `take` does. */
export function createNetworkLimit(ctx: Pick<Context, "config">, rate: Rate): (req: IncomingMessage) => number {
  const clientAddress = createClientAddress(ctx.config.TRUST_PROXY);
  const limit = createRateLimit(rate);
  return (req) => limit.take(toVisitorNetwork(clientAddress(req)));
}
