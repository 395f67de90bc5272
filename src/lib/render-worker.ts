import { parentPort } from "node:worker_threads";
import { AppError } from "./errors.ts";
import { renderNow } from "./render.ts";
import type { RenderedContent, RenderRequest } from "./rendered-content.ts";

/** What the worker says: that it is ready, or what became of the one text that it was given. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "rendered"; readonly rendered: RenderedContent }
  /** `sentence` is for the author; undefined where a parser failed in words of its own. */
  | { readonly kind: "refused"; readonly sentence: string | undefined };

/** A bit of everything: what runs for the first time is slow, and that time is not the author's. */
const WARM_UP = `
# Heading #tag

Text *with* **marks**, \`code\`, <kbd>raw</kbd> and https://a.example/[^1].

> [!NOTE]
> Alert

- [x] done
- list

| a | b |
|---|---|
| 1 | 2 |

\`\`\`js
const a = "b"; // c
\`\`\`

[^1]: Note

`;

function answer(request: RenderRequest): WorkerMessage {
  try {
    return { kind: "rendered", rendered: renderNow(request) };
  } catch (error) {
    return { kind: "refused", sentence: error instanceof AppError ? error.message : undefined };
  }
}

answer({ content: WARM_UP.repeat(60), format: "markdown", anchor: "warm-up" });
parentPort?.on("message", (request: RenderRequest) => parentPort?.postMessage(answer(request)));
parentPort?.postMessage({ kind: "ready" } satisfies WorkerMessage);
