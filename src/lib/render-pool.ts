import type { Worker } from "node:worker_threads";
import { AppError, invalid } from "./errors.ts";
import type { WorkerMessage } from "./render-worker.ts";
import type { RenderedContent, RenderRequest } from "./rendered-content.ts";
import { startWorkerThread } from "./start-worker.ts";
import { said } from "./words.ts";

/**
 * Longest time that one text may take in the worker, in milliseconds of computing: the worker's start does not count,
 * nor does time in which a busy machine ran other programs.
 */
export const RENDER_BUDGET_MS = 500;

/** Longest time that anyone waits for the worker in all, in milliseconds. */
const LONGEST_WAIT_MS = 20_000;

/** How long the worker waits for another text before it gives its memory back, in milliseconds. */
const IDLE_MS = 30_000;

/** Renders one text after the other in a worker, which starts with the first of them and goes when none comes. */
class RenderPool {
  #worker: Worker | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();

  render(request: RenderRequest): Promise<RenderedContent> {
    const rendered = this.#last.then(() => this.#renderNext(request));
    this.#last = rendered.catch(() => undefined);
    return rendered;
  }

  async #renderNext(request: RenderRequest): Promise<RenderedContent> {
    clearTimeout(this.#idleTimer);
    const worker = this.#worker ?? (await this.#start());
    worker.ref(); // Someone waits: a command line must not end before the answer.
    try {
      worker.postMessage(request);
      return rendered(await nextMessage(worker, RENDER_BUDGET_MS));
    } catch (error) {
      if (error instanceof AppError) throw error;
      this.#discard(worker);
      throw new AppError("invalid", TOO_SLOW, { field: "content", cause: error });
    } finally {
      worker.unref();
      this.#idleTimer = setTimeout(() => this.#discard(worker), IDLE_MS).unref();
    }
  }

  async #start(): Promise<Worker> {
    const worker = await startWorkerThread("render-worker");
    worker.on("error", () => this.#discard(worker)); // While nobody waits, too.
    try {
      await nextMessage(worker, LONGEST_WAIT_MS);
    } catch (cause) {
      void worker.terminate();
      throw new AppError("unavailable", NOT_STARTED, { cause, retryAfterSeconds: 60 });
    }
    this.#worker = worker;
    return worker;
  }

  #discard(worker: Worker): void {
    if (this.#worker === worker) this.#worker = undefined;
    void worker.terminate();
  }
}

const pool = new RenderPool();

/**
 * Renders content in the one worker that this process has, after the texts that came before. Throws `invalid` where
 * that takes longer than `RENDER_BUDGET_MS` or more memory than a note is worth, `unavailable` where no worker starts.
 */
export function renderInWorker(request: RenderRequest): Promise<RenderedContent> {
  return pool.render(request);
}

const TOO_SLOW = said`This text takes too long to render, more than half a second. Shorten it, or simplify its lists, tables and links.`;
const TOO_COMPLEX = said`This text is nested too deeply to be rendered. Simplify its lists, quotations or tags.`;
const NOT_STARTED = said`Long texts cannot be rendered at the moment: the renderer did not start. Try again in a minute.`;

function rendered(message: WorkerMessage): RenderedContent {
  if (message.kind === "rendered") return message.rendered;
  throw invalid("content", (message.kind === "refused" ? message.sentence : undefined) ?? TOO_COMPLEX);
}

function nextMessage(worker: Worker, budgetMs: number): Promise<WorkerMessage> {
  return new Promise((resolve, reject) => {
    const isOver = startBudget(budgetMs);
    const end = (then: () => void): void => {
      clearTimeout(timer);
      worker.off("message", hear).off("error", fail).off("exit", fail);
      then();
    };
    const hear = (message: WorkerMessage): void => end(() => resolve(message));
    const fail = (cause: unknown): void => end(() => reject(new Error("The render worker ended.", { cause })));
    const late = (): void => end(() => reject(new Error(`The render worker took more than ${budgetMs} ms.`)));
    // The immediate lets in an answer that waits behind this process's own work.
    const look = (): void => void setImmediate(() => (isOver() ? late() : timer.refresh()));
    const timer = setTimeout(look, Math.min(budgetMs, 100));
    worker.on("message", hear).on("error", fail).on("exit", fail);
  });
}

/**
 * Starts to count; the function tells whether the budget is spent. Time counts as long as this process computes, which
 * may be on two cores: compiling and collecting garbage run beside the renderer.
 */
function startBudget(budgetMs: number): () => boolean {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  return () => {
    const waitedMs = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(before);
    const computedMs = (user + system) / 1000;
    return waitedMs > LONGEST_WAIT_MS || (waitedMs > budgetMs && computedMs > 2 * budgetMs);
  };
}
