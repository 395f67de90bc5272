import type { RequestHandler } from "express";
import type { Context } from "../context/context.ts";
import type { Sources } from "./elsewhere.ts";

/** Where a page may take more from than its own site, and where else the answer of a form of it may lead. */
export type PolicyOptions = {
  /** Images from everywhere. */
  readonly remoteImages?: boolean | undefined;
  /** Single files. */
  readonly sources?: Sources | undefined;
  readonly formTarget?: string;
};

/** How long a browser shall use https only, in seconds: a year. */
export const HSTS_SECONDS = 31_536_000;

/** The content security policy of what everyone sees: no script at all, and nothing from elsewhere. */
export function publicPolicy(options: PolicyOptions = {}): string {
  return toPolicy(publicSources(options));
}

/** The content security policy of the author's pages: the same, and scripts of our own that may ask our own server. */
export function authorPolicy(options: PolicyOptions = {}): string {
  const own = "'self'";
  return toPolicy({ ...publicSources(options), "script-src": own, "connect-src": own, "manifest-src": own });
}

/** The security headers of every answer. */
export function securityFields(ctx: Pick<Context, "config">): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    "Content-Security-Policy": publicPolicy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
  };
  // Over plain http the header means nothing; behind a proxy that ends TLS the public address says what readers use.
  if (ctx.config.SITE_URL.startsWith("https:")) headers["Strict-Transport-Security"] = `max-age=${HSTS_SECONDS}`;
  return headers;
}

/** Sets the security headers of every answer. */
export function securityHeaders(ctx: Pick<Context, "config">): RequestHandler {
  const headers = securityFields(ctx);
  return (_req, res, next) => {
    for (const name in headers) res.setHeader(name, headers[name] ?? "");
    next();
  };
}

/** Sets what the author's pages need besides, also for errors below them: own scripts, no copies, no referrer to others. */
export function authorHeaders(): RequestHandler {
  const policy = authorPolicy();
  return (_req, res, next) => {
    res.setHeader("Content-Security-Policy", policy);
    res.setHeader("Referrer-Policy", "same-origin");
    res.setHeader("Cache-Control", "no-store");
    next();
  };
}

function publicSources({ remoteImages = false, sources, formTarget }: PolicyOptions): Record<string, string> {
  return {
    "default-src": "'none'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": remoteImages ? "'self' https: http:" : ["'self'", ...(sources?.images ?? [])].join(" "),
    "media-src": ["'self'", ...(sources?.media ?? [])].join(" "),
    "form-action": formTarget === undefined ? "'self'" : `'self' ${formTarget}`,
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
  };
}

function toPolicy(sources: Record<string, string>): string {
  return Object.entries(sources)
    .map(([directive, source]) => `${directive} ${source}`)
    .join("; ");
}
