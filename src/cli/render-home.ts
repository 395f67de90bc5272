import type { RenderHome } from "../backup/prove-backup.ts";
import { createHttpServer } from "../lib/http-server.ts";
import { openContext } from "./open-context.ts";

/** Largest home page that is looked at, in bytes: 100 notes of the longest kind. */
export const MAX_HOME_BYTES = 64 * 1024 * 1024;

/** Renders home pages by the whole application, asked over the loopback interface for as long as the answer takes. */
export function createRenderHome(siteUrl: string): RenderHome {
  return async (dataDir) => {
    const { createSite } = await import("../app.ts");
    const { ctx, close } = await openContext({
      DATA_DIR: dataDir,
      SITE_URL: siteUrl,
      LOG_LEVEL: "silent",
      METRICS_ENABLED: "false",
      ALLOW_PRIVATE_NETWORK: "true",
    });
    const server = createHttpServer(createSite(ctx).listener, { keepAliveMs: 1_000 });
    try {
      const port = await server.listen({ host: "127.0.0.1", port: 0 });
      const answer = await ctx.fetch(`http://127.0.0.1:${port}/`, { maxBytes: MAX_HOME_BYTES });
      if (!answer.ok) throw new Error(answer.outcome.reason);
      return { status: answer.status, html: answer.body.toString() };
    } finally {
      await server.stop(0);
      close();
    }
  };
}
