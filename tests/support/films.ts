import { pageChecksum } from "../../src/media/clean-ogg.ts";
import { picture } from "./images.ts";

/** What stands in every file here, and may stand in none that is served. */
export const SECRET = "Secret+51.5000-000.1246/";

function box(type: string, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length, 0);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content]);
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}

const secret = Buffer.from(SECRET);

/** Where a phone writes the place and more into an MP4. */
export function phoneMetadata(): Buffer {
  return Buffer.concat([
    box("udta", box("\xa9xyz", Buffer.of(0, SECRET.length, 0x15, 0xc7), secret), box("loci", numbers(0), secret)),
    box("meta", numbers(0), secret),
    box("uuid", Buffer.alloc(16, 7), secret),
    box("free", secret),
  ]);
}

type Mp4Options = { width?: number; height?: number; handlers?: string[]; isTurned?: boolean; dataBytes?: number };

/** An MP4 of `handlers`, with what a phone writes into it everywhere. */
export function mp4(options: Mp4Options = {}): Buffer {
  const { width = 640, height = 360, handlers = ["vide", "soun"], isTurned = false, dataBytes = 64 } = options;
  const matrix = isTurned
    ? numbers(0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    : numbers(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
  const made = 0xe1234567;
  const tracks = handlers.map((handler, index) => {
    const [w, h] = handler === "vide" ? [width << 16, height << 16] : [0, 0];
    const head = box("tkhd", numbers(7, made, made, index + 1, 0, 1000, 0, 0, 0, 0), matrix, numbers(w ?? 0, h ?? 0));
    const media = box(
      "mdia",
      box("mdhd", numbers(0, made, made, 1000, 1000, 0)),
      box("hdlr", numbers(0, 0), Buffer.from(handler, "latin1"), numbers(0, 0, 0), Buffer.of(0)),
    );
    return box("trak", head, media, phoneMetadata());
  });
  return Buffer.concat([
    box("ftyp", Buffer.from("isom\0\0\x02\0isomiso2mp41")),
    box("moov", box("mvhd", numbers(0, made, made, 1000, 1000), Buffer.alloc(80)), ...tracks, phoneMetadata()),
    phoneMetadata(),
    box("mdat", Buffer.alloc(dataBytes, 0x55)),
  ]);
}

function element(id: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const idBytes = Buffer.from(id.toString(16), "hex");
  const length = Buffer.alloc(8);
  length.writeUIntBE(content.length, 2, 6);
  length[0] = 1;
  return Buffer.concat([idBytes, length, content]);
}

const ID = { info: 0x1549a966, tracks: 0x1654ae6b, cluster: 0x1f43b675, tags: 0x1254c367, files: 0x1941a469 };

type WebmOptions = { type?: string; hasPicture?: boolean; trackType?: number; isLive?: boolean };

/** A WebM with a title, a date, tags and an attachment; `isLive`: neither segment nor clusters say how long they are. */
export function webm({ type = "webm", hasPicture = true, trackType = 1, isLive = false }: WebmOptions = {}): Buffer {
  const size = element(0xe0, element(0xb0, Buffer.of(2, 0x80)), element(0xba, Buffer.of(1, 0x68)));
  const entry = hasPicture
    ? element(0xae, element(0x83, Buffer.of(trackType)), size)
    : element(0xae, element(0x83, Buffer.of(2)));
  const open = (id: number) =>
    Buffer.concat([Buffer.from(id.toString(16), "hex"), Buffer.from("01ffffffffffffff", "hex")]);
  const block = element(0xa3, Buffer.from("\x81\0\0\x80frame", "latin1"));
  const time = element(0xe7, Buffer.of(0));
  const cluster = isLive ? Buffer.concat([open(ID.cluster), time, block]) : element(ID.cluster, time, block);
  const parts = [
    element(
      ID.info,
      element(0x2ad7b1, Buffer.of(15, 0x42, 0x40)),
      element(0x7ba9, secret),
      element(0x4461, Buffer.alloc(8, 9)),
    ),
    element(ID.tracks, entry),
    cluster,
    element(ID.tags, secret),
    cluster,
    element(ID.files, Buffer.concat([secret, Buffer.alloc(300, 1)])),
  ];
  const head = element(0x1a45dfa3, element(0x4282, Buffer.from(type)));
  return Buffer.concat([head, ...(isLive ? [open(0x18538067), ...parts] : [element(0x18538067, ...parts)])]);
}

/** An MP3 of so many frames between tags of every kind. */
export function mp3(frames = 20): Buffer {
  const frame = Buffer.concat([Buffer.from("fffb9064", "hex"), Buffer.alloc(413, 0)]);
  const id3 = Buffer.concat([Buffer.from("ID3\x04\0\0\0\0\0"), Buffer.of(100), Buffer.alloc(100, SECRET)]);
  const ape = Buffer.concat([secret, Buffer.from("APETAGEX"), Buffer.alloc(24)]);
  ape.writeUInt32LE(secret.length + 32, secret.length + 12);
  const tag = Buffer.alloc(128);
  tag.write(`TAG${SECRET}`);
  return Buffer.concat([id3, ...Array<Buffer>(frames).fill(frame), ape, tag]);
}

function oggPage(options: { flags: number; sequence: number; lacing: number[]; content: Buffer }): Buffer {
  const head = Buffer.alloc(27);
  head.write("OggS", 0, "latin1");
  head.writeUInt8(options.flags, 5);
  head.writeUInt32LE(7, 14);
  head.writeUInt32LE(options.sequence, 18);
  head.writeUInt8(options.lacing.length, 26);
  const page = Buffer.concat([head, Buffer.from(options.lacing), options.content]);
  page.writeUInt32LE(pageChecksum(page), 22);
  return page;
}

/** An Ogg of Vorbis or Opus whose comments fill more than one page. */
export function ogg(codec: "vorbis" | "opus" = "opus"): Buffer {
  const [stream, comments] = codec === "opus" ? ["OpusHead\x01\x02", "OpusTags"] : ["\x01vorbis\0\0", "\x03vorbis"];
  const entry = Buffer.from(`LOCATION=${SECRET}${"x".repeat(600)}`);
  const length = (bytes: number) => {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(bytes);
    return number;
  };
  const list = [
    Buffer.from(comments, "latin1"),
    length(4),
    Buffer.from("make"),
    length(1),
    length(entry.length),
    entry,
  ];
  const packet = Buffer.concat([...list, ...(codec === "vorbis" ? [Buffer.of(1)] : [])]);
  const [first, rest] = [packet.subarray(0, 510), packet.subarray(510)];
  const head = Buffer.from(stream ?? "", "latin1");
  return Buffer.concat([
    oggPage({ flags: 2, sequence: 0, lacing: [head.length], content: head }),
    oggPage({ flags: 0, sequence: 1, lacing: [255, 255], content: first }),
    oggPage({ flags: 1, sequence: 2, lacing: [rest.length, 5], content: Buffer.concat([rest, Buffer.from("sound")]) }),
    oggPage({ flags: 4, sequence: 3, lacing: [5], content: Buffer.from("sound") }),
  ]);
}

/** A PDF of nothing. */
export function pdf(): Buffer {
  return Buffer.from("%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n");
}

/** An AVIF with EXIF and XMP that say the secret. */
export function avif(): Promise<Buffer> {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description dc="${SECRET}"/></rdf:RDF></x:xmpmeta>`;
  const exif = { IFD0: { Make: SECRET } };
  return picture(64, 40).withExif(exif).withXmp(xmp).avif({ effort: 0 }).toBuffer();
}
