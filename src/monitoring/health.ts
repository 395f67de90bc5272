import type { Database } from "../db/database.ts";
import { isReadable } from "./health-store.ts";

/** How the process is: serving, on its way out, or without its database. */
export type HealthStatus = "ok" | "stopping" | "unavailable";

/** Whether this process can serve; what `/health` tells load balancers and containers. */
export type Health = {
  readonly read: () => HealthStatus;
  /** From now on the status is `stopping`, so that nobody sends new readers here. */
  readonly stop: () => void;
};

/** Creates the health of a process that serves from `db`. */
export function createHealth(db: Database): Health {
  const state = { isStopping: false };
  return {
    read: () => {
      if (state.isStopping) return "stopping";
      return isReadable(db) ? "ok" : "unavailable";
    },
    stop: () => {
      state.isStopping = true;
    },
  };
}
