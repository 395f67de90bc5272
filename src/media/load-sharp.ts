import type { SharpConstructor } from "sharp";

/** The decoders that may ever see a byte of a foreign file. SVG, PDF and the rest stay locked. */
const DECODERS = ["JpegBuffer", "PngBuffer", "NsgifBuffer", "WebpBuffer", "HeifBuffer"].map(
  (name) => `VipsForeignLoad${name}`,
);

/**
 * Loads the image library when the first image needs it: it is 20 MB that most starts never use. It keeps nothing in
 * memory between images, uses one thread for each, and decodes only the types that are taken: of HEIF it knows AVIF alone.
 */
export async function loadSharp(): Promise<SharpConstructor> {
  const { default: sharp } = await import("sharp");
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: DECODERS });
  return sharp;
}
