import express from "express";
import type { Context } from "./context/context.ts";
import { createRequestIds } from "./lib/request-id.ts";
import type { Health } from "./monitoring/health.ts";
import { createHealth } from "./monitoring/health.ts";
import type { ProcessMonitor } from "./monitoring/process-monitor.ts";
import { createVisits, NO_VISITS } from "./monitoring/visits.ts";
import { endSearchProcess } from "./search/search-apart.ts";
import { addAuthorPages } from "./web/author-pages.ts";
import { canonicalPaths } from "./web/canonical-path.ts";
import type { CardCache } from "./web/card-cache.ts";
import type { ShowNotes } from "./web/cards.ts";
import { createCards, createNoteViews } from "./web/cards.ts";
import { createCodeLimit } from "./web/code-limit.ts";
import { crossOrigin } from "./web/cors.ts";
import { countVisits } from "./web/count-visits.ts";
import { errorHandler, notFoundHandler } from "./web/error-handler.ts";
import { createFreshness } from "./web/freshness.ts";
import { createFront } from "./web/front.ts";
import { createMicropubDoor } from "./web/micropub-door.ts";
import type { PageCache } from "./web/page-cache.ts";
import { createPageMaker } from "./web/page-maker.ts";
import type { ReaderPage } from "./web/reader-page.ts";
import { readerRoutes } from "./web/reader-page.ts";
import { redirectMissing } from "./web/redirect-missing.ts";
import type { RequestLines } from "./web/request-lines.ts";
import { requestLog } from "./web/request-log.ts";
import { createRequestRecord } from "./web/request-record.ts";
import { routeTable } from "./web/route-table.ts";
import { archiveRoutes } from "./web/routes/archive.ts";
import { authorizationRoutes } from "./web/routes/authorization.ts";
import { dashboardRoutes } from "./web/routes/dashboard.ts";
import { feedsRoutes } from "./web/routes/feeds.ts";
import { adminHealthRoutes, healthRoutes } from "./web/routes/health.ts";
import { APP_PATHS, indieauthRoutes } from "./web/routes/indieauth.ts";
import { mediaRoutes } from "./web/routes/media.ts";
import { mediaEndpointRoutes } from "./web/routes/media-endpoint.ts";
import { adminMetricsRoutes, metricsRoutes } from "./web/routes/metrics.ts";
import { micropubRoutes } from "./web/routes/micropub.ts";
import { missingRoutes } from "./web/routes/missing.ts";
import { notePages, notesRoutes } from "./web/routes/notes.ts";
import { onThisDayRoutes } from "./web/routes/on-this-day.ts";
import { pagesRoutes } from "./web/routes/pages.ts";
import { previewRoutes } from "./web/routes/preview-links.ts";
import { redirectsRoutes } from "./web/routes/redirects.ts";
import { robotsRoutes } from "./web/routes/robots.ts";
import { searchRoutes } from "./web/routes/search.ts";
import { seriesPages } from "./web/routes/series.ts";
import { sitemapRoutes } from "./web/routes/sitemap.ts";
import { staticRoutes } from "./web/routes/static.ts";
import { statsRoutes } from "./web/routes/stats.ts";
import { tagPages, tagsRoutes } from "./web/routes/tags.ts";
import { themeRoutes } from "./web/routes/theme.ts";
import { authorHeaders, securityFields, securityHeaders } from "./web/security-headers.ts";
import type { Sources } from "./web/sources.ts";
import { createSources } from "./web/sources.ts";
import { createThemedRender, mayBeAuthor, tellAuthor, watchTheme } from "./web/themed-render.ts";
import type { Render } from "./web/views.ts";

/** Where the author's pages lie. */
const AUTHOR_PATHS = ["/admin", "/auth", "/login", "/logout", "/setup"];

/** The whole site: what answers requests, and what must be done before it ends. */
export type Site = {
  readonly listener: ReturnType<typeof createFront>;
  readonly pages: PageCache;
  readonly cards: CardCache;
  /** Begins to write down what the process measures, once a minute. */
  readonly record: () => void;
  /** Writes the lines of the log, the counts and the measurements that wait, and ends what helps, at a stop. Never rejects. */
  readonly flush: () => Promise<void>;
};

/** What a site has from outside, or makes for itself. */
type SiteParts = { readonly health?: Health; readonly monitor?: Pick<ProcessMonitor, "read"> };

type AppParts = SiteParts & {
  readonly lines?: RequestLines;
  readonly nextId?: () => string;
  readonly sources?: Sources;
  readonly render?: Render;
  readonly readerPages?: readonly ReaderPage[];
};

/** Creates the site: cached pages in front, Express behind. */
export function createSite(ctx: Context, parts: SiteParts = {}): Site {
  const lines = createRequestRecord(ctx);
  const sources = createSources(ctx, { ...parts, visits: ctx.metrics.isEnabled ? createVisits(ctx) : NO_VISITS });
  const { pages, cards, visits, history, tally, theme } = sources;
  const render = createThemedRender(ctx, sources);
  const freshness = watchTheme(createFreshness(ctx.db, { pages, cards }), theme);
  const readerPages = createReaderPages(ctx, render, createCards(ctx, { cards, freshness, theme, render }));
  const nextId = createRequestIds();
  const front = createFront({
    pages,
    makePage: createPageMaker(ctx, readerPages),
    freshness,
    goesPast: mayBeAuthor(theme),
    lines,
    nextId,
    behind: createApp(ctx, { ...parts, lines, nextId, sources, render, readerPages }),
  });
  return {
    listener: ctx.metrics.isEnabled ? countVisits(ctx, visits, front) : front,
    pages,
    cards,
    record: () => history.start(),
    async flush() {
      lines.flush();
      await visits.flush();
      await tally.flush();
      await history.stop();
      await endSearchProcess(ctx.db);
    },
  };
}

/**
 * Creates the web application: what every request meets, in this order. A route family is a factory in `web/routes/`
 * and takes one line here.
 */
export function createApp(ctx: Context, parts: AppParts = {}): express.Express {
  const { health = createHealth(ctx.db), lines = createRequestRecord(ctx) } = parts;
  const sources = parts.sources ?? createSources(ctx, parts);
  const { render = createThemedRender(ctx, sources) } = parts;
  const { readerPages = createReaderPages(ctx, render, createNoteViews(ctx)) } = parts;
  const app = createExpress();

  app.use(requestLog(lines, sources.inFlight, parts.nextId));
  app.use(securityHeaders(ctx));
  app.use(AUTHOR_PATHS, authorHeaders());
  app.use(canonicalPaths());
  app.use(APP_PATHS, crossOrigin());
  app.use(routeTable(app));
  app.use(tellAuthor(ctx, sources.theme));

  addAppEndpoints(app, ctx, render); // What is asked for often and is not made in front goes past no other family.
  app.use(readerRoutes(readerPages));
  app.use(notesRoutes(ctx, render));
  app.use(healthRoutes(ctx, health, sources));
  app.use(metricsRoutes(ctx, sources));
  app.use(staticRoutes(ctx, sources.theme));
  app.use(mediaRoutes(ctx));
  app.use(feedsRoutes(ctx, lines));
  app.use(sitemapRoutes(ctx));
  app.use(robotsRoutes(ctx));
  addArchivePages(app, ctx, render);

  app.use(previewRoutes(ctx, render));
  addAuthorPages(app, ctx, render);
  app.use(themeRoutes(ctx, render, sources));
  app.use(dashboardRoutes(ctx, render, sources));
  app.use(adminMetricsRoutes(ctx, sources));
  app.use(adminHealthRoutes(ctx, render, sources));
  app.use(redirectsRoutes(ctx, render, sources));
  app.use(missingRoutes(ctx, render, sources));
  app.use(pagesRoutes(ctx, render));
  app.use(notFoundHandler());
  app.use(redirectMissing({ ctx, tally: sources.tally }));
  app.use(errorHandler(ctx, render));
  return app;
}

function createExpress(): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag"); // Validators are web/answer.ts's, which knows what they stand for.
  app.enable("case sensitive routing");
  app.enable("strict routing");
  return app;
}

/** The pages that the page cache has made without Express; Express has them too. */
function createReaderPages(ctx: Context, render: Render, showNotes: ShowNotes): ReaderPage[] {
  return [...notePages(ctx, render, showNotes), ...tagPages(ctx, render, showNotes), ...seriesPages(ctx, render)];
}

/** Headers of what the server answers before a request gets as far as the application. */
export function bareHeaders(ctx: Pick<Context, "config">): Readonly<Record<string, string>> {
  return securityFields(ctx);
}

/** What apps talk to, and where the author lets them in. */
function addAppEndpoints(app: express.Express, ctx: Context, render: Render): void {
  const door = createMicropubDoor(ctx);
  app.use(mediaEndpointRoutes(ctx, door));
  app.use(micropubRoutes(ctx, door));
  const codes = createCodeLimit(ctx);
  app.use(indieauthRoutes(ctx, codes));
  app.use(authorizationRoutes(ctx, render, codes));
}

/** Ways for readers through all notes. */
function addArchivePages(app: express.Express, ctx: Context, render: Render): void {
  app.use(tagsRoutes(ctx, render));
  app.use(archiveRoutes(ctx, render));
  app.use(onThisDayRoutes(ctx, render));
  app.use(statsRoutes(ctx, render));
  app.use(searchRoutes(ctx, render));
}
