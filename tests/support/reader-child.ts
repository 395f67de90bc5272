// Another process that reads a site at a steady pace, and says how long the answers took. It does what it is told by message.

import { Agent, request } from "node:http";
import { setPriority } from "node:os";

/** What it is asked: to read these addresses in turn, and to say how that went since it was asked last. */
export type ReaderRequest =
  | { readonly do: "read"; readonly urls: readonly string[]; readonly perSecond: number; readonly priority: number }
  | { readonly do: "tell" };

/** Milliseconds from the moment at which a request was due until its answer was there. */
export type ReaderFigures = {
  readonly count: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
};

const agent = new Agent({ keepAlive: true, maxSockets: 20 });
const waits: number[] = [];
const failures: string[] = [];

process.on("message", (asked: ReaderRequest) => {
  process.send?.(asked.do === "read" ? read(asked) : tell());
});
process.on("disconnect", () => process.exit());
process.send?.("ready");

/** A request is due whether or not the one before was answered: who waits in a queue has waited, too. */
function read({ urls, perSecond, priority }: Extract<ReaderRequest, { do: "read" }>): string {
  setPriority(priority);
  const begin = performance.now();
  let sent = 0;
  setInterval(() => {
    for (; sent < ((performance.now() - begin) / 1000) * perSecond; sent += 1) {
      ask(urls[sent % urls.length] ?? "", begin + (sent / perSecond) * 1000);
    }
  }, 2);
  return "reading";
}

function ask(url: string, dueAt: number): void {
  const asked = request(url, { agent }, (answer) => {
    answer.resume().on("end", () => {
      waits.push(performance.now() - dueAt);
      if (answer.statusCode !== 200) failures.push(`${url}: ${answer.statusCode}`);
    });
  });
  asked.on("error", (error: NodeJS.ErrnoException) => {
    // The server has closed a connection that was idle, at the moment at which it was used again.
    if (asked.reusedSocket && error.code === "ECONNRESET") ask(url, dueAt);
    else failures.push(`${url}: ${error.message}`);
  });
  asked.end();
}

function tell(): ReaderFigures {
  const sorted = waits.splice(0).sort((one, other) => one - other);
  const at = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
  return { count: sorted.length, failed: failures.splice(0).length, p50: at(0.5), p99: at(0.99), max: at(0.9999) };
}
