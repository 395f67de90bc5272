import type { ErrorRequestHandler, Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import type { ErrorCode } from "../../lib/errors.ts";
import { AppError } from "../../lib/errors.ts";
import type { Gate } from "../../lib/gate.ts";
import { createGate } from "../../lib/gate.ts";
import { paths } from "../../lib/urls.ts";
import type { MicropubGrant } from "../../micropub/execute.ts";
import { executeMicropub, requireScope } from "../../micropub/execute.ts";
import { answerQuery } from "../../micropub/query.ts";
import type { MicropubRequest } from "../../micropub/request.ts";
import { parseFormRequest, parseJsonRequest } from "../../micropub/request.ts";
import type { BearerCheck } from "../bearer.ts";
import { createBearerCheck, headerToken } from "../bearer.ts";
import { bodyType } from "../body.ts";
import type { Form } from "../form.ts";
import { letInFiles, readForm } from "../form.ts";
import { HttpError } from "../http-error.ts";
import { queryText, queryTexts } from "../input.ts";
import { isJson, readJson } from "../json-body.ts";
import { createRouter } from "../router.ts";
import { saveUpload } from "../save-upload.ts";

/** Most files that one Micropub request may bring along. */
export const MAX_MICROPUB_FILES = 50;

/** Forms with files that are read at once before a token was seen: each is held on the disk. */
export const MAX_STRANGERS = 2;
/** Most bytes of such a form. */
export const MAX_STRANGER_BYTES = 50 * 1024 * 1024;

/** The message of an error whose answer has no body. */
const NO_WORDS = "";

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

/**
 * The Micropub endpoint: create by form, multipart and JSON, update, delete, undelete, and the queries.
 * @see https://www.w3.org/TR/micropub/
 */
export function micropubRoutes(ctx: Context): Router {
  const router = createRouter();
  const door = { tokens: createBearerCheck(ctx), strangers: createGate(MAX_STRANGERS) };

  router.get("/micropub", async (req, res) => {
    const grant = await door.tokens.requireGrant(req, headerToken(req));
    const properties = [...queryTexts(req, "properties[]"), ...queryTexts(req, "properties")];
    sendJson(res, 200, answerQuery(ctx, { q: queryText(req, "q"), url: queryText(req, "url"), properties }, grant));
  });

  router.post("/micropub", async (req, res) => {
    const { request, grant } = isJson(req) ? await readJsonRequest(req, door) : await readFormRequest(ctx, req, door);
    const result = await executeMicropub(ctx, request, grant);
    if (result.location !== undefined) res.set("Location", result.location);
    res.set("Cache-Control", "no-store").status(result.status).end();
  });

  router.use("/micropub", answerFailure);
  return router;
}

/** What stands between strangers and the endpoint. */
type Door = { readonly tokens: BearerCheck; readonly strangers: Gate };

type Incoming = { readonly request: MicropubRequest; readonly grant: MicropubGrant };

async function readJsonRequest(req: Request, { tokens }: Door): Promise<Incoming> {
  const grant = await tokens.requireGrant(req, headerToken(req));
  return { grant, request: parseJsonRequest(await readJson(req)) };
}

async function readFormRequest(ctx: Context, req: Request, { tokens, strangers }: Door): Promise<Incoming> {
  const inHeader = headerToken(req);
  const known = inHeader === undefined ? undefined : await tokens.requireGrant(req, inHeader);
  // Whoever shows a token first may send files; of strangers' files, whose token may yet come, few are held at a time.
  const isStrangersUpload = known === undefined && bodyType(req) === "multipart/form-data";
  const maxBytes = known === undefined ? { maxBytes: MAX_STRANGER_BYTES } : {};
  if (req.res) letInFiles(ctx, req.res, { max: MAX_MICROPUB_FILES, ...maxBytes });
  const form = await (isStrangersUpload ? strangers.run(() => readForm(req)) : readForm(req));
  const inBody = form.has("access_token") ? form.text("access_token") : undefined;
  // RFC 6750 (3.1) and the public test suite disagree on the words for this, so there are none.
  if (known !== undefined && inBody !== undefined) throw new HttpError(400, NO_WORDS);
  const grant = known ?? (await tokens.requireGrant(req, inBody));
  const fields = new Map(form.fields);
  fields.delete("access_token");
  await takeFiles(ctx, { form, grant, fields });
  return { grant, request: parseFormRequest(fields) };
}

type Sent = { readonly form: Form; readonly grant: MicropubGrant; readonly fields: Map<string, readonly string[]> };

/**
 * Stores the files of a multipart request and adds their addresses to the properties that they were sent as. Only a token
 * that may create posts may bring some. Where one is refused, those before it stay in the library.
 */
async function takeFiles(ctx: Context, { form, grant, fields }: Sent): Promise<void> {
  for (const property of ["photo", "video", "audio"]) {
    const files = [...form.files(property), ...form.files(`${property}[]`)];
    if (files.length > 0) requireScope(grant, "create", "draft");
    const addresses: string[] = [];
    for (const file of files) addresses.push(paths.media((await saveUpload(ctx, file)).name));
    if (addresses.length > 0) fields.set(property, [...(fields.get(property) ?? []), ...addresses]);
  }
}

// biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters
const answerFailure: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) next(error);
  else if (error instanceof AppError) sendAppError(res, error);
  else if (error instanceof HttpError && error.status < 500) sendHttpError(res, error);
  else next(error);
};

function sendAppError(res: Response, error: AppError): void {
  const [status, name] = FAILURES[error.code] ?? [400, "invalid_request"];
  if (error.retryAfterSeconds !== undefined) res.set("Retry-After", String(error.retryAfterSeconds));
  if (status === 401) res.set("WWW-Authenticate", name === "unauthorized" ? "Bearer" : `Bearer error="${name}"`);
  sendJson(res, status, { error: name, error_description: error.message });
}

function sendHttpError(res: Response, { status, message, headers }: HttpError): void {
  res.set(headers);
  if (message === NO_WORDS) res.set("Cache-Control", "no-store").status(status).end();
  else sendJson(res, status, { error: "invalid_request", error_description: message });
}

function sendJson(res: Response, status: number, body: object): void {
  res.set("Cache-Control", "no-store").status(status).json(body);
}
