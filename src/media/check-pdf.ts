import type { FileBytes, MediaFacts } from "./file-bytes.ts";
import { damagedFile } from "./file-type.ts";

/** How far from its end the end mark of a PDF may stand, in bytes. */
const TAIL_BYTES = 1024;

/** Makes sure that a PDF is whole. It is stored as it is: who made a document is a part of it. Throws `invalid`. */
export async function checkPdf(file: FileBytes): Promise<MediaFacts> {
  const head = (await file.read(0, 8)).toString("latin1");
  const tail = (await file.read(Math.max(0, file.size - TAIL_BYTES), TAIL_BYTES)).toString("latin1");
  if (!/^%PDF-[12]\.\d/u.test(head) || !/%%EOF\s*\0*\s*$/u.test(tail)) throw damagedFile("pdf");
  return { extension: "pdf", mediaType: "application/pdf" };
}
