import type { IncomingMessage, ServerResponse } from "node:http";
import type { HealthStatus } from "../monitoring/health.ts";

/** Whether a request asks for the state of the process in one word: whoever watches it does so every few seconds. */
export function asksForHealth({ method, url }: IncomingMessage): boolean {
  return url === "/health" && (method === "GET" || method === "HEAD");
}

/** Answers with that word: 200 while the process serves, else 503. Needs nothing of Express. */
export function sendHealth(req: IncomingMessage, res: ServerResponse, status: HealthStatus): void {
  const body = JSON.stringify({ status });
  res.statusCode = status === "ok" ? 200 : 503;
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.setHeader("Content-Length", Buffer.byteLength(body));
  res.end(req.method === "HEAD" ? undefined : body);
}
