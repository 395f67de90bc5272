// A thread of its own that reads one page and ends: a page that was made to keep parsers busy keeps nobody waiting.
import { parentPort } from "node:worker_threads";
import type { AppFacts } from "./read-app.ts";
import { readAppNow } from "./read-app.ts";
import type { PageLinks } from "./read-links.ts";
import { readLinksNow } from "./read-links.ts";
import type { PageFacts } from "./read-page.ts";
import { readPageNow } from "./read-page.ts";

/** A page, and whether it is read as somebody's post, as an app's, or for its links. */
export type PageRequest = { readonly html: string; readonly url: string; readonly as: "post" | "app" | "links" };

/** What the worker says: that it begins, or what the page says of itself. */
export type PageMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "post"; readonly facts: PageFacts }
  | { readonly kind: "app"; readonly facts: AppFacts }
  | { readonly kind: "links"; readonly links: PageLinks };

parentPort?.on("message", (request: PageRequest) => parentPort?.postMessage(read(request)));
parentPort?.postMessage({ kind: "ready" } satisfies PageMessage);

function read({ html, url, as }: PageRequest): PageMessage {
  if (as === "links") return { kind: as, links: readLinksNow(html, url) };
  return as === "app" ? { kind: as, facts: readAppNow(html, url) } : { kind: as, facts: readPageNow(html, url) };
}
