import { connect } from "node:net";

/** The type of what `multipart` makes. */
export const MULTIPART = "multipart/form-data; boundary=b";

/** A part of a form. */
export type Part = { name: string; value?: string; fileName?: string; bytes?: Buffer | string; type?: string };

function part({ name, value, fileName, bytes, type }: Part): Buffer {
  const file = fileName === undefined ? "" : `; filename="${fileName}"`;
  const contentType = type === undefined ? "" : `Content-Type: ${type}\r\n`;
  const head = `--b\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${contentType}\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(bytes ?? value ?? ""), Buffer.from("\r\n")]);
}

/** A multipart form of these parts, between boundaries `b`. */
export function multipart(...parts: Part[]): Buffer {
  return Buffer.concat([...parts.map(part), Buffer.from("--b--\r\n")]);
}

/** Posts a body and says the status, with its length beforehand or without. */
export async function post(
  port: number,
  path: string,
  request: { type: string; body: Buffer; isAnnounced?: boolean },
): Promise<number> {
  const { type, body, isAnnounced = true } = request;
  const payload = isAnnounced ? body : new Blob([new Uint8Array(body)]).stream();
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { "Content-Type": type },
    body: payload,
    duplex: "half",
    signal: AbortSignal.timeout(10_000),
  } as RequestInit);
  await answer.arrayBuffer();
  return answer.status;
}

/** Sends a request that promises more than it brings, and ends the connection as soon as the server has read that. */
export function hangUp(port: number, path: string, { type, body }: { type: string; body: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n`;
      socket.write(head);
      // The server says that it reads; only then is there something to break off.
      socket.once("data", () => socket.write(body, () => socket.resetAndDestroy()));
    });
    socket.once("error", reject);
    socket.once("close", () => resolve());
  });
}
