import type { Request, Response, Router } from "express";
import { requireScope } from "../../auth/scope.ts";
import type { Grant } from "../../auth/tokens.ts";
import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import type { MicropubGrant } from "../../micropub/execute.ts";
import { executeMicropub } from "../../micropub/execute.ts";
import { answerQuery } from "../../micropub/query.ts";
import type { MicropubRequest } from "../../micropub/request.ts";
import { parseFormRequest, parseJsonRequest } from "../../micropub/request.ts";
import { doerOf } from "../acting.ts";
import { sendAppJson } from "../app-json.ts";
import type { Form } from "../form.ts";
import { queryText, queryTexts } from "../input.ts";
import { isJson, readJson } from "../json-body.ts";
import type { MicropubDoor } from "../micropub-door.ts";
import { answerMicropubError } from "../micropub-error.ts";
import { createRouter } from "../router.ts";
import { saveUploads } from "../save-upload.ts";

/**
 * The Micropub endpoint: create by form, multipart and JSON, update, delete, undelete, and the queries.
 * @see https://www.w3.org/TR/micropub/
 */
export function micropubRoutes(ctx: Context, door: MicropubDoor): Router {
  const router = createRouter();

  router.get(paths.micropub(), async (req, res) => {
    const grant = await door.require(req);
    const properties = propertyNames(req);
    const parameter = (name: string) => queryText(req, name);
    sendAppJson(res, answerQuery(ctx, { q: parameter("q"), properties, parameter }, grant));
  });

  router.post(paths.micropub(), micropubPosts(ctx, door));
  router.use(paths.micropub(), answerMicropubError);
  return router;
}

/**
 * Answers what is posted to the endpoint. It asks a request and its answer for nothing that Node does not have, but their
 * `res` and `locals`. Rejects with what `answerMicropubError` answers.
 */
export function micropubPosts(ctx: Context, door: MicropubDoor): (req: Request, res: Response) => Promise<void> {
  return async (req, res) => {
    const { request, grant } = isJson(req) ? await readJsonRequest(req, door) : await readFormRequest(ctx, req, door);
    const idempotencyKey = headerText(req, "idempotency-key");
    const doer = doerOf(ctx, req, grant.clientId);
    const { clientId, grantId, scopes, writesMarkdown } = grant;
    const sender = { clientId, grantId, scopes, writesMarkdown, idempotencyKey, doer };
    const { status, location } = await executeMicropub(ctx, request, sender);
    res.setHeader("Cache-Control", "no-store");
    if (location !== undefined) res.setHeader("Location", location);
    res.statusCode = status; // And no writeHead, before which Node does not know that nothing follows.
    res.end();
  };
}

/** Node joins what is sent twice, but for a few names. */
function headerText(req: Request, name: string): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** `properties[]=` and `properties=` as the specification has them, and numbered as PHP writes a list. */
function propertyNames(req: Request): string[] {
  const names = Object.keys(req.query).filter((name) => /^properties(?:\[\d{0,3}\])?$/u.test(name));
  return names.flatMap((name) => queryTexts(req, name));
}

type Incoming = { readonly request: MicropubRequest; readonly grant: Grant };

async function readJsonRequest(req: Request, door: MicropubDoor): Promise<Incoming> {
  const grant = await door.require(req);
  return { grant, request: parseJsonRequest(await readJson(req)) };
}

async function readFormRequest(ctx: Context, req: Request, door: MicropubDoor): Promise<Incoming> {
  const { form, grant } = await door.readForm(req);
  const fields = new Map(form.fields);
  fields.delete("access_token");
  await takeFiles(ctx, { form, grant, fields });
  return { grant, request: parseFormRequest(fields) };
}

type Sent = { readonly form: Form; readonly grant: MicropubGrant; readonly fields: Map<string, readonly string[]> };

/**
 * Stores the files of a multipart request and adds their addresses to the properties that they were sent as. Only a token
 * that may create posts may bring some. Where one is refused, the others stay in the library.
 */
async function takeFiles(ctx: Context, { form, grant, fields }: Sent): Promise<void> {
  const sent = ["photo", "video", "audio"].flatMap((property) =>
    [...form.files(property), ...form.files(`${property}[]`)].map((file) => ({ property, file })),
  );
  if (sent.length === 0) return;
  requireScope(grant, "create", "draft");
  const { outcomes, refusal } = await saveUploads(
    ctx,
    sent.map(({ file }) => file),
  );
  if (refusal !== undefined) throw refusal;
  for (const [index, { property }] of sent.entries()) {
    const file = outcomes[index];
    if (file !== undefined && !(file instanceof AppError))
      fields.set(property, [...(fields.get(property) ?? []), paths.media(file.name)]);
  }
}
