import type { ErrorRequestHandler, Response } from "express";
import type { ErrorCode } from "../lib/errors.ts";
import { AppError } from "../lib/errors.ts";
import { sendAppJson } from "./app-json.ts";
import { HttpError } from "./http-error.ts";

/** The message of an error whose answer has no body. */
export const NO_WORDS = "";

/** Status and name of each failure in Micropub's own words (§3.8); what is not here is 400 `invalid_request`. */
const FAILURES: Partial<Record<ErrorCode, readonly [status: number, error: string]>> = {
  unauthorized: [401, "unauthorized"],
  // RFC 6750 says 403; Micropub §3.8 and the clients that follow it expect 401.
  forbidden: [401, "insufficient_scope"],
  too_large: [413, "invalid_request"],
  throttled: [429, "temporarily_unavailable"],
  unavailable: [503, "temporarily_unavailable"],
  storage_full: [507, "temporarily_unavailable"],
};

/** Answers errors of the Micropub and the media endpoint (§3.8); faults of ours go on to the error handler. */
// biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters
export const answerMicropubError: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) next(error);
  else if (error instanceof AppError) sendAppError(res, error);
  else if (error instanceof HttpError && error.status < 500) sendHttpError(res, error);
  else next(error);
};

function sendAppError(res: Response, error: AppError): void {
  const [status, name] = FAILURES[error.code] ?? [400, "invalid_request"];
  if (error.retryAfterSeconds !== undefined) res.set("Retry-After", String(error.retryAfterSeconds));
  if (status === 401) res.set("WWW-Authenticate", name === "unauthorized" ? "Bearer" : challengeOf(name, error));
  sendAppJson(res, { error: name, error_description: error.message, scope: error.scope }, status);
}

/** What a token lacks, in the words of RFC 6750 (section 3): the error, and the scope to ask for. */
export function challengeOf(name: string, { scope }: Pick<AppError, "scope">): string {
  return `Bearer error="${name}"${scope === undefined ? "" : `, scope="${scope}"`}`;
}

function sendHttpError(res: Response, { status, message, headers }: HttpError): void {
  res.set(headers);
  if (message === NO_WORDS) res.set("Cache-Control", "no-store").status(status).end();
  else sendAppJson(res, { error: "invalid_request", error_description: message }, status);
}
