import type { ServerResponse } from "node:http";

/**
 * Calls once an answer is out, or its reader has gone. Most answers from memory are out at once, since the system has taken
 * the whole of them, and need no listener.
 */
export function whenOut(res: ServerResponse, tell: (isAtOnce: boolean) => void): void {
  if (res.writableFinished || res.closed) tell(true);
  else res.on("close", () => tell(false));
}
