import type { Server as HttpServer, RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTcpServer } from "node:net";

/** A server on this machine that counts who comes. Closes with `await using`. */
export type Loopback = AsyncDisposable & {
  readonly origin: string;
  readonly port: number;
  /** Connections so far. */
  connections(): number;
};

/** Starts an HTTP server on a free port of `address`, any of 127.0.0.0/8. */
export function startHttp(listener: RequestListener, address = "127.0.0.1"): Promise<Loopback> {
  return start(createServer(listener), address);
}

/** Starts a server that speaks whatever `talk` writes. */
export function startTcp(talk: (socket: Socket) => void, address = "127.0.0.1"): Promise<Loopback> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    talk(socket);
  });
  return start(server, address);
}

async function start(server: HttpServer | Server, address: string): Promise<Loopback> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${address}:${port}`,
    port,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
