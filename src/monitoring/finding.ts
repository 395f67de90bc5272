import type { Config } from "../config/config.ts";
import type { Clock } from "../lib/clock.ts";
import type { SafeFetch } from "../lib/safe-fetch.ts";

/** `error`: notes are lost, or the site cannot serve or store any. `warning`: whatever else wants a look. */
export type FindingStatus = "ok" | "warning" | "error";

/** What the doctor says of one thing. */
export type Finding = {
  /** As machines call it: `search_index`. */
  readonly check: string;
  readonly status: FindingStatus;
  /** What was found, with numbers. */
  readonly figure: string;
  /** What to do; empty while all is well. */
  readonly remedy: string;
  /** What `--fix` does about it, where that is safe: nothing is removed that could be the only copy. */
  readonly fix?: Fix;
};

/** A mend: what it does, in the past tense, and the doing. */
export type Fix = { readonly done: string; readonly mend: () => Promise<void> | void };

/** The site that is looked at. Nothing of it is made or opened yet. */
export type Patient = {
  readonly config: Pick<Config, "DATA_DIR" | "LOG_DIR"> & Partial<Config>;
  readonly clock: Clock;
  readonly fetch: SafeFetch;
};

/** Says that something is as it should be. */
export function fine(check: string, figure: string): Finding {
  return { check, status: "ok", figure, remedy: "" };
}

/** Says what should be otherwise, and what to do about it. */
export function warning(check: string, figure: string, remedy: string): Finding {
  return { check, status: "warning", figure, remedy };
}

/** Says what loses data or stops serving, and what to do about it. */
export function failure(check: string, figure: string, remedy: string): Finding {
  return { check, status: "error", figure, remedy };
}
