import type { IncomingMessage, ServerResponse } from "node:http";
import { listAssets } from "../../src/web/assets.ts";
import { authorPolicy, publicPolicy } from "../../src/web/security-headers.ts";
import { listen } from "./server.ts";

/** Answers a request that is for no page and no asset. */
export type Answer = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * Serves finished pages by path, the site's own assets, and whatever `answer` answers, under the content security
 * policy that the product has: the author's for paths below `/admin` and `/auth`, the public one for others.
 */
export async function servePages(pages: Readonly<Record<string, string>>, answer: Answer = notFound) {
  const assets = new Map(listAssets().map((asset) => [asset.path, asset]));
  const server = await listen((req, res) => {
    const path = (req.url ?? "/").split("?")[0] ?? "/";
    const asset = assets.get(path);
    const page = pages[path];
    res.setHeader("Content-Security-Policy", /^\/(?:admin|auth)\b/.test(path) ? authorPolicy() : publicPolicy());
    const silent = SILENT[path];
    if (silent !== undefined) res.setHeader("Content-Type", silent).end();
    else if (asset) res.setHeader("Content-Type", asset.mediaType).end(asset.bytes);
    else if (page !== undefined && req.method === "GET")
      res.setHeader("Content-Type", "text/html; charset=utf-8").end(page);
    else answer(req, res);
  });
  return { url: `http://127.0.0.1:${server.port}`, close: server.close };
}

/** What pages ask for by themselves, by its media type; there is nothing in it. */
const SILENT: Readonly<Record<string, string>> = { "/worker.js": "text/javascript", "/health": "application/json" };

function notFound(_req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(404).end();
}
