import type { ChildProcess } from "node:child_process";
import { startOwnProcess } from "../lib/own-process.ts";
import type { VariantsRequest } from "./encode-variants.ts";
import type { VariantsMessage } from "./variants-process.ts";

/** Longest time that the variants of one image may take, in seconds: some hundred times as long as those of a photo. */
export const VARIANTS_TIMEOUT_SECONDS = 300;

/** JavaScript holds next to nothing there; pixels lie outside of it. */
const HEAP_MB = 64;

/** What became of one image. */
export type VariantsAnswer = Exclude<VariantsMessage, { kind: "ready" }>;

/**
 * Makes the variants of one image in a process of low priority, which is gone when this resolves. Rejects when the process
 * ends without an answer, takes too long, or `signal` is aborted.
 */
export async function runVariantsProcess(request: VariantsRequest, signal: AbortSignal): Promise<VariantsAnswer> {
  const child = await start();
  const timeout = AbortSignal.timeout(VARIANTS_TIMEOUT_SECONDS * 1000);
  const ends = AbortSignal.any([signal, timeout]);
  const kill = () => child.kill("SIGKILL");
  ends.addEventListener("abort", kill);
  try {
    if (ends.aborted) kill();
    return await converse(child, request);
  } finally {
    ends.removeEventListener("abort", kill);
    kill();
  }
}

function converse(child: ChildProcess, request: VariantsRequest): Promise<VariantsAnswer> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, sent) => reject(new Error(`The process for images ended (${sent ?? code}).`)));
    child.on("message", (message: VariantsMessage) => {
      if (message.kind !== "ready") resolve(message);
      else child.send(request, (error) => error && reject(error));
    });
  });
}

function start(): Promise<ChildProcess> {
  const source = new URL("./variants-process.ts", import.meta.url);
  return startOwnProcess({ name: "variants-process", source, heapMb: HEAP_MB });
}
