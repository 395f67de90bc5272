import type { FetchOptions, SafeFetch } from "../../src/lib/safe-fetch.ts";

/** What a server of the test's own web answers: HTML, an image, or a whole answer. */
export type Elsewhere = string | Buffer | { status?: number; type?: string; body?: string | Buffer; reason?: string };

/** A web of pages by address, and what was asked of it. Whatever is not there answers 404. */
export function elsewhere(pages: Readonly<Record<string, Elsewhere>>) {
  const asked: [url: string, options: FetchOptions | undefined][] = [];
  const fetch: SafeFetch = (url, options) => {
    asked.push([url, options]);
    const page = pages[url] ?? { status: 404 };
    const plain = typeof page === "string" || Buffer.isBuffer(page);
    const { status = 200, type, body = "", reason } = plain ? { body: page } : page;
    if (reason !== undefined) return Promise.resolve({ ok: false, outcome: { result: "retry", reason } } as const);
    const headers = new Map([["content-type", type ?? (typeof body === "string" ? "text/html" : "image/png")]]);
    return Promise.resolve({ ok: true, status, headers, body: Buffer.from(body), url } as const);
  };
  return { fetch, asked, urls: () => asked.map(([url]) => url) };
}

/** A post on another site, with its author and two pictures. */
export const POST_URL = "https://ada.example/posts/engines";

/** The HTML at POST_URL. */
export const POST_HTML = `<!doctype html><html lang="en-GB"><title>Engines – Ada</title><article class="h-entry">
<h1 class="p-name">On analytical engines</h1>
<p class="p-author h-card"><img class="u-photo" src="/ada.png" alt=""><a class="p-name u-url" href="/">Ada Lovelace</a></p>
<img class="u-featured" src="/engine.png" alt=""><div class="e-content"><p>The engine weaves &lt;patterns&gt;.</p></div>
<a class="u-url" href="/posts/engines">link</a></article></html>`;
