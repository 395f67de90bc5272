/** Signals that ask a server to stop. */
const STOP_SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Why a server stops: someone asked it to, or it met a fault that nothing handled. */
export type StopReason =
  | { readonly kind: "signal"; readonly name: string }
  | { readonly kind: "fault"; readonly error: unknown };

/** Within this many milliseconds a second SIGINT of a terminal is the same Ctrl-C: npm passes on what we got as well. */
const SAME_KEY_PRESS_MS = 200;

/**
 * Resolves when this process is to stop: at the first SIGTERM or SIGINT, or at an error that nobody caught. From now on
 * a first signal no longer ends the process by itself; a second one ends it at once, with exit code 1.
 */
export function listenForStop(process: NodeJS.Process): Promise<StopReason> {
  return new Promise((resolve) => {
    const state: { stoppedAt?: number } = {};
    for (const name of STOP_SIGNALS) {
      process.on(name, () => {
        const sinceMs = performance.now() - (state.stoppedAt ?? performance.now());
        const isSameKeyPress = name === "SIGINT" && process.stdin.isTTY && sinceMs < SAME_KEY_PRESS_MS;
        if (state.stoppedAt !== undefined && !isSameKeyPress) process.exit(1);
        state.stoppedAt ??= performance.now();
        resolve({ kind: "signal", name });
      });
    }
    process.on("uncaughtException", (error) => resolve({ kind: "fault", error }));
  });
}
