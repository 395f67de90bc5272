import type { Response } from "express";

/** Answers an app with JSON that nobody keeps (RFC 6749, section 5.1). */
export function sendAppJson(res: Response, body: object, status = 200): void {
  res.set("Cache-Control", "no-store").status(status).json(body);
}
