import type { Express } from "express";
import type { Context } from "../context/context.ts";
import type { AppParts, RouteParts } from "./app-frame.ts";
import { createFramedApp } from "./app-frame.ts";
import { archiveRoutes } from "./routes/archive.ts";
import { feedsRoutes } from "./routes/feeds.ts";
import { healthRoutes } from "./routes/health.ts";
import { mediaRoutes } from "./routes/media.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { notesRoutes } from "./routes/notes.ts";
import { onThisDayRoutes } from "./routes/on-this-day.ts";
import { readerRoutes } from "./routes/reader-pages.ts";
import { robotsRoutes } from "./routes/robots.ts";
import { searchRoutes } from "./routes/search.ts";
import { sitemapRoutes } from "./routes/sitemap.ts";
import { staticRoutes } from "./routes/static.ts";
import { statsRoutes } from "./routes/stats.ts";
import { tagsRoutes } from "./routes/tags.ts";

/** Creates the application that readers need, without what only the author and apps do: see `isForReaders`. */
export function createReadersApp(ctx: Context, parts: AppParts = {}): Express {
  return createFramedApp(ctx, parts, addReaderRoutes);
}

/** The routes of readers, and of who watches over the site. A family is a factory in `web/routes/` and takes one line here. */
export function addReaderRoutes(app: Express, { ctx, health, lines, readerPages, render, sources }: RouteParts): void {
  app.use(readerRoutes(readerPages));
  app.use(notesRoutes(ctx, render));
  app.use(healthRoutes(ctx, health, sources));
  app.use(metricsRoutes(ctx, sources));
  app.use(staticRoutes(ctx, sources.theme));
  app.use(mediaRoutes(ctx));
  app.use(feedsRoutes(ctx, lines));
  app.use(sitemapRoutes(ctx));
  app.use(robotsRoutes(ctx));
  app.use(tagsRoutes(ctx, render));
  app.use(archiveRoutes(ctx, render));
  app.use(onThisDayRoutes(ctx, render));
  app.use(statsRoutes(ctx, render));
  app.use(searchRoutes(ctx, render));
}
