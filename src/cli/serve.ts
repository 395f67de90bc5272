import { tidyHeap } from "../lib/tidy-heap.ts";
import type { Command } from "./command.ts";
import { listenForStop } from "./stop-signal.ts";

/** `starpunk serve`: runs until it is told to stop. */
export const serve: Command = {
  name: "serve",
  about: "Brings the database up to date, then serves the site.",
  async run(call) {
    // Before anything slow, the modules of the server included: a signal counts at every stage of the start.
    const stopAsked = listenForStop(process);
    const { start } = await import("./start-server.ts");
    const server = await Promise.race([start(call), stopAsked.then(() => undefined)]);
    await Promise.race([server?.greet(), stopAsked]);
    // Not before: a start makes much that stays, and the collector would come for each bit of it.
    tidyHeap();
    const reason = await stopAsked;
    await server?.stop(reason);
    if (reason.kind === "fault") throw reason.error;
  },
};
