import { AppError, invalid } from "./errors.ts";
import { renderPlainWords } from "./plain-words.ts";
import { renderInWorker } from "./render-pool.ts";
import type { RenderedContent, RenderRequest } from "./rendered-content.ts";
import { cleanText } from "./text.ts";
import { said } from "./words.ts";

export { type ImageChoice, type ImageVariants, placeImages } from "./place-images.ts";
export type { RenderedContent, RenderRequest } from "./rendered-content.ts";

/** Grows whenever the same content would render to other HTML, so that stored notes can be rendered again. */
export const RENDERER_VERSION = 2;

/** Longest content of a note, in bytes of UTF-8. */
export const MAX_CONTENT_BYTES = 256 * 1024;

/** Longest content that is rendered where it is asked for, in bytes; longer ones go to a worker. */
export const MAX_IMMEDIATE_BYTES = 8 * 1024;

/**
 * Renders content to HTML that is safe to print, with code highlighted, and to plain text.
 * Throws `invalid` for content over `MAX_CONTENT_BYTES`, and for such as takes a renderer more than half a second.
 */
export async function renderContent(request: RenderRequest): Promise<RenderedContent> {
  const content = cleanText(request.content);
  const sizeBytes = Buffer.byteLength(content);
  if (sizeBytes > MAX_CONTENT_BYTES) throw invalid("content", TOO_LONG);
  const words = request.format === "text" ? renderPlainWords(content) : undefined;
  if (words !== undefined) return words;
  if (sizeBytes > MAX_IMMEDIATE_BYTES) return renderInWorker({ ...request, content });
  loaded.renderer ??= import("./render.ts");
  const { renderNow } = await loaded.renderer;
  try {
    return renderNow({ ...request, content });
  } catch (error) {
    throw unrenderable(error);
  }
}

/** Kept, since the loader takes its time even for a module that is there. */
const loaded: { renderer?: Promise<typeof import("./render.ts")> } = {};

const TOO_LONG = said`A note can have at most 256 KB of text. Shorten it, or split it into several notes.`;
const TOO_COMPLEX = said`This text is nested too deeply to be rendered. Simplify its lists, quotations or tags.`;

/** Parsers answer hostile nesting with a full stack or an error of their own: that is the text's fault, not ours. */
function unrenderable(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError("invalid", TOO_COMPLEX, { field: "content", cause: error });
}
