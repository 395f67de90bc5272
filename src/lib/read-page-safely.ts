import type { Worker } from "node:worker_threads";
import type { PageMessage, PageRequest } from "./page-worker.ts";
import type { AppFacts } from "./read-app.ts";
import type { PageLinks } from "./read-links.ts";
import type { PageFacts } from "./read-page.ts";
import { startWorkerThread } from "./start-worker.ts";

/** Longest time that reading one page may take, in milliseconds; its worker's start does not count. */
export const PAGE_BUDGET_MS = 10_000;
/** Longest time that a worker may take to start, in milliseconds. */
const START_BUDGET_MS = 20_000;

/**
 * Reads what a page says of itself. Undefined for one that cannot be read within `budgetMs`, or takes too much memory.
 * Always in a thread of its own: a page of 16 KB can keep the parser of microformats busy for half a second.
 */
export async function readPage(html: string, url: string, budgetMs = PAGE_BUDGET_MS): Promise<PageFacts | undefined> {
  const message = await readInWorker({ html, url, as: "post" }, budgetMs);
  return message?.kind === "post" ? message.facts : undefined;
}

/** The same for the page of an app that asks to be let in. */
export async function readApp(html: string, url: string, budgetMs = PAGE_BUDGET_MS): Promise<AppFacts | undefined> {
  const message = await readInWorker({ html, url, as: "app" }, budgetMs);
  return message?.kind === "app" ? message.facts : undefined;
}

/** The same for the links of any page. */
export async function readLinks(html: string, url: string, budgetMs = PAGE_BUDGET_MS): Promise<PageLinks | undefined> {
  const message = await readInWorker({ html, url, as: "links" }, budgetMs);
  return message?.kind === "links" ? message.links : undefined;
}

async function readInWorker(page: PageRequest, budgetMs: number): Promise<PageMessage | undefined> {
  const worker = await startWorkerThread("page-worker");
  try {
    await nextMessage(worker, START_BUDGET_MS);
    worker.postMessage(page);
    return await nextMessage(worker, budgetMs);
  } finally {
    await worker.terminate();
  }
}

/** Undefined where the worker fails, ends, or says nothing in time. */
function nextMessage(worker: Worker, budgetMs: number): Promise<PageMessage | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), budgetMs);
    const end = (message?: PageMessage): void => {
      clearTimeout(timer);
      resolve(message);
    };
    worker
      .once("message", end)
      .once("error", () => end())
      .once("exit", () => end());
  });
}
