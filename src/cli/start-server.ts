import type { Site } from "../app.ts";
import { bareHeaders, createSite } from "../app.ts";
import { hasAuthor } from "../auth/author-store.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../context/context.ts";
import type { Refusal } from "../lib/http-refusal.ts";
import type { HttpServer } from "../lib/http-server.ts";
import { createHttpServer } from "../lib/http-server.ts";
import { VERSION } from "../lib/version.ts";
import type { Health } from "../monitoring/health.ts";
import { createHealth } from "../monitoring/health.ts";
import type { ProcessMonitor } from "../monitoring/process-monitor.ts";
import { startProcessMonitor } from "../monitoring/process-monitor.ts";
import type { Worker } from "../worker/worker.ts";
import type { Call, Terminal } from "./command.ts";
import { toListenError } from "./listen-error.ts";
import { openContext } from "./open-context.ts";
import type { StopReason } from "./stop-signal.ts";

/** How long a stopping server waits for what is in flight, in milliseconds. */
export const STOP_GRACE_MS = 10_000;

/** How long an idle connection of a reader is kept, in milliseconds. */
export const KEEP_ALIVE_MS = 5_000;

/** The same behind a proxy, which keeps connections for longer than a reader, and must not meet one that just closed. */
export const PROXY_KEEP_ALIVE_MS = 75_000;

/** How long the first readers of a new process go before its jobs, in milliseconds. */
export const JOBS_AFTER_MS = 250;

/** A server that runs. */
export type RunningServer = {
  /** Says on stderr where the site is and, while there is no author, the link to set it up, which no log ever sees. */
  greet(): Promise<void>;
  /** Finishes what is in flight, at most STOP_GRACE_MS of it, then closes everything. */
  stop(reason: StopReason): Promise<void>;
};

/**
 * Starts the server: configuration, log, database, port, jobs. Throws an error whose message is a sentence for the
 * operator; nothing is left open then.
 */
export async function start({ env, stdout, stderr }: Pick<Call, "env" | "stdout" | "stderr">): Promise<RunningServer> {
  const { ctx, close } = await openContext(env, { terminal: stdout });
  const health = createHealth(ctx.db);
  const monitor = startProcessMonitor();
  const site = createSite(ctx, { health, monitor });
  const server = createHttpServer(site.listener, {
    keepAliveMs: keepAliveMs(ctx.config),
    headers: bareHeaders(ctx),
    onRefusal: (refusal) => logRefusal(ctx, refusal),
  });
  await listen(server, ctx.config).catch((error: unknown) => {
    monitor.stop();
    close();
    throw error;
  });

  const worker = startWorkerLater(ctx);
  site.record();
  ctx.log.info({ event: "server.start", url: ctx.config.SITE_URL, version: VERSION }, "StarPunk serves");
  return {
    greet: () => greet(ctx, stderr),
    stop: (reason) => stop({ ctx, close, health, monitor, server, site, worker }, reason),
  };
}

type Parts = {
  ctx: Context;
  close: () => void;
  health: Health;
  monitor: ProcessMonitor;
  server: HttpServer;
  site: Site;
  worker: Worker;
};

async function stop(parts: Parts, reason: StopReason): Promise<void> {
  const { ctx, close, health, monitor, server, site, worker } = parts;
  if (reason.kind === "fault") ctx.log.error({ event: "server.fault", err: reason.error }, "stopping for a fault");
  health.stop();
  const [{ dropped }] = await Promise.all([server.stop(STOP_GRACE_MS), worker.stop()]);
  await site.flush();
  monitor.stop();
  const why = reason.kind === "signal" ? reason.name : "fault";
  ctx.log.info({ event: "server.stop", reason: why, count: dropped }, "StarPunk has stopped");
  close();
}

/** What does jobs is loaded then, too. Where that fails the process ends: a site whose jobs are not done looks well. */
function startWorkerLater(ctx: Context): Pick<Worker, "stop"> {
  const later: { worker?: Promise<Worker>; isStopped?: boolean } = {};
  const load = async (): Promise<Worker> => {
    const { startWorker } = await import("../worker/worker.ts");
    return later.isStopped ? { stop: async () => undefined } : startWorker(ctx);
  };
  const timer = setTimeout(() => {
    later.worker = load();
  }, JOBS_AFTER_MS);
  return {
    async stop() {
      later.isStopped = true;
      clearTimeout(timer);
      // What could not be loaded is what the process ends for.
      await (await later.worker?.catch(() => undefined))?.stop();
    },
  };
}

function logRefusal({ log, metrics }: Context, { requestId, status, durationMs }: Refusal): void {
  const fields = {
    request_id: requestId,
    route: "malformed",
    status,
    duration_ms: Math.round(durationMs * 1000) / 1000,
  };
  log.info({ event: "request.done", ...fields }, "request done");
  metrics.record({
    type: "http",
    name: fields.route,
    durationMs,
    outcome: String(status),
    isFailed: false,
    size: 0,
    requestId,
  });
}

async function greet(ctx: Context, stderr: Terminal): Promise<void> {
  stderr.write(`StarPunk is at ${ctx.config.SITE_URL}\n`);
  if (hasAuthor(ctx.db)) return;
  const { createSetupLink, setupUrl } = await import("../auth/set-up.ts");
  const secret = await createSetupLink(ctx);
  stderr.write(`Set up your site: ${setupUrl(ctx.config.SITE_URL, secret)} (valid for one hour)\n`);
}

function keepAliveMs(config: Config): number {
  return config.TRUST_PROXY === false ? KEEP_ALIVE_MS : PROXY_KEEP_ALIVE_MS;
}

async function listen(server: HttpServer, { HOST, PORT }: Config): Promise<void> {
  try {
    await server.listen({ host: HOST, port: PORT });
  } catch (error) {
    throw toListenError(error, { HOST, PORT });
  }
}
