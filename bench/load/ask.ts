import type { Agent, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { request } from "node:http";

/** What is asked besides the address. */
export type Question = {
  readonly method?: "GET" | "POST";
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly agent?: Agent;
};

/** A whole answer. */
export type Answer = {
  readonly status: number;
  /** As they came: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
};

/** How long an answer may let wait for its next bytes, in milliseconds. */
const SILENCE_MS = 60_000;

/** Begins a request, and resolves with the answer as soon as its head is there. Whoever asks reads its body. */
export function open(url: string, question: Question): Promise<IncomingMessage> {
  const { method = "GET", headers = {}, body, agent } = question;
  return new Promise((resolve, reject) => {
    const options = { method, headers, ...(agent === undefined ? {} : { agent }) };
    const sent = request(url, options, resolve);
    sent.setTimeout(SILENCE_MS, () => sent.destroy(new Error(`${url} said nothing for ${SILENCE_MS / 1000} s.`)));
    sent.on("error", (error: NodeJS.ErrnoException) => {
      // While this process copied a large file, the server may have closed a connection that was kept.
      const wasClosed = method === "GET" && sent.reusedSocket && error.code === "ECONNRESET";
      if (wasClosed) open(url, question).then(resolve, reject);
      else reject(error);
    });
    sent.end(body);
  });
}

/** Sends a request and reads its whole answer. */
export async function ask(url: string, question: Question = {}): Promise<Answer> {
  const answer = await open(url, question);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return {
    status: answer.statusCode ?? 0,
    rawHeaders: answer.rawHeaders,
    headers: answer.headers,
    body: Buffer.concat(chunks),
  };
}

/** The same, and throws for any other status than the expected one. */
export async function askFor(status: number, url: string, question: Question = {}): Promise<Answer> {
  const answer = await ask(url, question);
  if (answer.status === status) return answer;
  const said = answer.body.toString("utf8", 0, 200);
  throw new Error(`${new URL(url).pathname} was answered with ${answer.status} instead of ${status}: ${said}`);
}
