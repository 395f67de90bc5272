import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How long the head of a request may take, in milliseconds. */
export const HEADERS_TIMEOUT_MS = 10_000;

/** How long a whole request may take to arrive, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 300_000;

/** How long a connection may be silent in both directions, in milliseconds. */
export const SILENCE_TIMEOUT_MS = 120_000;

/** How often the limits of time are looked at, in milliseconds. */
export const CONNECTIONS_CHECK_MS = 5_000;

/** Largest head of a request, in bytes. */
export const MAX_HEAD_BYTES = 16 * 1024;

/** How long a stopping server still hears connections that are idle: a request may be on its way on one, in milliseconds. */
export const DRAIN_MS = 100;

/** A server that can be stopped without losing a request. */
export type HttpServer = {
  /** Resolves with the port once connections are accepted. Rejects with the system's error. */
  listen(where: { host: string; port: number }): Promise<number>;
  /**
   * Stops: no new connections, idle ones closed, what is in flight finished. After `graceMs` whatever is left is cut
   * off; resolves with the number of requests that were.
   */
  stop(graceMs: number): Promise<{ dropped: number }>;
};

/** Requests that a connection is busy with, and how much it had read when it last was idle. */
type Connection = { readonly socket: Socket; readonly inFlight: Set<ServerResponse>; bytesReadWhenIdle: number };

/**
 * Creates a server with limits on everything that a client can drag out. Requests with two Host headers are refused
 * here, since Node takes them. `keepAliveMs` is how long an idle connection is kept.
 */
export function createHttpServer(handler: RequestListener, options: { keepAliveMs: number }): HttpServer {
  const connections = new Map<Socket, Connection>();
  const state = { isStopping: false };
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: options.keepAliveMs,
    connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
    maxHeaderSize: MAX_HEAD_BYTES,
  });
  server.timeout = SILENCE_TIMEOUT_MS;

  server.on("connection", (socket: Socket) => {
    connections.set(socket, { socket, inFlight: new Set(), bytesReadWhenIdle: 0 });
    socket.once("close", () => connections.delete(socket));
  });
  server.on("request", (req: IncomingMessage, res: ServerResponse) => {
    const connection = connections.get(req.socket);
    if (connection !== undefined) follow(connection, res, state);
    if (hasTwoHosts(req)) refuse(res);
    else handler(req, res);
  });

  return {
    listen: (where) => listen(server, where),
    stop: async (graceMs) => {
      state.isStopping = true;
      return stop(server, connections, graceMs);
    },
  };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Keeps count of one request, so that a stop knows whom it must wait for. */
function follow(connection: Connection, res: ServerResponse, state: { isStopping: boolean }): void {
  if (state.isStopping) res.shouldKeepAlive = false;
  connection.inFlight.add(res);
  res.once("close", () => {
    connection.inFlight.delete(res);
    connection.bytesReadWhenIdle = connection.socket.bytesRead;
    // Its head may have promised to keep the connection before the stop.
    if (state.isStopping && connection.inFlight.size === 0) connection.socket.end();
  });
}

function hasTwoHosts(req: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < req.rawHeaders.length; index += 2) {
    const name = req.rawHeaders[index] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts > 1;
}

function refuse(res: ServerResponse): void {
  res.shouldKeepAlive = false;
  res.writeHead(400, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  });
  res.end("The request has more than one Host header. Send exactly one.\n");
}

async function stop(
  server: Server,
  connections: ReadonlyMap<Socket, Connection>,
  graceMs: number,
): Promise<{ dropped: number }> {
  const endsAt = performance.now() + graceMs;
  const closed = closeListener(server);
  for (const { inFlight } of connections.values()) {
    for (const res of inFlight) res.shouldKeepAlive = false;
  }
  // A request that is on the wire now was sent to a server that was there: it gets its answer.
  await sleep(Math.min(DRAIN_MS, graceMs));
  for (const connection of connections.values()) if (isIdle(connection)) connection.socket.destroy();
  await Promise.race([closed, sleep(endsAt - performance.now(), undefined, { ref: false })]);

  const dropped = [...connections.values()].reduce((sum, { inFlight }) => sum + inFlight.size, 0);
  server.closeAllConnections();
  await closed;
  return { dropped };
}

/**
 * Lets nobody in any more; resolves when all who are in have gone. At once: whoever is told that a connection ends comes
 * back with a new one, and must not find the door open to a house that is being left.
 */
function closeListener(server: Server): Promise<void> {
  // Not the method of http.Server, which closes idle connections as well.
  return new Promise((resolve) => NetServer.prototype.close.call(server, () => resolve()));
}

/** Whether nothing is asked on it: also not half a head, which Node does not tell. */
function isIdle({ socket, inFlight, bytesReadWhenIdle }: Connection): boolean {
  return inFlight.size === 0 && socket.bytesRead === bytesReadWhenIdle;
}
