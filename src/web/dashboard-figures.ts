import { formatBytes } from "../lib/format-bytes.ts";
import type { Summary } from "../lib/metrics-buffer.ts";
import { said } from "../lib/words.ts";
import type { BlogNumbers } from "../monitoring/blog-numbers.ts";
import type { CheckedHealth } from "../monitoring/health-check.ts";
import { worstOf } from "../monitoring/health-check.ts";
import { showNumber, showShare } from "./chart-cells.ts";
import type { FigureStatus, FigureView } from "./dashboard-views.ts";

/** What the figures are taken from. */
export type FigureSources = {
  readonly checks: readonly CheckedHealth[];
  /** All requests of the range. */
  readonly requests: Summary;
  readonly inFlight: number;
  readonly blog: BlogNumbers;
};

/** The numbers that stand above the charts, the most urgent first. */
export function toFigures({ checks, requests, inFlight, blog }: FigureSources): FigureView[] {
  return [
    healthFigure(checks),
    ...requestFigures(requests, inFlight),
    ...blogFigures(blog),
    jobsFigure(blog),
    storageFigure(blog),
    ...backupFigure(checks),
  ];
}

function healthFigure(checks: readonly CheckedHealth[]): FigureView {
  const status = worstOf(checks);
  const troubled = checks.filter((check) => check.status !== "ok");
  return figure({
    label: said`Health`,
    value: status === "ok" ? said`All well` : said`${troubled.length} to look at`,
    about: troubled[0]?.title ?? "",
    status: status === "ok" ? "" : status,
    path: "/admin/health",
  });
}

function requestFigures({ count, errors, p95 }: Summary, inFlight: number): FigureView[] {
  const share = count === 0 ? 0 : errors / count;
  const status: FigureStatus = errors === 0 ? "" : "warning";
  return [
    figure({ label: said`Requests`, value: showNumber(count, "count"), about: said`${inFlight} in flight now` }),
    figure({
      label: said`Failed requests`,
      value: showNumber(errors, "count"),
      about: showShare(share),
      status,
      path: errors === 0 ? "" : "/admin/problems",
    }),
    figure({
      label: said`95th percentile`,
      value: count === 0 ? "–" : showNumber(p95, "ms"),
      about: said`of all requests`,
    }),
  ];
}

function blogFigures({ notes, subscribers, feeds, searches, logins }: BlogNumbers): FigureView[] {
  const { published, revised, trashed } = notes.today;
  const share = feeds.notModifiedShare;
  const asked = Object.values(feeds.today).reduce((sum, { sent, notModified }) => sum + sent + notModified, 0);
  return [
    figure({
      label: said`Notes`,
      value: showNumber(notes.byStatus.published ?? 0, "count"),
      about: said`Today: ${published} published, ${revised} revised, ${trashed} trashed`,
      path: "/admin",
    }),
    figure({
      label: said`Feed readers`,
      value: showNumber(subscribers.estimate, "count"),
      about: said`an estimate of the last seven days`,
    }),
    figure({
      label: said`Feed requests today`,
      value: showNumber(asked, "count"),
      about: share === null ? "" : said`${showShare(share)} of them nothing new`,
    }),
    figure({
      label: said`Searches today`,
      value: showNumber(searches.today, "count"),
      about: searches.refusedToday === 0 ? "" : said`${searches.refusedToday} refused: too many from one network`,
    }),
    figure({
      label: said`Logins today`,
      value: showNumber(logins.today, "count"),
      about: said`${logins.refusedToday} refused`,
      path: "/admin/logins",
    }),
  ];
}

function jobsFigure({ jobs }: BlogNumbers): FigureView {
  return figure({
    label: said`Jobs waiting`,
    value: showNumber(jobs.waiting, "count"),
    about: said`${jobs.running} running, ${jobs.failed} failed`,
    status: jobs.failed === 0 ? "" : "warning",
    path: "/admin/jobs",
  });
}

function storageFigure({ storage }: BlogNumbers): FigureView {
  return figure({
    label: said`Storage`,
    value: formatBytes(storage.databaseBytes + storage.walBytes + storage.mediaBytes),
    about: said`Database ${formatBytes(storage.databaseBytes)}, ${storage.mediaFiles} files ${formatBytes(storage.mediaBytes)}`,
  });
}

/** As the check of health has it, where there is one. */
function backupFigure(checks: readonly CheckedHealth[]): FigureView[] {
  const check = checks.find(({ name }) => name === "last_backup");
  if (check === undefined) return [];
  const status: FigureStatus = check.status === "ok" ? "" : check.status;
  const { figure: value, detail: about = "" } = check;
  return [figure({ label: said`Last backup`, value, about, status, path: "/admin/backups" })];
}

function figure(known: Pick<FigureView, "label" | "value"> & Partial<FigureView>): FigureView {
  return { about: "", status: "", path: "", ...known };
}
