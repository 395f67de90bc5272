import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:http";

/** An answer with the bytes of its body as they came over the line, still compressed. */
export type RawBytes = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/** Asks a server on this machine, and leaves the coding of the answer alone. */
export function fetchRaw(port: number, path: string, headers: Record<string, string> = {}): Promise<RawBytes> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, headers, timeout: 20_000 }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on("timeout", () => sent.destroy(new Error(`${path} does not answer`)));
    sent.on("error", reject);
    sent.end();
  });
}
