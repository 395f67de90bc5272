import type { ErrorRequestHandler, Response } from "express";
import { AppError } from "../lib/errors.ts";
import { sendAppJson } from "./app-json.ts";
import { HttpError } from "./http-error.ts";
import { challengeOf } from "./micropub-error.ts";

/** The names that OAuth has for what is wrong with a field (RFC 6749, section 5.2); for others it is `invalid_request`. */
const FIELD_ERRORS: Readonly<Record<string, string>> = {
  code: "invalid_grant",
  refresh_token: "invalid_grant",
  scope: "invalid_scope",
  grant_type: "unsupported_grant_type",
};

/** Status and name of failures that no field has. A bearer token is the matter here (RFC 6750, section 3.1). */
const FAILURES: Readonly<Record<string, readonly [status: number, error: string]>> = {
  unauthorized: [401, "invalid_token"],
  forbidden: [403, "insufficient_scope"],
  too_large: [413, "invalid_request"],
  throttled: [429, "temporarily_unavailable"],
  unavailable: [503, "temporarily_unavailable"],
  storage_full: [507, "temporarily_unavailable"],
};

/** Answers errors of the endpoints that apps talk to as OAuth has them; faults of ours go on to the error handler. */
// biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters
export const answerOAuthError: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) next(error);
  else if (error instanceof AppError) sendAppError(res, error);
  else if (error instanceof HttpError && error.status < 500) {
    res.set(error.headers);
    sendAppJson(res, { error: "invalid_request", error_description: error.message }, error.status);
  } else next(error);
};

function sendAppError(res: Response, error: AppError): void {
  const named = [400, FIELD_ERRORS[error.field ?? ""] ?? "invalid_request"] as const;
  const [status, name] = FAILURES[error.code] ?? named;
  if (error.retryAfterSeconds !== undefined) res.set("Retry-After", String(error.retryAfterSeconds));
  if (status === 401 || status === 403) res.set("WWW-Authenticate", challengeOf(name, error));
  sendAppJson(res, { error: name, error_description: error.message, scope: error.scope }, status);
}
