/** A box of the family of MP4: type, where it begins, where its content does, and where it ends. */
export type Box = { readonly type: string; readonly start: number; readonly content: number; readonly end: number };

/** Length and type. */
export const BOX_HEAD_BYTES = 8;
/** The same where the length takes eight bytes more. */
export const LONG_BOX_HEAD_BYTES = 16;

/**
 * Reads the head of the box at `start`, of which `head` has the first bytes. A length of 0 goes up to `limit`. Undefined
 * where it is no box, or goes on past `limit`.
 * @see https://www.iso.org/standard/83102.html (ISO/IEC 14496-12, 4.2)
 */
export function readBox(head: Buffer, start: number, limit: number): Box | undefined {
  if (head.length < BOX_HEAD_BYTES) return undefined;
  const type = head.toString("latin1", 4, 8);
  const short = head.readUInt32BE(0);
  if (short === 1 && head.length < LONG_BOX_HEAD_BYTES) return undefined;
  const headBytes = short === 1 ? LONG_BOX_HEAD_BYTES : BOX_HEAD_BYTES;
  const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? limit - start : short;
  if (length < headBytes || start + length > limit) return undefined;
  return { type, start, content: start + headBytes, end: start + length };
}

/** The boxes one after the other between `start` and `end` of `bytes`; undefined where they do not fill it. */
export function listBoxes(bytes: Buffer, start: number, end: number): Box[] | undefined {
  const boxes: Box[] = [];
  for (let at = start; at < end; ) {
    const box = readBox(bytes.subarray(at, Math.min(at + LONG_BOX_HEAD_BYTES, end)), at, end);
    if (box === undefined) return undefined;
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** Makes a box one that means nothing, of the same length. */
export function freeBox(bytes: Buffer, box: Box): void {
  bytes.write("free", box.start + 4, "latin1");
  bytes.fill(0, box.content, box.end);
}
