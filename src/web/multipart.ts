import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { BusboyHeaders, BusboyInstance } from "@fastify/busboy";
import { Busboy } from "@fastify/busboy";
import { AppError } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { Stage, StagedFile, StageLimit } from "../media/stage.ts";
import { brokenOff, MAX_BODY_BYTES, refuseAnnounced, refuseCoded, tooLargeBody, whenBrokenOff } from "./body.ts";
import { HttpError } from "./http-error.ts";

/** Most files of one form: a day's photos. */
export const MAX_FORM_FILES = 50;

/** Most bytes of a form with files, its fields and boundaries included. Files go to the disk as they come. */
export const MAX_UPLOAD_BYTES = 1024 * 1024 * 1024;

/** A file as the client sent it, on the disk as long as the request lasts: nothing about it is checked yet but its size. */
export type UploadedFile = StagedFile & {
  /** Its last part only; may be empty, and says nothing about what the file is. */
  readonly name: string;
  /** What the client claims. */
  readonly mediaType: string;
  /** Why it was not kept: it is too large. */
  readonly problem?: AppError;
};

/** What a multipart form holds, in order. */
export type MultipartBody = { fields: [string, string][]; files: [string, UploadedFile][] };

/** Where the files of a form go, and what is too much. */
export type FileIntake = {
  readonly max: number;
  readonly stage: Stage;
  /** Of each file. */
  readonly limit: StageLimit;
  /** Of the whole form; MAX_UPLOAD_BYTES where nothing is said. */
  readonly maxBytes?: number | undefined;
};

/** What becomes of files in a form: they are taken, refused, or passed over, however many. */
export type FileLimit = FileIntake | "refused" | "dropped";

type Limits = { readonly files: FileLimit; readonly fieldsMax: number };

/** What the parser tells of a field. Other than its types say, a part may come without a name. */
type FieldEvent = [name: string | undefined, value: string, isNameCut: boolean, isValueCut: boolean];
type FileEvent = [
  field: string | undefined,
  stream: Readable,
  fileName: string | undefined,
  encoding: string,
  mediaType: string,
];

/** A file with the name of its field; undefined for one that was left empty. */
type Arrived = [string, UploadedFile] | undefined;

/** One form on its way in. `fail` ends it; the first failure counts. */
type Intake = {
  readonly body: MultipartBody;
  readonly limits: Limits;
  fieldBytes: number;
  /** Each file in its place. */
  readonly arriving: Promise<Arrived>[];
  readonly fail: (error: Error) => void;
};

/**
 * Reads a multipart form: its fields into memory, its files to the stage. Throws HttpError 400 when it is cut short or is no
 * multipart, `too_large` past a limit, `storage_full`. File inputs that were left empty are dropped; a file that is too large
 * comes with its problem, so that the rest of the form is not lost.
 */
export function readMultipart(req: IncomingMessage, limits: Limits): Promise<MultipartBody> {
  const maxBytes = maxFormBytes(limits.files);
  refuseCoded(req);
  refuseAnnounced(req, maxBytes);
  const parser = createParser(req, limits);

  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      req.unpipe(parser).resume();
      reject(error);
    };
    const intake: Intake = { body: { fields: [], files: [] }, limits, fieldBytes: 0, arriving: [], fail };
    takeFields(parser, intake);
    takeFiles(parser, intake);
    parser.on("error", (cause) => fail(brokenOff(cause)));
    parser.on("finish", () => finish(intake).then(resolve, fail));
    countBytes(req, () => fail(tooLargeBody(maxBytes)), maxBytes);
    whenBrokenOff(req, fail);
    req.pipe(parser);
  });
}

function maxFormBytes(files: FileLimit): number {
  if (files === "refused") return MAX_BODY_BYTES;
  return files === "dropped" ? MAX_UPLOAD_BYTES : (files.maxBytes ?? MAX_UPLOAD_BYTES);
}

async function finish({ body, arriving }: Intake): Promise<MultipartBody> {
  const files = await Promise.all(arriving);
  body.files.push(...files.filter((file) => file !== undefined));
  return body;
}

function createParser(req: IncomingMessage, { files, fieldsMax }: Limits): BusboyInstance {
  // One file more than may be, since a file input that was left empty comes as a file too.
  const filesMax = countOf(files) + 1;
  const parts = fieldsMax + filesMax;
  try {
    return new Busboy({
      headers: req.headers as BusboyHeaders,
      limits: { fieldSize: MAX_BODY_BYTES, fields: fieldsMax, files: filesMax, parts },
      isPartAFile: (_name, _type, fileName) => fileName !== undefined,
    });
  } catch (cause) {
    throw new HttpError(400, said`The form cannot be read: its boundary is missing.`, { cause });
  }
}

function takeFields(parser: BusboyInstance, intake: Intake): void {
  parser.on("field", (...field: FieldEvent) => {
    const [name, value, , valueTruncated] = field;
    intake.fieldBytes += Buffer.byteLength(name ?? "") + Buffer.byteLength(value);
    if (valueTruncated || intake.fieldBytes > MAX_BODY_BYTES) intake.fail(tooLargeBody(MAX_BODY_BYTES));
    else if (name !== undefined) intake.body.fields.push([name, value]);
  });
  const { fieldsMax } = intake.limits;
  const tooMany = () => intake.fail(tooManyFields(fieldsMax));
  parser.on("fieldsLimit", tooMany);
  parser.on("partsLimit", tooMany);
}

function takeFiles(parser: BusboyInstance, intake: Intake): void {
  const { files } = intake.limits;
  parser.on("file", (...file: FileEvent) => {
    const [field, stream, fileName = "", , mediaType] = file;
    // Without its own listener the error of a file that is cut short would end the process. One that is being written
    // says by itself what went wrong: it may be the disk.
    stream.on("error", (cause) => typeof files === "string" && intake.fail(brokenOff(cause)));
    if (files === "dropped") return void stream.resume();

    const arriving = takeFile(stream, { name: fileName, mediaType }, files).then((uploaded): Arrived => {
      return uploaded === undefined || field === undefined ? undefined : [field, uploaded];
    });
    // On this very promise: one that fails and that nobody waits for, since the form is given up, would end the process.
    arriving.catch(intake.fail);
    intake.arriving.push(arriving);
    void countFiles(intake);
  });
  parser.on("filesLimit", () => intake.fail(tooManyFiles(countOf(files))));
}

type FileName = { readonly name: string; readonly mediaType: string };

/** A file input in which nothing was chosen sends an empty file without a name: that is undefined. */
async function takeFile(
  stream: Readable,
  file: FileName,
  files: Exclude<FileLimit, "dropped">,
): Promise<UploadedFile | undefined> {
  if (files === "refused") {
    let isEmpty = file.name === "";
    for await (const _chunk of stream) isEmpty = false;
    if (isEmpty) return undefined;
    throw tooManyFiles(0);
  }
  return keepFile(stream, file, files);
}

async function keepFile(stream: Readable, file: FileName, files: FileIntake): Promise<UploadedFile | undefined> {
  try {
    const staged = await files.stage.write(stream, files.limit);
    return file.name === "" && staged.sizeBytes === 0 ? undefined : { ...file, ...staged };
  } catch (error) {
    if (!(error instanceof AppError)) throw isOfSystem(error) ? error : brokenOff(error);
    if (error.code !== "too_large") throw error;
    const problem = new AppError("too_large", said`${nameOf(file)}: ${error.said}`, { field: "image" });
    return { ...file, path: "", sizeBytes: 0, sourceHash: "", problem };
  }
}

/** Whether the machine failed, rather than the sender. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^E[A-Z0-9]+$/.test(String(error.code));
}

/** Refuses as soon as more came than may. */
async function countFiles({ arriving, limits, fail }: Intake): Promise<void> {
  const max = countOf(limits.files);
  if (arriving.length <= max) return;
  const came = await Promise.all(arriving).catch(() => []);
  if (came.filter((file) => file !== undefined).length > max) fail(tooManyFiles(max));
}

function countOf(files: FileLimit): number {
  if (files === "refused") return 0;
  return files === "dropped" ? MAX_FORM_FILES : files.max;
}

function countBytes(req: IncomingMessage, tooMany: () => void, maxBytes: number): void {
  let size = 0;
  req.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) tooMany();
  });
}

/** A `too_large` error for the number of fields. */
export function tooManyFields(fieldsMax: number): AppError {
  return new AppError("too_large", said`The form has more than ${fieldsMax} fields. Send fewer at once.`);
}

function tooManyFiles(filesMax: number): AppError {
  const sentence =
    filesMax === 0 ? said`This form takes no files.` : said`A form takes at most ${filesMax} files at once.`;
  return new AppError("too_large", sentence);
}

function nameOf({ name }: FileName): Words {
  return name === "" ? said`A file` : name.slice(0, 100);
}
