import type { Router } from "express";
import express from "express";
import type { Context } from "../../src/context/context.ts";
import { createPino } from "../../src/lib/log.ts";
import { canonicalPaths } from "../../src/web/canonical-path.ts";
import { errorHandler, notFoundHandler } from "../../src/web/error-handler.ts";
import { createRender } from "../../src/web/render.ts";
import type { RequestLines } from "../../src/web/request-lines.ts";
import { createRequestLines } from "../../src/web/request-lines.ts";
import { requestLog } from "../../src/web/request-log.ts";
import { routeTable } from "../../src/web/route-table.ts";
import { createRouter } from "../../src/web/router.ts";
import { authorHeaders, securityHeaders } from "../../src/web/security-headers.ts";
import type { Render } from "../../src/web/views.ts";
import { testContext } from "./context.ts";
import { testServer } from "./server.ts";

/** A line of the log. */
export type LogLine = Record<string, unknown>;

/** What a request meets in the application, around routes of the test's own. `lines` is the log so far. */
export async function testWeb(
  addRoutes: (router: Router, ctx: Context) => void,
  options: { siteUrl?: string; render?: Render } = {},
) {
  const lines: LogLine[] = [];
  const log = createPino("info", { write: (line) => void lines.push(JSON.parse(line) as LogLine) });
  const { ctx } = await testContext({ log, config: { SITE_URL: options.siteUrl ?? "http://blog.example" } });
  const router = createRouter();
  addRoutes(router, ctx);

  const app = express();
  app.disable("x-powered-by").disable("etag").enable("case sensitive routing").enable("strict routing");
  app.use(requestLog(atOnce(ctx)), securityHeaders(ctx));
  app.use("/admin", authorHeaders());
  app.use(canonicalPaths(), routeTable(app), router, notFoundHandler());
  app.use(errorHandler(ctx, options.render ?? createRender()));
  return { ...(await testServer(app)), ctx, lines };
}

/** Lines of the request log that wait for no others. */
function atOnce({ clock, log }: Pick<Context, "clock" | "log">): Pick<RequestLines, "write"> {
  const lines = createRequestLines(clock, (text) => log.lines?.(text));
  return {
    write(request) {
      lines.write(request);
      lines.flush();
    },
  };
}
