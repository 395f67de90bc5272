import type { Router } from "express";
import { sendPage } from "../answer.ts";
import type { ReaderPage } from "../reader-page.ts";
import { createRouter } from "../router.ts";

/** The same pages as Express answers them: those whose address is spelled in an unusual way, or that fail. */
export function readerRoutes(pages: readonly ReaderPage[]): Router {
  const router = createRouter();
  for (const { pattern, make } of pages.filter(({ isAsked }) => !isAsked)) {
    router.get(pattern, (req, res, next) => {
      const page = make(req.params as Record<string, string>, req.query, req);
      if (page === undefined) next();
      else sendPage(req, res, page);
    });
  }
  return router;
}
