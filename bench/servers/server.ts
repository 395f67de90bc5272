import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../load/ask.ts";
import type { Started } from "../processes.ts";

/** A server that is measured. */
export type Server = {
  /** As the tables call it. */
  readonly label: string;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
};

/** How long a server may take until it answers, in milliseconds. */
const START_MS = 60_000;

const LOOK_EVERY_MS = 3;

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

/** Resolves once the address answers 200. Throws what the process said when it ends first, and after a minute. */
export async function untilAnswers(url: string, started: Started): Promise<void> {
  const givesUpAt = performance.now() + START_MS;
  const state = { hasEnded: false };
  const note = () => {
    state.hasEnded = true;
  };
  started.exited.then(note, note);
  while (!(await isAnswered(url))) {
    if (state.hasEnded) throw new Error(`A server ended at once: ${started.stderr().trim() || "it said nothing"}`);
    if (performance.now() > givesUpAt) throw new Error(`A server did not answer within ${START_MS / 1000} s.`);
    await sleep(LOOK_EVERY_MS);
  }
}

async function isAnswered(url: string): Promise<boolean> {
  try {
    return (await ask(url)).status === 200;
  } catch {
    return false; // Nobody listens yet.
  }
}
