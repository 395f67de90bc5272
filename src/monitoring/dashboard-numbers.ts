import type { LeaseStatistics } from "../db/lease-pool.ts";
import type { ExplainedStatement } from "../db/slow-statements.ts";
import type { BlogNumbers, BlogSources } from "./blog-numbers.ts";
import { readBlogNumbers } from "./blog-numbers.ts";
import type { CheckedHealth, HealthCheck } from "./health-check.ts";
import { runChecks } from "./health-check.ts";
import type { HistoryRange } from "./history.ts";
import { readHistory } from "./history.ts";
import type { UnwrittenHistory } from "./history-recorder.ts";
import type { HistoryReport } from "./history-report.ts";

/** Everything that the dashboard shows, as it is now. */
export type DashboardNumbers = {
  readonly history: HistoryReport;
  readonly blog: BlogNumbers;
  readonly checks: readonly CheckedHealth[];
  readonly pool: LeaseStatistics;
  readonly inFlight: number;
  readonly slowStatements: readonly ExplainedStatement[];
};

/** Where it is read. */
export type DashboardSources = BlogSources & {
  readonly history: UnwrittenHistory;
  readonly checks: readonly HealthCheck[];
  readonly inFlight: { readonly now: number };
};

/** Reads it for a range of time. */
export async function readDashboardNumbers(sources: DashboardSources, range: HistoryRange): Promise<DashboardNumbers> {
  const { ctx } = sources;
  const [history, blog, checks] = await Promise.all([
    readHistory(ctx, sources.history, range),
    readBlogNumbers(sources),
    runChecks(sources.checks),
  ]);
  return {
    history,
    blog,
    checks,
    pool: ctx.db.leaseStatistics(),
    inFlight: sources.inFlight.now,
    slowStatements: ctx.db.slowStatements(),
  };
}
