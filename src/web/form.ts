import type { Request, RequestHandler, Response } from "express";
import type { Context } from "../context/context.ts";
import { said } from "../lib/words.ts";
import { uploadLimit } from "../media/save-file.ts";
import { createStage, uploadsFolder } from "../media/stage.ts";
import { readSettings } from "../site/settings-store.ts";
import { bodyType, readBytes } from "./body.ts";
import { HttpError } from "./http-error.ts";
import type { FileIntake, FileLimit, MultipartBody, UploadedFile } from "./multipart.ts";
import { MAX_FORM_FILES, readMultipart, tooManyFields } from "./multipart.ts";

/** Most fields of a form, of either encoding. */
export const MAX_FORM_FIELDS = 1000;

/** A form as it was sent. Names are only keys of a map, so none of them can do harm. */
export type Form = {
  /** The first value of a field; empty when it was not sent. */
  text(name: string): string;
  /** All values of a field, in order. */
  texts(name: string): readonly string[];
  has(name: string): boolean;
  readonly hasFiles: boolean;
  /** Every field with its values, in the order of first mention. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** The first file of a field; undefined when none was chosen. */
  file(name: string): UploadedFile | undefined;
  files(name: string): readonly UploadedFile[];
};

/** How much the files of a form may be. */
export type FilesOptions = {
  readonly max?: number;
  /** Of the whole form. */
  readonly maxBytes?: number;
};

/**
 * Lets the forms behind it carry files; others refuse them, since a stranger's files would fill the disk. It stands behind
 * the check of rights.
 */
export function takesFiles(ctx: Pick<Context, "config" | "db">, options: FilesOptions = {}): RequestHandler {
  return (_req, res, next) => {
    letInFiles(ctx, res, options);
    next();
  };
}

/** Lets the form of this request carry files, which lie on the disk until it is answered. */
export function letInFiles(ctx: Pick<Context, "config" | "db">, res: Response, options: FilesOptions = {}): void {
  const { max = MAX_FORM_FILES, maxBytes } = options;
  const stage = res.locals.files?.stage ?? createStage(uploadsFolder(ctx.config));
  res.locals.files = { max, maxBytes, stage, limit: uploadLimit(readSettings(ctx.db)) };
}

/**
 * Reads the form in a body, urlencoded or multipart; asking again gives the same form. An empty body without a type is
 * an empty form. Throws HttpError 415 for other types, 400 for what is cut short, `too_large` past a limit.
 */
export function readForm(req: Request): Promise<Form> {
  const locals = req.res?.locals;
  const files = locals?.dropsFiles === true ? "dropped" : (locals?.files ?? "refused");
  const form = locals?.form ?? parseForm(req, files);
  if (locals) {
    if (locals.form === undefined && locals.files !== undefined) clearAfter(req, form, locals.files);
    locals.form = form;
  }
  return form;
}

/** How long the files of someone who went away before the answer are kept: they are still being stored, in milliseconds. */
const GRACE_MS = 60_000;

function clearAfter(req: Request, form: Promise<Form>, { stage }: FileIntake): void {
  const clear = () => void stage.clear().catch(() => undefined); // The next start sweeps what is left.
  form.catch(clear);
  // Nothing is said on the line while files are looked at, which may take minutes; the next request has its limits again.
  form.then(({ hasFiles }) => hasFiles && req.socket.setTimeout(0)).catch(() => undefined);
  req.res?.once("close", () => {
    if (req.res?.writableFinished === true) clear();
    else setTimeout(clear, GRACE_MS).unref();
  });
}

async function parseForm(req: Request, files: FileLimit): Promise<Form> {
  const type = bodyType(req);
  if (type === "multipart/form-data") return toForm(await readMultipart(req, { files, fieldsMax: MAX_FORM_FIELDS }));
  if (type !== "" && type !== "application/x-www-form-urlencoded") throw unknownType();

  const bytes = await readBytes(req);
  if (type === "" && bytes.length > 0) throw unknownType();
  return toForm({ fields: parseUrlencoded(bytes.toString()), files: [] });
}

function parseUrlencoded(text: string): [string, string][] {
  // Counted before anything is built, and an empty pair counts too.
  if (text.split("&", MAX_FORM_FIELDS + 1).length > MAX_FORM_FIELDS) throw tooManyFields(MAX_FORM_FIELDS);
  return [...new URLSearchParams(text)];
}

function toForm(body: MultipartBody): Form {
  const fields = group(body.fields);
  const files = group(body.files);
  return {
    text: (name) => fields.get(name)?.[0] ?? "",
    texts: (name) => fields.get(name) ?? [],
    has: (name) => fields.has(name),
    hasFiles: files.size > 0,
    fields,
    file: (name) => files.get(name)?.[0],
    files: (name) => files.get(name) ?? [],
  };
}

function group<Value>(pairs: readonly (readonly [string, Value])[]): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const [name, value] of pairs) {
    const values = groups.get(name);
    if (values) values.push(value);
    else groups.set(name, [value]);
  }
  return groups;
}

function unknownType(): HttpError {
  const types = "application/x-www-form-urlencoded, multipart/form-data";
  return new HttpError(415, said`This address takes forms: ${types}.`, { headers: { Accept: types } });
}
