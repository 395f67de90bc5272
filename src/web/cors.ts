import type { RequestHandler } from "express";

/** How long a browser may remember what another site's page may do, in seconds. */
export const PREFLIGHT_SECONDS = 86_400;

/** What every answer of these endpoints says. */
export const CROSS_ORIGIN_FIELDS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Location, WWW-Authenticate, Retry-After, Link, X-Request-Id",
};

/**
 * Lets pages of other sites talk to the endpoints of apps, which know nobody by a cookie: what counts there is a token
 * in the header or in the body, and a browser sends neither by itself. Answers the question that browsers ask first.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function crossOrigin(): RequestHandler {
  return (req, res, next) => {
    for (const [name, value] of Object.entries(CROSS_ORIGIN_FIELDS)) res.setHeader(name, value);
    if (req.method === "OPTIONS" && req.get("Access-Control-Request-Method") !== undefined) {
      res.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST");
      res.setHeader("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key");
      res.setHeader("Access-Control-Max-Age", String(PREFLIGHT_SECONDS));
    }
    next();
  };
}
