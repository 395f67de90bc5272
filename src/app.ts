import type { Context } from "./context/context.ts";
import { createRequestIds } from "./lib/request-id.ts";
import type { Health } from "./monitoring/health.ts";
import { createHealth } from "./monitoring/health.ts";
import type { ProcessMonitor } from "./monitoring/process-monitor.ts";
import { createVisits, NO_VISITS } from "./monitoring/visits.ts";
import { endSearchProcess } from "./search/search-apart.ts";
import { createBehind } from "./web/behind.ts";
import type { CardCache } from "./web/card-cache.ts";
import { createCards } from "./web/cards.ts";
import { countVisits } from "./web/count-visits.ts";
import { createFreshness } from "./web/freshness.ts";
import { createFront } from "./web/front.ts";
import type { PageCache } from "./web/page-cache.ts";
import { createPageMaker } from "./web/page-maker.ts";
import { createReaderPages } from "./web/reader-pages.ts";
import { createRequestRecord } from "./web/request-record.ts";
import { securityFields } from "./web/security-headers.ts";
import { createSources } from "./web/sources.ts";
import { createThemedRender, mayBeAuthor, watchTheme } from "./web/themed-render.ts";

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

/** Creates the site: cached pages in front, Express behind, which is loaded when something needs it. */
export function createSite(ctx: Context, { health = createHealth(ctx.db), ...parts }: SiteParts = {}): Site {
  const lines = createRequestRecord(ctx);
  const sources = createSources(ctx, { ...parts, visits: ctx.metrics.isEnabled ? createVisits(ctx) : NO_VISITS });
  const { pages, cards, visits, history, tally, theme } = sources;
  const render = createThemedRender(ctx, sources);
  const freshness = watchTheme(createFreshness(ctx.db, { pages, cards }), theme);
  const readerPages = createReaderPages(ctx, render, createCards(ctx, { cards, freshness, theme, render }));
  const nextId = createRequestIds();
  const behind = createBehind(ctx, { ...parts, health, lines, nextId, sources, render, readerPages });
  const front = createFront({
    pages,
    makePage: createPageMaker(ctx, readerPages),
    freshness,
    goesPast: mayBeAuthor(theme),
    lines,
    nextId,
    behind: behind.listener,
  });
  return {
    listener: ctx.metrics.isEnabled ? countVisits(ctx, visits, front) : front,
    pages,
    cards,
    record: () => history.start(),
    async flush() {
      await behind.settled();
      lines.flush();
      await visits.flush();
      await tally.flush();
      await history.stop();
      await endSearchProcess(ctx.db);
    },
  };
}

/** Headers of what the server answers before a request gets as far as the application. */
export function bareHeaders(ctx: Pick<Context, "config">): Readonly<Record<string, string>> {
  return securityFields(ctx);
}
