import type { Router } from "express";
import type { Health } from "../../monitoring/health.ts";
import { createRouter } from "../router.ts";

/** `/health`: whether this process can serve, and nothing else about it. */
export function healthRoutes(health: Health): Router {
  const router = createRouter();

  router.get("/health", (_req, res) => {
    const status = health.read();
    res
      .status(status === "ok" ? 200 : 503)
      .set("Cache-Control", "no-store")
      .json({ status });
  });

  return router;
}
