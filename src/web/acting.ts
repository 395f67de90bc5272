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
  const from = whence(ctx, req);
  if (clientId !== undefined) return toDoer(from, "app", clientId);
  const session = req.res?.locals.session ?? findRequestSession(ctx, req);
  return session === undefined ? toDoer(from, "stranger", "") : toDoer(from, "author", String(session.id));
}

function toDoer({ network, userAgent, requestId }: Whence, sort: Doer["sort"], name: string): Doer {
  return { sort, name, network, userAgent, requestId };
}

type ReadNetwork = (req: Request) => string;

const networkReaders = new WeakMap<Context["config"], ReadNetwork>();

function networkReader(config: Context["config"]): ReadNetwork {
  const reader = networkReaders.get(config) ?? createNetworkReader(config);
  networkReaders.set(config, reader);
  return reader;
}

/** Remembers the last one: who writes once writes again. */
function createNetworkReader({ TRUST_PROXY }: Context["config"]): ReadNetwork {
  const clientAddress = createClientAddress(TRUST_PROXY);
  let last: { readonly said: string; readonly network: string } | undefined;
  return (req) => {
    const said = `${req.socket.remoteAddress} ${req.headers["x-forwarded-for"]}`;
    if (last?.said !== said) last = { said, network: toNetwork(clientAddress(req)) };
    return last.network;
  };
}

type Whence = Pick<Doer, "network" | "userAgent" | "requestId">;

/** Where a request comes from, found out once for each. */
function whence({ config }: Pick<Context, "config">, req: Request): Whence {
  const locals = req.res?.locals;
  const from = locals?.whence ?? {
    network: networkReader(config)(req),
    userAgent: req.headers["user-agent"] ?? "",
    requestId: locals?.requestId ?? "",
  };
  if (locals) locals.whence = from;
  return from;
}
