import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { BusboyHeaders, BusboyInstance } from "@fastify/busboy";
import { Busboy } from "@fastify/busboy";
import { AppError } from "../lib/errors.ts";
import {
  brokenOff,
  inMegabytes,
  MAX_BODY_BYTES,
  refuseAnnounced,
  refuseCoded,
  tooLargeBody,
  whenBrokenOff,
} from "./body.ts";
import { HttpError } from "./http-error.ts";

/** Most bytes of one file in a form. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** Most files of one form. */
export const MAX_FORM_FILES = 20;

/** Most bytes of a form with files, its fields and boundaries included. They are held in memory. */
export const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;

/** A file as the client sent it: nothing about it is checked yet but its size. */
export type UploadedFile = {
  /** Its last part only; may be empty, and says nothing about what the file is. */
  readonly name: string;
  /** What the client claims. */
  readonly mediaType: string;
  readonly bytes: Buffer;
};

/** What a multipart form holds, in order. */
export type MultipartBody = { fields: [string, string][]; files: [string, UploadedFile][] };

/** How many files a form may carry, or that they are passed over, however many. */
export type FileLimit = { readonly max: number } | "dropped";

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

/** One form on its way in. `fail` ends it; the first failure counts. */
type Intake = {
  readonly body: MultipartBody;
  readonly limits: Limits;
  fieldBytes: number;
  readonly fail: (error: Error) => void;
};

/**
 * Reads a multipart form into memory. Throws HttpError 400 when it is cut short or is no multipart, `too_large` past a
 * limit. File inputs that were left empty are dropped.
 */
export function readMultipart(req: IncomingMessage, limits: Limits): Promise<MultipartBody> {
  const maxBytes = limits.files === "dropped" || limits.files.max > 0 ? MAX_UPLOAD_BYTES : MAX_BODY_BYTES;
  refuseCoded(req);
  refuseAnnounced(req, maxBytes);
  const parser = createParser(req, limits);

  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      req.unpipe(parser).resume();
      reject(error);
    };
    const intake: Intake = { body: { fields: [], files: [] }, limits, fieldBytes: 0, fail };
    takeFields(parser, intake);
    takeFiles(parser, intake);
    parser.on("error", (cause) => fail(brokenOff(cause)));
    parser.on("finish", () => resolve(intake.body));
    countBytes(req, () => fail(tooLargeBody(maxBytes)), maxBytes);
    whenBrokenOff(req, fail);
    req.pipe(parser);
  });
}

function createParser(req: IncomingMessage, { files, fieldsMax }: Limits): BusboyInstance {
  // One file more than may be, since a file input that was left empty comes as a file too.
  const filesMax = countOf(files) + 1;
  const parts = fieldsMax + filesMax;
  try {
    return new Busboy({
      headers: req.headers as BusboyHeaders,
      limits: { fieldSize: MAX_BODY_BYTES, fields: fieldsMax, files: filesMax, fileSize: MAX_FILE_BYTES, parts },
      isPartAFile: (_name, _type, fileName) => fileName !== undefined,
    });
  } catch (cause) {
    throw new HttpError(400, "The form cannot be read: its boundary is missing.", { cause });
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
    // Without its own listener the error of a file that is cut short would end the process.
    stream.on("error", (cause) => intake.fail(brokenOff(cause)));
    if (files === "dropped") return void stream.resume();

    stream.on("limit", () => intake.fail(tooLargeFile(fileName)));
    collect(stream, (bytes) => {
      // A file input in which nothing was chosen sends an empty file without a name.
      if (field === undefined || (fileName === "" && bytes.length === 0)) return;
      intake.body.files.push([field, { name: fileName, mediaType, bytes }]);
      if (intake.body.files.length > files.max) intake.fail(tooManyFiles(files.max));
    });
  });
  parser.on("filesLimit", () => intake.fail(tooManyFiles(countOf(files))));
}

function collect(stream: Readable, done: (bytes: Buffer) => void): void {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => done(Buffer.concat(chunks)));
}

function countOf(files: FileLimit): number {
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
  return new AppError("too_large", `The form has more than ${fieldsMax} fields. Send fewer at once.`);
}

function tooManyFiles(filesMax: number): AppError {
  const sentence = filesMax === 0 ? "This form takes no files." : `A form takes at most ${filesMax} files at once.`;
  return new AppError("too_large", sentence);
}

function tooLargeFile(name: string): AppError {
  const file = name === "" ? "A file" : `The file ${name.slice(0, 100)}`;
  return new AppError("too_large", `${file} is larger than ${inMegabytes(MAX_FILE_BYTES)}. Make it smaller first.`);
}
