import type { Terminal } from "./command.ts";

/** A line that tells how far something is. */
export type Progress = { readonly show: (text: string) => void; readonly end: () => void };

/** A line that counts in place, on a terminal only; whatever is said after it begins on a line of its own. */
export function createProgress(stderr: Terminal): Progress {
  let shown = "";
  return {
    show(text) {
      if (stderr.isTTY !== true || text === shown) return;
      // A shorter text must not leave the end of a longer one behind.
      stderr.write(`\r${text.padEnd(shown.length)}`);
      shown = text;
    },
    end() {
      if (shown !== "") stderr.write("\n");
    },
  };
}

/** The share of `total` that is done: `42 %`. */
export function toPercent(done: number, total: number): string {
  return `${total === 0 ? 100 : Math.floor((100 * done) / total)} %`;
}
