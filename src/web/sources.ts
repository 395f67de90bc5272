import type { Context } from "../context/context.ts";
import type { BlogSources } from "../monitoring/blog-numbers.ts";
import { createGauges } from "../monitoring/history-gauges.ts";
import { HistoryRecorder } from "../monitoring/history-recorder.ts";
import { InFlight } from "../monitoring/in-flight.ts";
import type { ProcessMonitor } from "../monitoring/process-monitor.ts";
import { startProcessMonitor } from "../monitoring/process-monitor.ts";
import type { Visits } from "../monitoring/visits.ts";
import { NO_VISITS } from "../monitoring/visits.ts";
import type { VitalSources } from "../monitoring/vitals.ts";
import type { Tally } from "../redirects/tally.ts";
import { createTally } from "../redirects/tally.ts";
import { OwnTheme } from "../theme/own-theme.ts";
import { CardCache } from "./card-cache.ts";
import { PageCache } from "./page-cache.ts";

/** Where the pages of who runs the site read what this process knows of itself. */
export type Sources = VitalSources &
  BlogSources & {
    readonly pages: PageCache;
    readonly cards: CardCache;
    readonly visits: Visits;
    readonly history: HistoryRecorder;
    readonly tally: Tally;
    readonly theme: OwnTheme;
  };

/** What comes from outside; the rest is made here. */
export type SourceParts = { readonly monitor?: Pick<ProcessMonitor, "read">; readonly visits?: Visits };

/** Creates the sources of one site. Nothing is written down before `history` is started. */
export function createSources(ctx: Context, parts: SourceParts = {}): Sources {
  const pages = new PageCache();
  const inFlight = new InFlight();
  const monitor = parts.monitor ?? createLateMonitor();
  const history = new HistoryRecorder(ctx, createGauges({ ctx, monitor, pages, inFlight }));
  const theme = new OwnTheme(ctx, { onChange: () => pages.clear() });
  const kept = { pages, cards: new CardCache() };
  return {
    ctx,
    ...kept,
    inFlight,
    monitor,
    history,
    visits: parts.visits ?? NO_VISITS,
    tally: createTally(ctx),
    theme,
  };
}

/** Watches from the first time that somebody looks. */
function createLateMonitor(): Pick<ProcessMonitor, "read"> {
  const watched: { monitor?: ProcessMonitor } = {};
  return {
    read() {
      watched.monitor ??= startProcessMonitor();
      return watched.monitor.read();
    },
  };
}
