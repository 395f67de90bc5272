import type { Request } from "express";
import type { Doer } from "../audit/audit-event.ts";
import type { Doing } from "../audit/record.ts";
import { toNetwork } from "../auth/network.ts";
import type { Context } from "../context/context.ts";
import { createClientAddress } from "./client-address.ts";
import { findRequestSession } from "./session-cookie.ts";

/** The context of an act that this request asks for: the audit log learns of it whose act it is. */
export function acting(ctx: Context, req: Request): Context & Doing<"db"> {
  return { ...ctx, doer: doerOf(ctx, req) };
}

/** Who sends a request: the author, if it comes with a login; an app by its client_id, where one is given; else a stranger. */
export function doerOf(ctx: Pick<Context, "config" | "db" | "clock">, req: Request, clientId?: string): Doer {
  const from = {
    network: toNetwork(createClientAddress(ctx.config.TRUST_PROXY)(req)),
    userAgent: req.get("User-Agent") ?? "",
    requestId: req.res?.locals.requestId ?? "",
  };
  if (clientId !== undefined) return { ...from, sort: "app", name: clientId };
  const session = req.res?.locals.session ?? findRequestSession(ctx, req);
  if (session === undefined) return { ...from, sort: "stranger", name: "" };
  return { ...from, sort: "author", name: String(session.id) };
}
