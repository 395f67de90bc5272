import type { RequestListener } from "node:http";
import type { Express } from "express";
import type { Context } from "../context/context.ts";
import type { AppParts, RouteParts } from "./app-frame.ts";
import { createFramedApp } from "./app-frame.ts";
import { addAuthorPages } from "./author-pages.ts";
import type { BehindParts } from "./behind.ts";
import { createCodeLimit } from "./code-limit.ts";
import type { MicropubDoor } from "./micropub-door.ts";
import { createMicropubDoor } from "./micropub-door.ts";
import { addReaderRoutes } from "./readers-app.ts";
import { adminHealthRoutes } from "./routes/admin-health.ts";
import { adminMetricsRoutes } from "./routes/admin-metrics.ts";
import { authorizationRoutes } from "./routes/authorization.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { indieauthRoutes } from "./routes/indieauth.ts";
import { mediaEndpointRoutes } from "./routes/media-endpoint.ts";
import { micropubRoutes } from "./routes/micropub.ts";
import { missingRoutes } from "./routes/missing.ts";
import { previewRoutes } from "./routes/preview-links.ts";
import { redirectsRoutes } from "./routes/redirects.ts";
import { themeRoutes } from "./routes/theme.ts";
import { createShortWay } from "./short-way.ts";

/** Creates what answers all that readers' routes do not know: the whole application, and the short way past it. */
export function createWhole(ctx: Context, parts: BehindParts): RequestListener {
  const door = createMicropubDoor(ctx);
  return createShortWay(ctx, { ...parts, door, app: createApp(ctx, parts, door) });
}

/** Creates the whole application: every route there is, those of readers too. A family takes one line here. */
export function createApp(ctx: Context, parts: AppParts = {}, door = createMicropubDoor(ctx)): Express {
  return createFramedApp(ctx, parts, (app, all) => {
    const { render, sources } = all;
    addAppEndpoints(app, all, door); // Apps ask often, and go past no other family.
    addReaderRoutes(app, all);
    app.use(previewRoutes(ctx, render));
    addAuthorPages(app, ctx, render);
    app.use(themeRoutes(ctx, render, sources));
    app.use(dashboardRoutes(ctx, render, sources));
    app.use(adminMetricsRoutes(ctx, sources));
    app.use(adminHealthRoutes(ctx, render, sources));
    app.use(redirectsRoutes(ctx, render, sources));
    app.use(missingRoutes(ctx, render, sources));
  });
}

/** What apps talk to, and where the author lets them in. */
function addAppEndpoints(app: Express, { ctx, render }: RouteParts, door: MicropubDoor): void {
  app.use(mediaEndpointRoutes(ctx, door));
  app.use(micropubRoutes(ctx, door));
  const codes = createCodeLimit(ctx);
  app.use(indieauthRoutes(ctx, codes));
  app.use(authorizationRoutes(ctx, render, codes));
}
