import { createHash } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { FETCH_TIMEOUTS } from "../../src/lib/fetch-limits.ts";
import { createSafeFetch } from "../../src/lib/safe-fetch.ts";
import { startHttp } from "./loopback.ts";

/** What the server of a person answers at one path; undefined: 404. */
export type ProviderAnswer = {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Says nothing at all. */
  readonly isSilent?: boolean;
};

/** Answers by path; each is told who was asked and what was sent. */
export type ProviderPaths = Readonly<Record<string, (request: ProviderRequest) => ProviderAnswer>>;

/** What came in. */
export type ProviderRequest = { readonly origin: string; readonly method: string; readonly body: URLSearchParams };

/** The guarded client of these tests: it may reach this machine, and has less patience. */
export const providerFetch = createSafeFetch(
  { allowPrivateNetwork: true, userAgent: "StarPunk test" },
  { timeouts: { ...FETCH_TIMEOUTS, firstByteMs: 300 } },
);

/** A site that names its server and says `me` for the code `good`; `paths` answer instead where they do. */
export async function startProvider(paths: ProviderPaths = {}) {
  const asked: { path: string; body: URLSearchParams }[] = [];
  const all = { ...USUAL, ...paths };
  const listener: RequestListener = async (req, res) => {
    const path = (req.url ?? "").split("?")[0] ?? "";
    const body = await readBody(req);
    asked.push({ path, body });
    const origin = `http://${req.headers.host}`;
    answer(res, all[path]?.({ origin, method: req.method ?? "", body }) ?? { status: 404, body: "Nothing here" });
  };
  const server = await startHttp(listener);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { origin: server.origin, me: `${server.origin}/`, asked };
}

/** The challenge that fits a verifier. */
export function challengeFor(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

const USUAL: ProviderPaths = {
  "/": () => naming("/metadata"),
  "/metadata": ({ origin }) =>
    json({ issuer: `${origin}/`, authorization_endpoint: "/auth", token_endpoint: "/token" }),
  "/auth": ({ origin, body }) => {
    return body.get("code") === "good"
      ? json({ me: `${origin}/` })
      : { ...json({ error: "invalid_grant" }), status: 400 };
  },
};

/** A page that names its server in a header, which is read faster than the page. */
export function naming(metadata: string): ProviderAnswer {
  return { headers: { Link: `<${metadata}>; rel="indieauth-metadata"` }, body: "<h1>Ada</h1>" };
}

/** An answer in JSON. */
export function json(value: unknown): ProviderAnswer {
  return { type: "application/json", body: JSON.stringify(value) };
}

function answer(
  res: ServerResponse,
  { status = 200, type = "text/html", headers, body, isSilent }: ProviderAnswer,
): void {
  if (isSilent === true) return;
  res.writeHead(status, { "Content-Type": type, ...headers }).end(body ?? "");
}

async function readBody(req: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of req) text += String(chunk);
  return new URLSearchParams(text);
}
