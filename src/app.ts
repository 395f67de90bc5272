import express from "express";
import type { Context } from "./context/context.ts";
import type { Health } from "./monitoring/health.ts";
import { createHealth } from "./monitoring/health.ts";
import { healthRoutes } from "./web/routes/health.ts";

/**
 * Creates the web application: what every request meets, in this order. A route family is a factory in `web/routes/`
 * and takes one line here.
 */
export function createApp(ctx: Context, health: Health = createHealth(ctx.db)): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag"); // Validators are web/answer.ts's, which knows what they stand for.
  app.enable("case sensitive routing");
  app.enable("strict routing");

  app.use(healthRoutes(health));

  return app;
}
