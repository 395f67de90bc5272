import { brotliCompressSync } from "node:zlib";

/** What a font says of itself, where it is not what most say. */
export type FontFacts = {
  readonly family?: string;
  readonly weight?: number;
  readonly isItalic?: boolean;
  /** Least and greatest weight of a variable font. */
  readonly range?: readonly [number, number];
};

/** Numbers of tables in the list that WOFF2 knows. */
const TAGS = { cmap: 0, head: 1, hhea: 2, hmtx: 3, maxp: 4, name: 5, "OS/2": 6, post: 7, glyf: 10, loca: 11, fvar: 47 };

/** A WOFF2 font that browsers take: every letter is a black square, twice as wide as high. */
export function squareFont(facts: FontFacts = {}): Buffer {
  const tables = fontTables(facts);
  const directory = Object.entries(tables).map(([tag, table]) => {
    // glyf and loca as they are: transform 3.
    const transform = tag === "glyf" || tag === "loca" ? 3 << 6 : 0;
    return Buffer.from([TAGS[tag as keyof typeof TAGS] | transform, ...base128(table.length)]);
  });
  const packed = brotliCompressSync(Buffer.concat(Object.values(tables)));
  const body = Buffer.concat([...directory, packed]);
  const padding = Buffer.alloc((4 - ((48 + body.length) % 4)) % 4);
  const header = Buffer.alloc(48);
  header.write("wOF2", "latin1");
  header.writeUInt32BE(0x00010000, 4);
  header.writeUInt32BE(48 + body.length + padding.length, 8);
  header.writeUInt16BE(directory.length, 12);
  const unpacked =
    12 + 16 * directory.length + sum(Object.values(tables).map(({ length }) => Math.ceil(length / 4) * 4));
  header.writeUInt32BE(unpacked, 16);
  header.writeUInt32BE(packed.length, 20);
  return Buffer.concat([header, body, padding]);
}

function fontTables({ family = "Squares", weight = 400, isItalic = false, range }: FontFacts): Record<string, Buffer> {
  const tables = {
    cmap: letters(),
    glyf: u16(1, 0, 0, 1900, 800, 3, 0, 0x0101, 0x0101, 0, 1900, 0, -1900, 0, 0, 800, 0),
    head: u16(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 3, 1000, ...zeros(8), 0, 0, 1900, 800, isItalic ? 2 : 0, 8, 2, 0, 0),
    hhea: u16(1, 0, 800, -200, 0, 2000, 0, 0, 1900, 1, 0, 0, ...zeros(4), 0, 2),
    hmtx: u16(500, 0, 2000, 0),
    loca: u16(0, 0, 17),
    maxp: u16(1, 0, 2, 4, 1, 0, 0, 1, ...zeros(8)),
    name: names(family),
    "OS/2": os2(weight, isItalic),
    post: u16(3, 0, ...zeros(14)),
  };
  if (range === undefined) return tables;
  const axis = Buffer.concat([Buffer.from("wght"), u16(range[0], 0, weight, 0, range[1], 0, 0, 256)]);
  return { ...tables, fvar: Buffer.concat([u16(1, 0, 16, 2, 1, 20, 0, 8), axis]) };
}

/** Every letter of ASCII is the second glyph. */
function letters(): Buffer {
  const glyphs = Array.from({ length: 95 }, () => 1);
  const format4 = [4, 32 + 190, 0, 4, 4, 1, 0, 0x7e, 0xffff, 0, 0x20, 0xffff, 0, 1, 4, 0, ...glyphs];
  return u16(0, 1, 3, 1, 0, 12, ...format4);
}

function names(family: string): Buffer {
  const text = Buffer.from(family, "utf16le").swap16();
  const ids = [1, 2, 4, 6, 16];
  const records = ids.flatMap((id) => [3, 1, 0x409, id, text.length, 0]);
  return Buffer.concat([u16(0, ids.length, 6 + 12 * ids.length, ...records), text]);
}

function os2(weight: number, isItalic: boolean): Buffer {
  const table = Buffer.alloc(96);
  for (const [value, at] of [
    [4, 0],
    [2000, 2],
    [weight, 4],
    [5, 6],
    [isItalic ? 1 : 64, 62],
    [0x20, 64],
    [0x7e, 66],
    [800, 68],
    [200, 72],
    [800, 74],
    [200, 76],
    [500, 86],
    [700, 88],
  ] as const)
    table.writeUInt16BE(value, at);
  return table;
}

function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value & 0xffff, 2 * index);
  return bytes;
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function base128(value: number): number[] {
  return value < 128 ? [value] : [128 | (value >> 7), value & 127];
}
