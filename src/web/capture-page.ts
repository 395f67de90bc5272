import type { Request, Response, Router } from "express";
import type { Render } from "./views.ts";

/** A page that was rendered, on its way past whatever would have sent it. */
class Captured extends Error {
  override readonly name = "Captured";
  readonly html: string;

  constructor(html: string) {
    super("A page was taken where it was rendered.");
    this.html = html;
  }
}

/** What is captured: the page that the routes would answer with at a path, rendered by `render`. */
export type Capture = {
  readonly path: string;
  readonly render: Render;
  readonly routes: (render: Render) => readonly Router[];
};

/**
 * Resolves with the HTML of the page that these routes would answer with, taken where it is rendered: nothing is sent, and
 * nothing is kept in any cache. Undefined where there is no such page. Rejects with what they throw.
 */
export async function capturePage(
  req: Request,
  res: Response,
  { path, render, routes }: Capture,
): Promise<string | undefined> {
  const capturing: Render = (template, view) => {
    throw new Captured(render(template, view));
  };
  const asked = req.url;
  req.url = path;
  try {
    for (const router of routes(capturing)) await pass(router, req, res);
    return undefined;
  } catch (error) {
    if (error instanceof Captured) return error.html;
    throw error;
  } finally {
    req.url = asked;
  }
}

function pass(router: Router, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    res.once("close", () => resolve()); // It was answered, or the client has gone.
    router(req, res, (error?: unknown) => {
      if (error === undefined || error === "router" || error === "route") resolve();
      else reject(error);
    });
  });
}
