import type { ChildProcess } from "node:child_process";
import { AppError } from "../lib/errors.ts";
import { startOwnProcess } from "../lib/own-process.ts";
import { storedWords } from "../lib/stored-words.ts";
import { said } from "../lib/words.ts";
import type { CleanedFile, CleanRequest } from "./clean-file.ts";
import { cleanFile } from "./clean-file.ts";
import type { CleanMessage } from "./clean-process.ts";

/** Largest file that is cleaned in this process, in bytes: larger ones would take the time of readers. */
export const MAX_CLEANED_HERE_BYTES = 1_000_000;
/** Longest time that one file may take, in milliseconds: a hundred times as long as a photo of 12 megapixels. */
export const CLEAN_TIMEOUT_MS = 180_000;
/** JavaScript holds little there; pixels lie outside of it. */
const HEAP_MB = 64;
/** How long the process waits for another file before it gives its memory back, in milliseconds. */
const IDLE_MS = 10_000;

/** Cleans one file after the other in a process of lower priority, which starts with the first and goes when none comes. */
class CleanPool {
  #child: ChildProcess | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();

  clean(request: CleanRequest): Promise<CleanedFile> {
    const cleaned = this.#last.then(() => this.#cleanNext(request));
    this.#last = cleaned.catch(() => undefined);
    return cleaned;
  }

  async #cleanNext(request: CleanRequest): Promise<CleanedFile> {
    clearTimeout(this.#idleTimer);
    const child = this.#child ?? (await this.#start());
    hold(child); // Someone waits: a command line must not end before the answer.
    try {
      const answer = nextMessage(child);
      child.send(request);
      return toFile(await answer);
    } catch (error) {
      if (error instanceof AppError) throw error;
      this.#discard(child);
      throw new AppError("unavailable", NOT_CLEANED, { cause: error, retryAfterSeconds: 60 });
    } finally {
      letGo(child);
      this.#idleTimer = setTimeout(() => this.#discard(child), IDLE_MS).unref();
    }
  }

  async #start(): Promise<ChildProcess> {
    const source = new URL("./clean-process.ts", import.meta.url);
    const child = await startOwnProcess({ name: "clean-process", source, heapMb: HEAP_MB });
    child.on("error", () => this.#discard(child));
    child.on("exit", () => this.#discard(child));
    await nextMessage(child);
    this.#child = child;
    return child;
  }

  #discard(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined;
    child.kill("SIGKILL");
  }
}

const pool = new CleanPool();

const NOT_CLEANED = said`The file could not be looked at: that took too long or needed too much memory. Make it smaller.`;

/** As `cleanFile`: a small file at once, a larger one in a process of its own, after those that came before. */
export function cleanFileAside(request: CleanRequest, sizeBytes: number): Promise<CleanedFile> {
  return sizeBytes <= MAX_CLEANED_HERE_BYTES ? cleanFile(request) : pool.clean(request);
}

function toFile(message: CleanMessage): CleanedFile {
  // What is undefined is lost on the way.
  if (message.kind === "cleaned") return { ...message.file, width: message.file.width, height: message.file.height };
  if (message.kind !== "refused") throw new Error(message.kind === "failed" ? message.reason : "It said nothing.");
  throw new AppError(
    message.code,
    storedWords(message.sentence),
    message.field === undefined ? {} : { field: message.field },
  );
}

function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function nextMessage(child: ChildProcess): Promise<CleanMessage> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error("It took too long."))), CLEAN_TIMEOUT_MS).unref();
    const onMessage = (message: CleanMessage) => end(() => resolve(message));
    const onExit = () => end(() => reject(new Error("The process ended.")));
    const end = (settle: () => void) => {
      clearTimeout(timer);
      child.off("message", onMessage).off("exit", onExit).off("error", onExit);
      settle();
    };
    child.on("message", onMessage).on("exit", onExit).on("error", onExit);
  });
}
