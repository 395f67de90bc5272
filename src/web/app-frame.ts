import express from "express";
import type { Context } from "../context/context.ts";
import type { Health } from "../monitoring/health.ts";
import { createHealth } from "../monitoring/health.ts";
import type { ProcessMonitor } from "../monitoring/process-monitor.ts";
import { APP_PATHS, AUTHOR_PATHS } from "./author-paths.ts";
import { canonicalPaths } from "./canonical-path.ts";
import { createNoteViews } from "./cards.ts";
import { crossOrigin } from "./cors.ts";
import { errorHandler, notFoundHandler } from "./error-handler.ts";
import type { ReaderPage } from "./reader-page.ts";
import { createReaderPages } from "./reader-pages.ts";
import { redirectMissing } from "./redirect-missing.ts";
import type { RequestLines } from "./request-lines.ts";
import { requestLog } from "./request-log.ts";
import { createRequestRecord } from "./request-record.ts";
import { routeTable } from "./route-table.ts";
import { pagesRoutes } from "./routes/pages.ts";
import { authorHeaders, securityHeaders } from "./security-headers.ts";
import type { Sources } from "./sources.ts";
import { createSources } from "./sources.ts";
import { tellAuthor } from "./tell-author.ts";
import { createThemedRender } from "./themed-render.ts";
import type { Render } from "./views.ts";

/** What an application has from outside, or makes for itself. */
export type AppParts = {
  readonly health?: Health;
  readonly monitor?: Pick<ProcessMonitor, "read">;
  readonly lines?: RequestLines;
  readonly nextId?: () => string;
  readonly sources?: Sources;
  readonly render?: Render;
  readonly readerPages?: readonly ReaderPage[];
};

/** What families of routes are made of. */
export type RouteParts = Required<Omit<AppParts, "monitor" | "nextId">> & { readonly ctx: Context };

/**
 * Creates an application of Express around families of routes: what every request meets before them, and what follows
 * where none of them answers, in this order.
 */
export function createFramedApp(
  ctx: Context,
  parts: AppParts,
  addRoutes: (app: express.Express, parts: RouteParts) => void,
): express.Express {
  const all = completeParts(ctx, parts);
  const { lines, sources, render } = all;
  const app = createExpress();

  app.use(requestLog(lines, sources.inFlight, parts.nextId));
  app.use(securityHeaders(ctx));
  app.use(AUTHOR_PATHS, authorHeaders());
  app.use(canonicalPaths());
  app.use(APP_PATHS, crossOrigin());
  app.use(routeTable(app));
  app.use(tellAuthor(ctx, sources.theme));
  addRoutes(app, all);
  app.use(pagesRoutes(ctx, render));
  app.use(notFoundHandler());
  app.use(redirectMissing({ ctx, tally: sources.tally }));
  app.use(errorHandler(ctx, render));
  return app;
}

function completeParts(ctx: Context, parts: AppParts): RouteParts {
  const { health = createHealth(ctx.db), lines = createRequestRecord(ctx) } = parts;
  const sources = parts.sources ?? createSources(ctx, parts);
  const { render = createThemedRender(ctx, sources) } = parts;
  const { readerPages = createReaderPages(ctx, render, createNoteViews(ctx)) } = parts;
  return { ctx, health, lines, sources, render, readerPages };
}

function createExpress(): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag"); // Validators are web/answer.ts's, which knows what they stand for.
  app.enable("case sensitive routing");
  app.enable("strict routing");
  return app;
}
