// Another process that stores images, for tests of kills and full disks. It does what it is told by message.
import { join } from "node:path";
import sharp from "sharp";
import { loadConfig } from "../../src/config/config.ts";
import { Database } from "../../src/db/database.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createVariantMaker } from "../../src/media/make-variants.ts";
import { saveImage } from "../../src/media/save-image.ts";

/** What it can be asked for: to open a folder; to store a picture of random pixels, `side` wide and high; its variants. */
export type Request = { do: "open"; dir: string } | { do: "save"; side: number } | { do: "vary" };

/** What it answers. */
export type Answer = { readonly name?: string; readonly error?: { code: string; message: string } };

let ctx: Parameters<typeof saveImage>[0] | undefined;

process.on("message", (request: Request) => {
  answer(request).then(
    (name) => process.send?.({ name }),
    (error) => process.send?.({ error: { code: error.code, message: error.message } }),
  );
});
process.send?.("ready");

async function answer(request: Request): Promise<string | undefined> {
  if (request.do === "open") {
    const config = loadConfig({ DATA_DIR: request.dir });
    ctx = { config, clock: systemClock, db: Database.open({ file: join(request.dir, "starpunk.db"), readers: 1 }) };
    return undefined;
  }
  if (ctx === undefined) throw new Error("No folder is open");
  if (request.do === "vary") {
    const signal = new AbortController().signal;
    const { result } = await createVariantMaker({ ctx, signal, onMade: () => undefined }).run({ isLast: false });
    return result;
  }
  return (await saveImage(ctx, { bytes: await noise(request.side) })).name;
}

function noise(side: number): Promise<Buffer> {
  const pixels = Buffer.alloc(side * side * 3).map(() => Math.random() * 256);
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}
