import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";

/** What is asked over a connection, besides where: one request with a body. */
export type Post = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** A whole answer, and how long it took from the first byte that was sent to the last that came, in milliseconds. */
export type TimedAnswer = {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly ms: number;
};

/** One connection to a server, kept between requests. */
export type Connection = {
  /** Posts, and resolves with the answer. One at a time. Throws when the connection breaks, or an answer tells no length. */
  readonly post: (post: Post) => Promise<TimedAnswer>;
  readonly close: () => void;
};

/** After so long without a request another connection is opened, in milliseconds: the server may be about to close this one. */
const QUIET_MS = 2_000;

/** How long an answer may let wait for its next bytes, in milliseconds. */
const SILENCE_MS = 60_000;

/**
 * Opens connections to a server as they are needed, over plain sockets: of what is timed Node's own client would be 0.1 ms
 * and more, where a whole publish takes 1 ms.
 */
export function createConnection(origin: string): Connection {
  const { host, hostname, port } = new URL(origin);
  let socket: Socket | undefined;
  let usedAt = 0;
  const open = async (): Promise<Socket> => {
    if (socket !== undefined && !socket.destroyed && performance.now() - usedAt < QUIET_MS) return socket;
    socket?.destroy();
    socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.setTimeout(SILENCE_MS, function onSilence(this: Socket) {
      this.destroy(new Error(`${origin} said nothing for ${SILENCE_MS / 1000} s.`));
    });
    await once(socket, "connect");
    socket.on("error", () => undefined); // Whoever waits for an answer hears of it; else the next post connects anew.
    return socket;
  };
  return {
    async post({ path, headers, body }) {
      const opened = await open();
      const lines = Object.entries({ Host: host, ...headers, "Content-Length": Buffer.byteLength(body) });
      const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
      const answer = await exchange(opened, `POST ${path} HTTP/1.1\r\n${head}\r\n${body}`);
      usedAt = performance.now();
      return answer;
    },
    close: () => socket?.destroy(),
  };
}

function exchange(socket: Socket, request: string): Promise<TimedAnswer> {
  return new Promise((resolve, reject) => {
    let text = "";
    const finish = (settle: () => void): void => {
      socket.off("data", onData).off("error", onEnd).off("close", onEnd);
      settle();
    };
    const onEnd = (error?: unknown): void =>
      finish(() =>
        reject(error instanceof Error ? error : new Error("The connection was closed instead of an answer.")),
      );
    const onData = (chunk: Buffer): void => {
      const ms = performance.now() - startedAt;
      text += chunk.toString("latin1");
      try {
        const answer = readAnswer(text);
        if (answer !== undefined) finish(() => resolve({ ...answer, ms }));
      } catch (error) {
        finish(() => reject(error));
      }
    };
    socket.on("data", onData).on("error", onEnd).on("close", onEnd);
    const startedAt = performance.now();
    socket.write(request);
  });
}

/** Undefined while there is not all of it. */
function readAnswer(text: string): Omit<TimedAnswer, "ms"> | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const length = headers.get("content-length");
  if (length === undefined) throw new Error(`An answer told no length: ${first}`);
  const body = text.slice(end + 4);
  if (body.length < Number(length)) return undefined;
  return { status: Number(first.split(" ")[1]), headers, body: Buffer.from(body, "latin1").toString() };
}
