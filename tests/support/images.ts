import { crc32 } from "node:zlib";
import type { Sharp } from "sharp";
import sharp from "sharp";

/** A picture in which every pixel differs from its neighbours, so that a turned or damaged one shows. */
export function picture(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let index = 0; index < pixels.length; index += 1) {
    const x = Math.floor(index / 3) % width;
    const y = Math.floor(index / 3 / width);
    pixels[index] = index % 3 === 0 ? (x * 255) / width : index % 3 === 1 ? (y * 255) / height : ((x ^ y) * 16) & 0xff;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** An animation: `frames` pictures, each of its own colour. */
export function animation(width: number, height: number, frames: number): Sharp {
  const pixels = Buffer.concat(
    Array.from({ length: frames }, (_, frame) => Buffer.alloc(width * height * 3, Math.round((frame * 255) / frames))),
  );
  return sharp(pixels, { raw: { width, height: height * frames, channels: 3, pageHeight: height } });
}

/** What a phone writes into a photo. */
export const EXIF = {
  IFD0: { Make: "SecretPhone", Model: "Camera 7", Software: "SecretOS", Copyright: "Secret Person" },
  IFD2: { UserComment: "secret comment" },
  IFD3: {
    GPSLatitudeRef: "N",
    GPSLatitude: "51/1 30/1 3230/100",
    GPSLongitudeRef: "W",
    GPSLongitude: "0/1 7/1 4366/100",
  },
};

/** The same in XMP. */
export const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  '<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="51,30.5N">SecretXmp</rdf:Description>' +
  "</rdf:RDF></x:xmpmeta>";

/** A chunk of a PNG with a right checksum. */
export function pngChunk(type: string, body: Buffer): Buffer {
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from(type, "latin1"), body, Buffer.alloc(4)]);
  chunk.writeUInt32BE(body.length, 0);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return chunk;
}

/** A few bytes that announce a PNG of any size. */
export function pngBomb(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([
    signature,
    pngChunk("IHDR", head),
    pngChunk("IDAT", Buffer.alloc(20)),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A GIF of so many frames of one pixel on a canvas of any size. */
export function tinyGif(frames: number, width = 1, height = 1): Buffer {
  const head = Buffer.from("GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff", "latin1");
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  const loop = Buffer.from("!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0", "latin1");
  const frame = Buffer.from("!\xf9\x04\0\x01\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0", "latin1");
  return Buffer.concat([head, loop, ...Array<Buffer>(frames).fill(frame), Buffer.from(";")]);
}

/** The same image with a comment in the way of its format. */
export function withComment(bytes: Buffer, type: "jpeg" | "png" | "gif"): Buffer {
  const text = Buffer.from("SecretComment");
  if (type === "png")
    return Buffer.concat([
      bytes.subarray(0, 33),
      pngChunk("tEXt", Buffer.concat([Buffer.from("Author\0"), text])),
      bytes.subarray(33),
    ]);
  if (type === "jpeg")
    return Buffer.concat([bytes.subarray(0, 2), Buffer.of(0xff, 0xfe, 0, text.length + 2), text, bytes.subarray(2)]);
  const comment = Buffer.concat([Buffer.of(0x21, 0xfe, text.length), text, Buffer.of(0)]);
  return Buffer.concat([bytes.subarray(0, -1), comment, bytes.subarray(-1)]);
}

/** A JPEG of so many pixels a side that is large enough to be made in other sizes. */
export function photo(side: number): Promise<Buffer> {
  return picture(side, side).jpeg({ quality: 95, chromaSubsampling: "4:4:4" }).toBuffer();
}
