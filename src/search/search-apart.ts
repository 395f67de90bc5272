import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Database } from "../db/database.ts";
import { AppError } from "../lib/errors.ts";
import { startOwnProcess } from "../lib/own-process.ts";
import { said } from "../lib/words.ts";
import type { FoundIds, Search } from "./find-hits.ts";
import type { SearchAnswer, SearchQuestion } from "./search-process.ts";

/** Searches that may wait for the process; who comes then is put off. */
export const MAX_SEARCHES_WAITING = 100;

/** Longest time that a search may take, the wait for those before it included, in milliseconds. */
export const SEARCH_TIMEOUT_MS = 10_000;

/** How long the process waits for another search before it gives its memory back, in milliseconds. */
export const SEARCH_IDLE_MS = 30_000;

/** Pages of the database stand outside of it. */
const HEAP_MB = 64;

type Waiter = { readonly resolve: (found: FoundIds) => void; readonly reject: (error: unknown) => void };

/** One process that searches a database, started with the first search and ended when none comes. */
class SearchProcess {
  readonly #file: string;
  readonly #waiting = new Map<number, Waiter>();
  #child: Promise<ChildProcess> | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #asked = 0;

  constructor(file: string) {
    this.#file = file;
  }

  async find(search: Search): Promise<FoundIds> {
    if (this.#waiting.size >= MAX_SEARCHES_WAITING) throw tooMany();
    clearTimeout(this.#idleTimer);
    const id = ++this.#asked;
    const timer = setTimeout(() => this.#fail(id, tooSlow()), SEARCH_TIMEOUT_MS);
    try {
      return await this.#ask({ id, search });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#idleTimer = setTimeout(() => void this.end(), SEARCH_IDLE_MS).unref();
    }
  }

  /** Resolves when the process is gone; a later search starts another one. */
  async end(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const child = await this.#child?.catch(() => undefined);
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  #ask(question: SearchQuestion): Promise<FoundIds> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(question.id, { resolve, reject });
      this.#child ??= this.#start();
      this.#child.then(
        (child) => child.send(question, (error) => error && reject(error)),
        (error: unknown) => {
          this.#child = undefined;
          reject(error);
        },
      );
    });
  }

  async #start(): Promise<ChildProcess> {
    const source = new URL("./search-process.ts", import.meta.url);
    const child = await startOwnProcess({ name: "search-process", source, heapMb: HEAP_MB, args: [this.#file] });
    let hasAnswered = false;
    child.on("message", ({ id, found }: SearchAnswer) => {
      hasAnswered = true;
      const waiter = this.#waiting.get(id);
      if (found === undefined) waiter?.reject(new Error("The search process could not search."));
      else waiter?.resolve(found);
    });
    const forget = () => {
      this.#child = undefined;
      // One that never answered cannot run here at all; else what it was at may have been too much.
      const reason = hasAnswered ? tooSlow() : new Error("The search process does not run.");
      for (const waiter of this.#waiting.values()) waiter.reject(reason);
    };
    child.on("error", forget).on("exit", forget);
    // Whoever waits for an answer keeps this process alive, not the idle one that could give it.
    child.unref();
    child.channel?.unref();
    return child;
  }

  /** What is stuck in one search answers no other either. */
  #fail(id: number, error: AppError): void {
    this.#waiting.get(id)?.reject(error);
    void this.end();
  }
}

const processes = new WeakMap<Database, SearchProcess>();

/**
 * Finds hits in a process of its own, so that nobody else waits meanwhile. Throws `unavailable` where too many searches wait
 * or one takes too long; any other error where there is no such process to be had.
 */
export function findHitsApart(db: Database, search: Search): Promise<FoundIds> {
  const known = processes.get(db) ?? new SearchProcess(db.file);
  processes.set(db, known);
  return known.find(search);
}

/** Ends the process that searches a database, if there is one; resolves when it is gone. */
export async function endSearchProcess(db: Database): Promise<void> {
  await processes.get(db)?.end();
}

function tooMany(): AppError {
  return new AppError("unavailable", said`Too many searches wait at the moment: try again in a few seconds.`, {
    retryAfterSeconds: 5,
  });
}

function tooSlow(): AppError {
  return new AppError("unavailable", said`This search takes too long: ask for fewer words, or leave nothing out.`, {
    retryAfterSeconds: 30,
  });
}
