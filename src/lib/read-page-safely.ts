import type { Worker } from "node:worker_threads";
import type { PageMessage } from "./page-worker.ts";
import type { PageFacts } from "./read-page.ts";
import { startWorkerThread } from "./start-worker.ts";

/** Longest page that is read in this thread, in characters: the worst of that length takes some 50 ms. */
export const MAX_PAGE_LENGTH_AT_ONCE = 16 * 1024;
/** Longest time that reading one page may take, in milliseconds; its worker's start does not count. */
export const PAGE_BUDGET_MS = 10_000;
/** Longest time that a worker may take to start, in milliseconds. */
const START_BUDGET_MS = 20_000;

/** Reads what a page says of itself. Undefined for one that cannot be read within `budgetMs`, or takes too much memory. */
export async function readPage(
  html: string,
  url: string,
  budgetMs: number = PAGE_BUDGET_MS,
): Promise<PageFacts | undefined> {
  if (html.length > MAX_PAGE_LENGTH_AT_ONCE) return await readInWorker({ html, url }, budgetMs);
  const { readPageNow } = await import("./read-page.ts");
  return readPageNow(html, url);
}

async function readInWorker(page: { html: string; url: string }, budgetMs: number): Promise<PageFacts | undefined> {
  const worker = await startWorkerThread("page-worker");
  try {
    await nextMessage(worker, START_BUDGET_MS);
    worker.postMessage(page);
    const message = await nextMessage(worker, budgetMs);
    return message?.kind === "read" ? message.facts : undefined;
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
