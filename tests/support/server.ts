import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import request from "supertest";
import { onTestFinished } from "vitest";

/** How long a raw exchange may take, in milliseconds. */
const RAW_TIMEOUT_MS = 10_000;

/** An answer as it came over the line. */
export type RawAnswer = {
  readonly status: number;
  /** In lower case; repeated ones joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Everything after the first head, transfer coding included. */
  readonly body: string;
};

/** A server for one listener, taken down when the running test has ended. */
export async function testServer(listener: RequestListener) {
  const server = await listen(listener);
  onTestFinished(server.close);
  return { ...server, http: request.agent(`http://127.0.0.1:${server.port}`) };
}

/** Listens on a free port of this machine. */
export async function listen(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    raw: (bytes: string | Buffer) => exchange(port, bytes),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A request without a body, to be sent raw: its target is not touched by anyone. */
export function rawRequest(method: string, target: string, headers: Record<string, string> = {}): Buffer {
  const lines = Object.entries({ Host: "blog.example", Connection: "close", ...headers });
  const head = [`${method} ${target} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1");
}

function exchange(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setTimeout(RAW_TIMEOUT_MS, () => socket.destroy(new Error("The server kept silent.")));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(parseAnswer(Buffer.concat(chunks).toString("latin1"))));
  });
}

function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name = "", value = ""] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  return { status: Number(statusLine.split(" ")[1]), headers, body: text.slice(end + 4) };
}
