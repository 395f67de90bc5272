// A thread of its own that reads one page and ends: a page that was made to keep parsers busy keeps nobody waiting.
import { parentPort } from "node:worker_threads";
import type { PageFacts } from "./read-page.ts";
import { readPageNow } from "./read-page.ts";

/** What the worker says: that it begins, or what the page says of itself. */
export type PageMessage = { readonly kind: "ready" } | { readonly kind: "read"; readonly facts: PageFacts };

parentPort?.on("message", ({ html, url }: { html: string; url: string }) => {
  parentPort?.postMessage({ kind: "read", facts: readPageNow(html, url) } satisfies PageMessage);
});
parentPort?.postMessage({ kind: "ready" } satisfies PageMessage);
