import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { BodyPace, PaceLimits } from "./http-body-pace.ts";
import { createBodyPace } from "./http-body-pace.ts";
import type { Refusal, RefusalReason, Refuser } from "./http-refusal.ts";
import { createRefuser } from "./http-refusal.ts";

/** How long the head of a request may take, in milliseconds. */
export const HEADERS_TIMEOUT_MS = 10_000;

/** How long a whole request may take to arrive, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 300_000;

/** How long a connection may be silent in both directions while it is owed an answer, in milliseconds. */
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

/** What a server needs to know, and limits that a test makes smaller. */
export type HttpServerOptions = {
  /** How long an idle connection is kept, in milliseconds. */
  readonly keepAliveMs: number;
  /** Headers of the answers that the server gives itself, besides those of all plain text. */
  readonly headers?: OutgoingHttpHeaders;
  /** Hears of requests that never got to the handler. */
  readonly onRefusal?: (refusal: Refusal) => void;
  readonly limits?: Partial<PaceLimits> & { readonly headersTimeoutMs?: number; readonly silenceMs?: number };
};

/** Requests that a connection is busy with, and how much it had read, and when, as it last was idle. */
type Connection = {
  readonly socket: Socket;
  /** Those that were not answered at once. */
  readonly inFlight: Set<ServerResponse>;
  bytesReadWhenIdle: number;
  idleAt: number;
  /** What is said, and the connection ended with, as soon as nothing is in flight. */
  refusal: RefusalReason | undefined;
};

/** What the parts of one server share. */
type Hall = {
  readonly connections: Map<Socket, Connection>;
  readonly refuser: Refuser;
  readonly pace: BodyPace;
  readonly silenceMs: number;
  isStopping: boolean;
};

/**
 * Creates a server with limits on everything that a client can drag out. What is no proper request never gets to the
 * handler: it is answered here, in a line of text with the security headers.
 */
export function createHttpServer(handler: RequestListener, options: HttpServerOptions): HttpServer {
  const refuser = createRefuser(options.headers, options.onRefusal);
  const pace = createBodyPace((res) => refuser.onAnswer(res, "slow", performance.now()), options.limits);
  const silenceMs = options.limits?.silenceMs ?? SILENCE_TIMEOUT_MS;
  const hall: Hall = { connections: new Map(), refuser, pace, silenceMs, isStopping: false };
  const server = createNodeServer(options);

  server.on("connection", (socket: Socket) => enter(hall, socket));
  server.on("request", (req: IncomingMessage, res: ServerResponse) => {
    const connection = take(hall, req, res);
    if (hasOneHost(req)) handler(req, res);
    else refuser.onAnswer(res, "host", connection.idleAt);
    awaitEnd(hall, connection, res);
  });
  server.on("checkExpectation", (req: IncomingMessage, res: ServerResponse) => {
    const connection = take(hall, req, res);
    refuser.onAnswer(res, "expectation", connection.idleAt);
    awaitEnd(hall, connection, res);
  });
  server.on("connect", (_req: IncomingMessage, socket: Socket) => {
    refuser.onSocket(socket, "proxy", enter(hall, socket).idleAt);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => hangUp(hall, enter(hall, socket), error));

  return {
    listen: (where) => listen(server, where),
    stop: async (graceMs) => {
      hall.isStopping = true;
      return stop(server, hall, graceMs);
    },
  };
}

/** Its limit on silence is not Node's, which sets a timer for every request: see `awaitEnd`. */
function createNodeServer({ keepAliveMs, limits = {} }: HttpServerOptions): Server {
  return createServer({
    headersTimeout: limits.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: limits.checkMs ?? CONNECTIONS_CHECK_MS,
    maxHeaderSize: MAX_HEAD_BYTES,
    requireHostHeader: false, // Node's own answer has no headers.
  });
}

/** What is known of a connection, from its first moment on. */
function enter(hall: Hall, socket: Socket): Connection {
  const known = hall.connections.get(socket);
  if (known !== undefined) return known;
  const connection: Connection = {
    socket,
    inFlight: new Set(),
    bytesReadWhenIdle: 0,
    idleAt: performance.now(),
    refusal: undefined,
  };
  hall.connections.set(socket, connection);
  socket.once("close", () => hall.connections.delete(socket));
  return connection;
}

/** Takes a request on, and watches its body. */
function take(hall: Hall, req: IncomingMessage, res: ServerResponse): Connection {
  const connection = enter(hall, req.socket);
  if (hall.isStopping) res.shouldKeepAlive = false;
  hall.pace.watch(req, res, connection.bytesReadWhenIdle);
  return connection;
}

/**
 * Keeps count of a request that its handler has not answered yet, so that a stop knows whom it must wait for, and limits
 * its silence. An answer that the system has taken whole, as most pages from the cache, needs neither.
 */
function awaitEnd(hall: Hall, connection: Connection, res: ServerResponse): void {
  if (res.writableFinished) {
    rest(hall, connection);
    return;
  }
  connection.inFlight.add(res);
  connection.socket.setTimeout(hall.silenceMs);
  res.on("close", () => {
    connection.inFlight.delete(res);
    rest(hall, connection);
  });
}

/** The connection is idle again, unless another request came meanwhile. */
function rest(hall: Hall, connection: Connection): void {
  const { inFlight, socket } = connection;
  connection.bytesReadWhenIdle = socket.bytesRead;
  connection.idleAt = performance.now();
  if (inFlight.size > 0) return;
  if (connection.refusal !== undefined && socket.writable)
    hall.refuser.onSocket(socket, connection.refusal, connection.idleAt);
  // Its head may have promised to keep the connection before the stop.
  else if (hall.isStopping) socket.end();
}

/** Ends a connection on which something came that cannot be read, or nothing in time. */
function hangUp({ refuser }: Hall, connection: Connection, error: NodeJS.ErrnoException): void {
  const { socket, inFlight } = connection;
  const reason = toReason(error);
  // Node says it again with each piece that still comes.
  if (connection.refusal !== undefined) return;
  // Browsers open connections that they may never use; they are told nothing when that ends.
  const wasNeverUsed = reason === "slow" && isIdle(connection);
  if (wasNeverUsed || error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();

  connection.refusal = reason;
  const unread = [...inFlight].find(({ req }) => !req.complete);
  if (unread?.headersSent) socket.destroy();
  else if (unread !== undefined) refuser.onAnswer(unread, reason, connection.idleAt);
  else if (inFlight.size === 0) refuser.onSocket(socket, reason, connection.idleAt);
}

function toReason({ code }: NodeJS.ErrnoException): RefusalReason {
  if (code === "HPE_HEADER_OVERFLOW") return "head";
  if (code === "HPE_CHUNK_EXTENSIONS_OVERFLOW") return "extensions";
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? "slow" : "malformed";
}

/** HTTP/1.0 knows no Host. Node takes two. */
function hasOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts === 1 || (hosts === 0 && httpVersion === "1.0");
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

async function stop(server: Server, { connections, pace }: Hall, graceMs: number): Promise<{ dropped: number }> {
  const endsAt = performance.now() + graceMs;
  const closed = closeListener(server);
  for (const { inFlight } of connections.values()) {
    for (const res of inFlight) res.shouldKeepAlive = false;
  }
  // A request that is on the wire now was sent to a server that was there: it gets its answer.
  await sleep(Math.min(DRAIN_MS, graceMs));
  for (const connection of connections.values()) if (isIdle(connection)) connection.socket.destroy();
  await Promise.race([closed, sleep(Math.max(0, endsAt - performance.now()), undefined, { ref: false })]);

  const dropped = [...connections.values()].reduce((sum, { inFlight }) => sum + inFlight.size, 0);
  server.closeAllConnections();
  await closed;
  pace.stop();
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
