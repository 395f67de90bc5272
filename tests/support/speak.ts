import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect } from "node:net";
import { onTestFinished } from "vitest";
import type { HttpServerOptions } from "../../src/lib/http-server.ts";
import { createHttpServer } from "../../src/lib/http-server.ts";

/** A connection on which one speaks byte by byte. */
export type Conversation = {
  /** What the server has said so far. */
  readonly heard: { text: string; isClosed: boolean };
  say(text: string | Buffer): void;
  /** Says nothing more, and goes on listening. */
  finish(): void;
};

/** Starts a server of ours on a free port, for a handler of the test's own. It stops when the running test has ended. */
export async function startOwnServer(handler: RequestListener, options: Partial<HttpServerOptions> = {}) {
  const server = createHttpServer(handler, { keepAliveMs: 5_000, ...options });
  const port = await server.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(async () => {
    await server.stop(0);
  });
  return { server, port, speak: () => speak(port) };
}

/** Opens a connection to a port of this machine; it is cut when the running test has ended. */
export async function speak(port: number): Promise<Conversation> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const heard = { text: "", isClosed: false };
  socket.on("data", (chunk) => {
    heard.text += String(chunk);
  });
  socket.on("end", () => {
    heard.isClosed = true;
    socket.end();
  });
  socket.on("close", () => {
    heard.isClosed = true;
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  onTestFinished(() => void socket.destroy());
  return { heard, say: (text) => void socket.write(text), finish: () => void socket.end() };
}
