import type { ServerResponse } from "node:http";
import type { PageAddress } from "./page-address.ts";

/** Requests for pages that are being made: whoever asks for the same one waits for it instead of making it again. */
export type Flights = {
  /** Whether the page is being made; `again` then runs once it is, or once it is clear that it will not be kept. */
  wait(address: PageAddress, again: () => void): boolean;
  /** Notes that a page is being made. Returns what lets the others go on; the end of the answer does too. */
  start(address: PageAddress, res: ServerResponse): () => void;
};

/** Paths of pages that are kept. Nobody waits for another's search, login or upload. */
const KEPT = /^\/(?:$|(?:notes|tags|archive|on-this-day|stats)(?:\/|$)|feed\.)/;

/** Creates the list of pages in the making. */
export function createFlights(): Flights {
  const waiting = new Map<string, (() => void)[]>();

  return {
    wait({ path, place }, again) {
      const others = waiting.get(path + place);
      others?.push(again);
      return others !== undefined;
    },
    start({ path, place }, res) {
      const address = path + place;
      if (!KEPT.test(path) || waiting.has(address)) return () => undefined;
      const others: (() => void)[] = [];
      waiting.set(address, others);
      const release = (): void => {
        if (waiting.get(address) !== others) return;
        waiting.delete(address);
        for (const again of others) again();
      };
      res.once("close", release);
      return release;
    },
  };
}
