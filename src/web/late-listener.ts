import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

/** What answers requests once it is loaded, with the first of them. */
export type LateListener = {
  readonly listener: RequestListener;
  /** Resolves once nothing is being loaded. Never rejects. */
  settled(): Promise<void>;
};

/** How to load it, and what is answered when that fails. */
export type LateOptions = {
  readonly load: () => Promise<RequestListener>;
  /** Answers a request that waited in vain. */
  readonly refuse: (req: IncomingMessage, res: ServerResponse, error: unknown) => void;
};

type Request = { readonly req: IncomingMessage; readonly res: ServerResponse };

/**
 * Creates a listener that is loaded with the first request. Those that come meanwhile wait, and are answered in the order
 * in which they came. When it cannot be loaded they are refused, and the next request tries again.
 */
export function createLateListener({ load, refuse }: LateOptions): LateListener {
  const late: { listener?: RequestListener; loading?: Promise<void> } = {};
  let waiting: Request[] = [];

  /** Those that wait, who do so no more. */
  function takeWaiting(): Request[] {
    const taken = waiting;
    waiting = [];
    return taken;
  }

  async function loadAll(): Promise<void> {
    try {
      const listener = await load();
      late.listener = listener;
      for (const { req, res } of takeWaiting()) listener(req, res);
    } catch (error) {
      for (const { req, res } of takeWaiting()) refuse(req, res, error);
    } finally {
      delete late.loading;
    }
  }

  return {
    listener(req, res) {
      if (late.listener !== undefined) return late.listener(req, res);
      noteArrival(res);
      waiting.push({ req, res });
      late.loading ??= loadAll();
    },
    async settled() {
      await late.loading;
    },
  };
}

/** Its wait counts as time that the answer took. */
function noteArrival(res: ServerResponse): void {
  const late = res as { locals?: object };
  late.locals = { ...late.locals, cameAt: performance.now() };
}
